import { NetworkPolicyV1 } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { DNS, podPeer } from "./network-peers";
import { API_PORT } from "./ports";
import type { IVault } from "./vault";

export interface VaultEgressPolicyProps {
  /** Namespace of the pods that talk to Vault. */
  readonly namespace: string;
  readonly vault: Pick<IVault, "namespace">;
  /** Labels of those pods. @default - all pods of the namespace */
  readonly podLabels?: Readonly<Record<string, string>>;
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Lets pods of a workload's namespace reach Vault and DNS, where that namespace denies what is not allowed.
 *
 * Kubernetes denies a pod everything else as soon as one policy of this kind selects it: it is not for pods whose
 * other connections no policy lists.
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export class VaultEgressPolicy extends Construct {
  readonly policy: NetworkPolicyV1;

  constructor(scope: Construct, id: string, props: VaultEgressPolicyProps) {
    super(scope, id);
    const servers = podPeer(props.vault.namespace, {
      "app.kubernetes.io/name": "vault",
      component: "server",
    });
    this.policy = new NetworkPolicyV1(this, "Resource", {
      metadata: { name: "vault-egress", namespace: props.namespace },
      spec: {
        podSelector: { matchLabels: props.podLabels ?? {} },
        policyTypes: ["Egress"],
        egress: [{ to: [servers], ports: [{ port: String(API_PORT), protocol: "TCP" }] }, DNS],
      },
      dependsOn: props.dependsOn,
    });
  }
}
