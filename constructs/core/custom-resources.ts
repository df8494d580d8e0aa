import { join } from "node:path";
import { Release } from "@cdktf/provider-helm/lib/release";
import { TerraformAsset, TerraformStack } from "cdktf";
import { type Construct, Dependable, type IConstruct } from "constructs";
import { LibraryConstruct } from "./library-construct";
import { Duration } from "./duration";
import { type Fields, anything, checkArguments, checkProps, list, object, record, text } from "./field";
import { construct, crds as CRDS, customResources, pairs } from "./fields";
import { renderHelmValues } from "./helm-values";
import { claimObject } from "./kubernetes-claims";
import { received } from "./received";
import { isLiteral } from "./tokens";
import { ValidationError } from "./validation-error";

/** An object of a kind that a custom resource definition (CRD) brought into the cluster. */
export interface CustomResource {
  /** API group and version, such as `cert-manager.io/v1`. */
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    /** @default - the release's, or none where the kind belongs to the cluster */
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: Readonly<Record<string, unknown>>;
}

const RESOURCE = object<CustomResource>(() => ({
  apiVersion: text.known(),
  kind: text.known(),
  metadata: object<CustomResource["metadata"]>(() => ({
    name: text,
    namespace: text.optional(),
    labels: pairs.optional(),
    annotations: pairs.optional(),
  })),
  spec: record(anything),
}));

/** CRDs that somebody vouches for, by the API groups that they define. */
export class CrdDeclaration {
  /** The cluster has them already. @param groups API groups, such as `cert-manager.io` */
  static groups(...groups: string[]): CrdDeclaration {
    checkArguments("CrdDeclaration.groups", { groups: [groups, list(text.known())] });
    return new CrdDeclaration(new Map(groups.map((group) => [group, undefined])));
  }

  /** A release of the same stack installs them, so that it has to come first. */
  static installedBy(release: IConstruct, ...groups: string[]): CrdDeclaration {
    checkArguments("CrdDeclaration.installedBy", {
      release: [release, construct],
      groups: [groups, list(text.known())],
    });
    return new CrdDeclaration(new Map(groups.map((group) => [group, release])));
  }

  private constructor(private readonly installers: ReadonlyMap<string, IConstruct | undefined>) {}

  /** Both declarations; where both name a group, the other one's counts. */
  and(other: CrdDeclaration): CrdDeclaration {
    checkArguments("CrdDeclaration.and", { other: [other, CRDS] });
    return new CrdDeclaration(new Map([...this.installers, ...other.installers]));
  }

  /**
   * What has to be there before an object of an API group.
   * @throws ValidationError when nobody vouches for the group: Helm would fail only when it is applied
   */
  installersOf(scope: Construct, kind: string, group: string): IConstruct[] {
    checkArguments("CrdDeclaration.installersOf", {
      scope: [scope, construct],
      kind: [kind, text.known()],
      group: [group, text.known()],
    });
    if (!this.installers.has(group)) {
      const declared = [...this.installers.keys()].sort().join(", ") || "none";
      throw new ValidationError(
        scope,
        `${kind} needs the CRDs of ${group}, which are not declared to exist, got declarations of ${declared}`,
      );
    }
    const installer = this.installers.get(group);
    return installer ? [installer] : [];
  }
}

/** What one release is asked to hold, by one or by several. */
export interface CustomResourcesContent {
  readonly resources: readonly CustomResource[];
  /** CRDs that exist. @default - none, so that every resource is refused */
  readonly crds?: CrdDeclaration;
}

export interface CustomResourcesProps extends Partial<CustomResourcesContent> {
  /** Namespace of the release, and of resources that name none. */
  readonly namespace: string;
  /** Name of the Helm release, at most 53 characters. @default - the construct's id in kebab case */
  readonly releaseName?: string;
}

const contentFields: Fields<CustomResourcesContent> = {
  resources: list(RESOURCE),
  crds: CRDS.optional(),
};

const PROPS = object<CustomResourcesProps>(() => ({
  ...contentFields,
  resources: contentFields.resources.optional(),
  namespace: text,
  releaseName: text.optional(),
}));

const CONTENT = object<CustomResourcesContent>(() => contentFields);

/** A folder that holds the chart and nothing else. */
const CHART = join(__dirname, "custom-resources", "chart");

