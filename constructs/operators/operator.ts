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

/** Operator in the cluster, installed by this app or already there. */
export interface IOperator {
  /** Namespace of the operator. */
  readonly namespace: string;
  /** CRDs of the operator. Custom resources depend on them. */
  readonly crds: CrdDeclaration;
  /**
   * Namespace of an operator that this app installs. Objects in the namespace can depend on it alone and need not wait
   * for the operator.
   * @default - none: the operator already exists
   */
  readonly namespaceResource?: NamespaceV1;
}

/** Properties of an operator. */
export interface OperatorProps extends PodOptions {
  /** Exact version of the chart, such as `1.21.1`. */
  readonly version: string;
  /** Location of the chart: https://, oci:// or a folder. @default - the operator's public repository */
  readonly repository?: string;
  /** Registry with copies of the images, such as `registry.example.com/mirror`. @default - the public registries */
  readonly registryMirror?: string;
  /** Arbitrary chart values, merged last and not validated. @default - none */
  readonly helmValues?: Readonly<Record<string, unknown>>;
}

const PROPS = object<OperatorProps>(() => ({
  ...podOptionFields,
  version: text,
  repository: anyText.known().optional(),
  registryMirror: text.optional(),
  helmValues: record(anything).optional(),
}));

/**
 * Validates the props before the subclass derives the values of its chart from them.
 * @throws ValidationError as `Operator` does
 */
export function checkOperatorProps(scope: Construct, id: string, props: OperatorProps): void {
  checkProps(`${scope.node.path}/${id}`, PROPS, props);
}

/** Chart of an operator, as its class defines it. */
export interface OperatorChart {
  /** Name of the chart, the release and the namespace. */
  readonly name: string;
  /** Version in the spelling of the repository. */
  readonly version: string;
  /** Public repository of the chart. */
  readonly repository: string;
  /** API groups of the CRDs. */
  readonly groups: readonly string[];
  /** Chart values that the class sets. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** Container security context that Pod Security `restricted` admits, with a read-only root filesystem. */
export const OPERATOR_CONTAINER = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  readOnlyRootFilesystem: true,
};

/** Operator that is installed with its Helm chart, in a separate namespace. Helm waits until the operator is ready. */
export abstract class Operator extends LibraryConstruct implements IOperator {
  /** Namespace of the operator. */
  readonly namespace: string;
  /** CRDs of the operator. Custom resources depend on them. */
  readonly crds: CrdDeclaration;
  /** The Helm release. */
  readonly release: Release;
  /** Namespace resource of the operator. */
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
      // The webhook must answer before the first custom resource is created.
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
