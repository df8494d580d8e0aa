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

/** ServiceAccount of External Secrets. A `TokenRequestGrant` allows it to request tokens of other ServiceAccounts. */
const SERVICE_ACCOUNT = { namespace: NAME, name: NAME };

/** External Secrets, installed by this app or already in the cluster. */
export interface IExternalSecrets extends IOperator {
  /** ServiceAccount of the controller. */
  readonly serviceAccount: { readonly namespace: string; readonly name: string };
  /** Labels of the controller's pods. @default - unknown: the cluster already has External Secrets */
  readonly controllerLabels?: Readonly<Record<string, string>>;
}

/**
 * External Secrets, which syncs secrets from Vault to Kubernetes Secrets. Only stores and ExternalSecrets are enabled.
 * Features that write to Vault or to namespaces without an ExternalSecret are disabled.
 * @see https://external-secrets.io/latest/guides/security-best-practices/
 * @throws ValidationError for a version that is not exact, and for a repository with an unsupported scheme
 */
export class ExternalSecrets extends Operator implements IExternalSecrets {
  /** References an External Secrets that the cluster already has. */
  static existing(): IExternalSecrets {
    return {
      namespace: NAME,
      crds: CrdDeclaration.groups(...GROUPS),
      serviceAccount: SERVICE_ACCOUNT,
    };
  }

  /** ServiceAccount of the controller. */
  readonly serviceAccount = SERVICE_ACCOUNT;
  /** Labels of the controller's pods. */
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
          // With this permission, an attacker in the operator could act as every ServiceAccount of the cluster.
          serviceAccountTokenCreate: false,
          servicebindings: { create: false },
          // Otherwise every editor of a namespace could add a store and read its secrets.
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

/** Two replicas of each component, so that a node can be drained. */
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