/**
 * Custom resources as one Helm release of a small chart. Terraform's `kubernetes_manifest` would ask the cluster
 * for their CRDs when it plans, and so could plan nothing before the first deploy.
 *
 * Helm orders the resources of one release by kind and does not wait until their controllers are done with them:
 * what has to come later belongs to a release of its own.
 * @see https://github.com/hashicorp/terraform-provider-kubernetes/issues/1367
 * @throws ValidationError for a resource whose CRD is not declared, two resources of the same name, and a name that
 * Helm does not take
 */
export class CustomResources extends LibraryConstruct {
  readonly release: Release;
  private readonly namespace: string;
  private readonly resources: CustomResource[] = [];

  /**
   * Adds to a release that others share, or makes one. Each release costs a plan its rendering, and an apply its
   * history in the cluster.
   * @param shared - the release, where there is one already
   */
  static within(
    shared: CustomResources | undefined,
    scope: Construct,
    id: string,
    props: CustomResourcesProps & CustomResourcesContent,
  ): CustomResources {
    checkArguments("CustomResources.within", { shared: [shared, customResources.optional()] });
    if (!shared) return new CustomResources(scope, id, props);
    checkProps(shared, PROPS, props);
    const { resources, crds } = props;
    shared.add({ resources, crds });
    // What the scope depends on comes before the release, and what depends on the scope comes after it.
    const { dependencyRoots } = Dependable.of(scope);
    Dependable.implement(scope, { dependencyRoots: [...dependencyRoots, shared] });
    return shared;
  }

  constructor(scope: Construct, id: string, props: CustomResourcesProps) {
    super(scope, id);
    checkProps(this, PROPS, props);
    this.namespace = props.namespace;
    const releaseName = props.releaseName ?? kebabCase(id);
    if (isLiteral(releaseName) && !/^[a-z0-9]([a-z0-9-]{0,51}[a-z0-9])?$/.test(releaseName)) {
      throw new ValidationError(
        this,
        `releaseName must be at most 53 lower-case letters, digits and dashes, got ${received(releaseName)}`,
      );
    }
    claimObject(this, "Helm release", { namespace: props.namespace, name: releaseName });
    this.release = new Release(this, "Resource", {
      name: releaseName,
      namespace: props.namespace,
      chart: chartOf(this).path,
      // Half a change is worse than none: it is taken back, with what it added.
      atomic: true,
      cleanupOnFail: true,
      timeout: Duration.minutes(5).toSeconds(),
      // The chart's schema then speaks when it is planned.
      lint: true,
      maxHistory: 5,
      dependsOn: [],
    });
    this.node.addValidation({
      validate: () => (this.resources.length > 0 ? [] : ["resources must be one at least, got none"]),
    });
    const { resources = [], crds } = props;
    this.add({ resources, crds });
  }

  /** @throws ValidationError for a resource whose CRD is not declared, and for a name that another resource has */
  add(content: CustomResourcesContent): void {
    checkProps(this, CONTENT, content);
    this.node.addDependency(...this.installers(content));
    this.resources.push(...content.resources);
    this.requireOwnNames();
    this.release.values = [renderHelmValues({ resources: this.resources })];
  }

  private requireOwnNames(): void {
    const names = this.resources.map(
      ({ kind, metadata }) => `${kind} ${metadata.namespace ?? this.namespace}/${metadata.name}`,
    );
    const repeated = names.find((name, index) => names.indexOf(name) < index);
    if (repeated)
      throw new ValidationError(
        this,
        `resources must have names of their own, got ${received(repeated)} twice`,
      );
  }

  private installers({ resources, crds = CrdDeclaration.groups() }: CustomResourcesContent): IConstruct[] {
    return resources.flatMap(({ apiVersion, kind }) => {
      const [group, version] = apiVersion.split("/");
      if (!version) {
        throw new ValidationError(
          this,
          `apiVersion of ${kind} must have the group of a CRD, such as cert-manager.io/v1, got ${received(apiVersion)}`,
        );
      }
      return crds.installersOf(this, kind, group);
    });
  }
}

/** One copy of the chart for all releases of a stack. */
function chartOf(scope: IConstruct): TerraformAsset {
  const stack = TerraformStack.of(scope);
  const id = "CustomResourcesChart";
  return (stack.node.tryFindChild(id) as TerraformAsset) ?? new TerraformAsset(stack, id, { path: CHART });
}

function kebabCase(id: string): string {
  return id.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "-").toLowerCase();
}
