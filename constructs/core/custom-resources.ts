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
import { received, shownName } from "./received";
import { isLiteral } from "./tokens";
import { ValidationError } from "./validation-error";

/** Kubernetes object of a kind that a custom resource definition (CRD) defines. */
export interface CustomResource {
  /** API group and version, such as `cert-manager.io/v1`. */
  readonly apiVersion: string;
  /** Kind of the object, such as `ClusterIssuer`. */
  readonly kind: string;
  /** Metadata of the object. */
  readonly metadata: {
    /** Name of the object. */
    readonly name: string;
    /** Namespace of the object. @default - the namespace of the release, or none for a cluster-scoped kind */
    readonly namespace?: string;
    /** Labels of the object. @default - none */
    readonly labels?: Readonly<Record<string, string>>;
    /** Annotations of the object. @default - none */
    readonly annotations?: Readonly<Record<string, string>>;
  };
  /** Specification of the object, as its CRD defines it. */
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

/** CRDs that are declared to exist, by the API groups that they define. */
export class CrdDeclaration {
  /**
   * Declares CRDs that the cluster already has.
   * @param groups API groups, such as `cert-manager.io`
   */
  static groups(...groups: string[]): CrdDeclaration {
    checkArguments("CrdDeclaration.groups", { groups: [groups, list(text.known())] });
    return new CrdDeclaration(new Map(groups.map((group) => [group, undefined])));
  }

  /** Declares CRDs that a release of the same stack installs. Custom resources then depend on the release. */
  static installedBy(release: IConstruct, ...groups: string[]): CrdDeclaration {
    checkArguments("CrdDeclaration.installedBy", {
      release: [release, construct],
      groups: [groups, list(text.known())],
    });
    return new CrdDeclaration(new Map(groups.map((group) => [group, release])));
  }

  private constructor(private readonly installers: ReadonlyMap<string, IConstruct | undefined>) {}

  /** Returns both declarations together. If both contain a group, the other declaration takes precedence. */
  and(other: CrdDeclaration): CrdDeclaration {
    checkArguments("CrdDeclaration.and", { other: [other, CRDS] });
    return new CrdDeclaration(new Map([...this.installers, ...other.installers]));
  }

  /**
   * Returns the constructs on which objects of an API group must depend.
   * @throws ValidationError if the group is not declared: Helm would fail only during apply
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
        `${kind} needs the CRDs of ${shownName(group)}, which are not declared to exist, got declarations of ${declared}`,
      );
    }
    const installer = this.installers.get(group);
    return installer ? [installer] : [];
  }
}

/** Resources of a release, and the CRDs that they need. */
export interface CustomResourcesContent {
  /** Resources that the release installs. */
  readonly resources: readonly CustomResource[];
  /** CRDs that exist. @default - none: every resource is rejected */
  readonly crds?: CrdDeclaration;
}

/** Properties of `CustomResources`. */
export interface CustomResourcesProps extends Partial<CustomResourcesContent> {
  /** Namespace of the release, and of resources without a namespace. */
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

/** Folder that contains only the chart. */
const CHART = join(__dirname, "custom-resources", "chart");

/**
 * Custom resources as one Helm release of a small chart.
 *
 * Terraform's `kubernetes_manifest` needs the CRDs in the cluster during planning, so a plan before the first deploy
 * would fail.
 *
 * Helm orders the resources of one release by kind and does not wait for their controllers. Put resources that must
 * come later into a separate release.
 * @see https://github.com/hashicorp/terraform-provider-kubernetes/issues/1367
 * @throws ValidationError for a resource whose CRD is not declared, two resources of the same name, and an invalid
 * release name
 */
export class CustomResources extends LibraryConstruct {
  /** Helm release that installs the resources. */
  readonly release: Release;
  private readonly namespace: string;
  private readonly resources: CustomResource[] = [];

  /**
   * Adds resources to a shared release, or creates the release. Each separate release costs rendering time in a plan,
   * and history in the cluster in an apply.
   * @param shared the existing release, if there is one
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
    // Dependencies of the scope come before the release, and constructs that depend on the scope come after it.
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
      // Roll a failed change back, including the resources that it added: half a change is worse than none.
      atomic: true,
      cleanupOnFail: true,
      timeout: Duration.minutes(5).toSeconds(),
      // Reports violations of the chart's schema during planning.
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

  /**
   * Adds resources to the release.
   * @throws ValidationError for a resource whose CRD is not declared, and for a name that another resource has
   */
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

/** Returns the stack's copy of the chart, which all its releases share. */
function chartOf(scope: IConstruct): TerraformAsset {
  const stack = TerraformStack.of(scope);
  const id = "CustomResourcesChart";
  return (stack.node.tryFindChild(id) as TerraformAsset) ?? new TerraformAsset(stack, id, { path: CHART });
}

function kebabCase(id: string): string {
  return id.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "-").toLowerCase();
}
