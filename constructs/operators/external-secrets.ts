import type { Construct } from "constructs";
import { CrdDeclaration } from "../core/custom-resources";
import {
  type IOperator,
  OPERATOR_CONTAINER,
  Operator,
  type OperatorProps,
  checkOperatorProps,
} from "./operator";
import { environmentVariables, secretReferences } from "../core/pod-options";

const NAME = "external-secrets";
const GROUPS = ["external-secrets.io", "generators.external-secrets.io"];

/** Whom External Secrets acts as; it may request tokens of others where a `TokenRequestGrant` says so. */
const SERVICE_ACCOUNT = { namespace: NAME, name: NAME };

/** External Secrets, installed or not. */
export interface IExternalSecrets extends IOperator {
  /** ServiceAccount of the controller. */
  readonly serviceAccount: { readonly namespace: string; readonly name: string };
  /** Labels of the controller's pods. @default - not known: somebody else has installed it */
  readonly controllerLabels?: Readonly<Record<string, string>>;
}

/**
 * External Secrets, which keeps Kubernetes Secrets equal to Vault: stores and ExternalSecrets alone, nothing that
 * writes back or into namespaces that did not ask.
 * @see https://external-secrets.io/latest/guides/security-best-practices/
 * @throws ValidationError for a version that is not exact and a repository of another scheme
 */
export class ExternalSecrets extends Operator implements IExternalSecrets {
  /** The cluster has it already. */
  static existing(): IExternalSecrets {
    return {
      namespace: NAME,
      crds: CrdDeclaration.groups(...GROUPS),
      serviceAccount: SERVICE_ACCOUNT,
    };
  }

  readonly serviceAccount = SERVICE_ACCOUNT;
  readonly controllerLabels = { "app.kubernetes.io/name": NAME };

  constructor(scope: Construct, id: string, props: OperatorProps) {
    checkOperatorProps(scope, id, props);
    const image = props.registryMirror && {
      image: { repository: `${props.registryMirror}/external-secrets/external-secrets` },
    };
    const pullSecrets = secretReferences(props.imagePullSecrets);
    super(scope, id, props, {
      name: NAME,
      version: props.version,
      repository: "https://charts.external-secrets.io",
      groups: GROUPS,
      values: {
        ...deployment("500m", "512Mi"),
        ...image,
        ...(pullSecrets && { global: { imagePullSecrets: pullSecrets } }),
        ...(props.proxy && { extraEnv: environmentVariables(props.proxy.environment()) }),
        installCRDs: true,
        crds: {
          createClusterExternalSecret: false,
          createClusterGenerator: false,
          createClusterPushSecret: false,
          createPushSecret: false,
          unsafeServeV1Beta1: false,
        },
        processClusterExternalSecret: false,
        processClusterGenerator: false,
        processClusterPushSecret: false,
        processPushSecret: false,
        leaderElect: true,
        rbac: {
          // With it, whoever takes over the operator is every ServiceAccount of the cluster.
          serviceAccountTokenCreate: false,
          servicebindings: { create: false },
          // Whoever may edit a namespace could otherwise add a store and read what it reads.
          aggregateToEdit: false,
          aggregateToAdmin: false,
        },
        serviceMonitor: { enabled: false },
        webhook: { create: true, failurePolicy: "Fail", ...deployment("250m", "256Mi"), ...image },
        certController: { create: true, ...deployment("250m", "256Mi"), ...image },
      },
    });
  }
}

/** Two of each, so that a node can be drained. */
function deployment(cpu: string, memory: string) {
  return {
    replicaCount: 2,
    podDisruptionBudget: { enabled: true },
    resources: { requests: { cpu: "20m", memory: "64Mi" }, limits: { cpu, memory } },
    securityContext: {
      ...OPERATOR_CONTAINER,
      enabled: true,
      runAsNonRoot: true,
      runAsUser: 1000,
      seccompProfile: { type: "RuntimeDefault" },
    },
  };
}
