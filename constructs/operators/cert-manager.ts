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

const NAME = "cert-manager";
const GROUPS = ["cert-manager.io", "acme.cert-manager.io"];

/**
 * cert-manager, which issues and renews certificates.
 * @see https://cert-manager.io/docs/installation/best-practice/
 * @throws ValidationError for a version that is not exact, and for a repository with an unsupported scheme
 */
export class CertManager extends Operator {
  /** References a cert-manager that the cluster already has. */
  static existing(): IOperator {
    return { namespace: NAME, crds: CrdDeclaration.groups(...GROUPS) };
  }

  constructor(scope: Construct, id: string, props: OperatorProps) {
    checkOperatorProps(scope, id, props);
    super(scope, id, props, {
      name: NAME,
      version: props.version.replace(/^v?/, "v"),
      repository: "https://charts.jetstack.io",
      groups: GROUPS,
      values: {
        ...(props.registryMirror && { imageRegistry: props.registryMirror }),
        // Deleting the CRDs would delete every certificate.
        crds: { enabled: true, keep: true },
        global: {
          // Not in kube-system, where it would need additional permissions.
          leaderElection: { namespace: NAME },
          // Otherwise every editor of a namespace could request a certificate for any name, including Vault's.
          rbac: { aggregateClusterRoles: false },
          imagePullSecrets: secretReferences(props.imagePullSecrets),
        },
        // Only the controller calls issuers outside the cluster.
        ...(props.proxy && { extraEnv: environmentVariables(props.proxy.environment()) }),
        ...component("250m", "512Mi"),
        webhook: component("250m", "256Mi"),
        cainjector: component("250m", "512Mi"),
        // Job that completes when the webhook answers. Helm waits for it.
        startupapicheck: { enabled: true, ...container("100m", "64Mi") },
      },
    });
  }
}

/** Two replicas of each component, so that a node can be drained. */
function component(cpu: string, memory: string) {
  return {
    replicaCount: 2,
    podDisruptionBudget: { enabled: true },
    ...container(cpu, memory),
  };
}

function container(cpu: string, memory: string) {
  return {
    resources: { requests: { cpu: "20m", memory: "64Mi" }, limits: { cpu, memory } },
    securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    containerSecurityContext: OPERATOR_CONTAINER,
  };
}
