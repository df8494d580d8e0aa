import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { Release } from "@cdktf/provider-helm/lib/release";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { chartArguments } from "../core/chart-source";
import { CrdDeclaration } from "../core/custom-resources";
import { Duration } from "../core/duration";
import { anyText, anything, checkProps, object, record, text } from "../core/field";
import { renderHelmValues } from "../core/helm-values";
import { claimObject } from "../core/kubernetes-claims";
import { mergeValues } from "../server/chart-values";
import { podOptionFields } from "../server/fields";
import type { PodOptions } from "../core/pod-options";

/** An operator that is there, whoever has installed it. */
export interface IOperator {
  readonly namespace: string;
  /** The CRDs that come with it; what uses them comes after it. */
  readonly crds: CrdDeclaration;
  /**
   * Namespace of an operator that this app installs. What you put into the namespace can depend on it alone and need not
   * wait for the operator.
   * @default - none: the operator exists
   */
  readonly namespaceResource?: NamespaceV1;
}

export interface OperatorProps extends PodOptions {
  /** Exact version of the chart, such as `1.21.1`. */
  readonly version: string;
  /** Where the chart is: https://, oci:// or a folder. @default - the operator's own repository */
  readonly repository?: string;
  /** Registry that holds copies of the images, such as `registry.example.com/mirror`. @default - the public ones */
  readonly registryMirror?: string;
  /** Any values of the chart, merged last and not checked. @default - none */
  readonly helmValues?: Readonly<Record<string, unknown>>;
}

const PROPS = object<OperatorProps>(() => ({
  ...podOptionFields,
  version: text,
  repository: anyText.known().optional(),
  registryMirror: text.optional(),
  helmValues: record(anything).optional(),
}));

/** @throws ValidationError as `Operator` does, for props that its chart is read from before it is there */
export function checkOperatorProps(scope: Construct, id: string, props: OperatorProps): void {
  checkProps(`${scope.node.path}/${id}`, PROPS, props);
}

/** What an operator's class knows of its chart. */
export interface OperatorChart {
  /** Name of chart, release and namespace. */
  readonly name: string;
  /** As the repository spells it. */
  readonly version: string;
  readonly repository: string;
  /** API groups of its CRDs. */
  readonly groups: readonly string[];
  readonly values: Readonly<Record<string, unknown>>;
}

/** Pods that Pod Security `restricted` admits, with a root filesystem that nobody writes to. */
export const OPERATOR_CONTAINER = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  readOnlyRootFilesystem: true,
};

/** An operator by its own chart, in a namespace of its own. Helm waits until it answers. */
export abstract class Operator extends LibraryConstruct implements IOperator {
  readonly namespace: string;
  readonly crds: CrdDeclaration;
  readonly release: Release;
  readonly namespaceResource: NamespaceV1;

  protected constructor(scope: Construct, id: string, props: OperatorProps, chart: OperatorChart) {
    super(scope, id);
    const { name, version, groups } = chart;
    this.namespace = name;
    claimObject(this, "Namespace", { name });
    this.namespaceResource = new NamespaceV1(this, "Namespace", {
      metadata: { name, labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
    });
    claimObject(this, "Helm release", { namespace: name, name });
    this.release = new Release(this, "Resource", {
      name,
      namespace: name,
      ...chartArguments(this, name, { repository: props.repository ?? chart.repository, version }),
      values: [renderHelmValues(mergeValues(chart.values, props.helmValues))],
      // Its webhook has to answer before the first custom resource.
      wait: true,
      atomic: true,
      cleanupOnFail: true,
      timeout: Duration.minutes(10).toSeconds(),
      maxHistory: 5,
      dependsOn: [this.namespaceResource],
    });
    this.crds = CrdDeclaration.installedBy(this.release, ...groups);
  }
}
