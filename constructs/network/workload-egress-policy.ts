import {
  NetworkPolicyV1,
  type NetworkPolicyV1SpecEgress,
} from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { checkProps, list, number, object, oneOf, text } from "../core/field";
import { having, pairs } from "../core/fields";
import { claimObject } from "../core/kubernetes-claims";
import { ValidationError } from "../core/validation-error";
import { ClusterDns } from "./cluster-dns";
import type { EgressTarget } from "./egress-target";
import { databaseEndpoint, dns as DNS, vaultNamespace } from "../server/fields";
import type { DatabaseEndpoint } from "./network-policies";
import { allow, databaseRule, requirePort, vaultPeer } from "./network-peers";
import { API_PORT } from "../server/ports";
import type { IVault } from "../server/vault";

/** Connections that a workload opens besides those to Vault, DNS and its databases. */
export interface EgressRule {
  /** For errors and for those who read the program. */
  readonly name: string;
  readonly to: EgressTarget;
  /** Ports, 1 to 65535; one at least. */
  readonly ports: readonly number[];
  /** @default TCP */
  readonly protocol?: "TCP" | "UDP";
}

export interface WorkloadEgressPolicyProps {
  /** Namespace of the workload's pods. */
  readonly namespace: string;
  /** Labels of the workload's pods; one at least, so that no other pod of the namespace is restricted. */
  readonly podLabels: Readonly<Record<string, string>>;
  readonly vault: Pick<IVault, "namespace">;
  /** Name of the policy. @default vault-egress */
  readonly name?: string;
  /** DNS servers that the pods ask. @default - pods labelled `k8s-app: kube-dns` in kube-system */
  readonly dns?: ClusterDns;
  /** Databases that the workload logs in to. @default - none */
  readonly databases?: readonly DatabaseEndpoint[];
  /** Further connections. @default - none: everything else is refused */
  readonly egress?: readonly EgressRule[];
}

const EGRESS = object<EgressRule>(() => ({
  name: text.known(),
  to: having<EgressTarget>("an EgressTarget, such as EgressTarget.internet()", "peers"),
  ports: list(number).known(),
  protocol: oneOf("TCP", "UDP").optional(),
}));

const PROPS = object<WorkloadEgressPolicyProps>(() => ({
  namespace: text,
  podLabels: pairs,
  vault: vaultNamespace,
  name: text.optional(),
  dns: DNS.optional(),
  databases: list(databaseEndpoint).optional(),
  egress: list(EGRESS).optional(),
}));

/**
 * Restricts the connections that the pods of one workload open to Vault, DNS, its databases and what you list.
 * Connections to the pods are not touched.
 *
 * Kubernetes refuses a pod all other connections as soon as one policy of this kind selects it. So the policy selects
 * by labels that only the workload's pods have, and never a whole namespace.
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 * @throws ValidationError for no label, a database of which nothing tells where it is, a rule without a port, ranges
 * that are none or that lead to instance metadata only, and ports out of range
 */
export class WorkloadEgressPolicy extends LibraryConstruct {
  readonly policy: NetworkPolicyV1;

  constructor(scope: Construct, id: string, props: WorkloadEgressPolicyProps) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { namespace, podLabels, vault, dns = ClusterDns.pods(), databases = [], egress = [] } = props;
    if (Object.keys(podLabels).length === 0) {
      throw new ValidationError(
        this,
        "podLabels must be one label at least, because the policy would cut the connections of all pods of the namespace, got none",
      );
    }
    for (const { name, port, targetPort = port } of databases) {
      for (const it of [port, targetPort]) requirePort(this, `database ${name}`, it);
    }
    const metadata = { name: props.name ?? "vault-egress", namespace };
    claimObject(this, "NetworkPolicy", metadata);
    this.policy = new NetworkPolicyV1(this, "Resource", {
      metadata,
      spec: {
        podSelector: { matchLabels: { ...podLabels } },
        policyTypes: ["Egress"],
        egress: [
          allow([vaultPeer(vault.namespace)], API_PORT),
          ...dns.egress(this),
          ...databases.map((database) => databaseRule(this, database)),
          ...egress.map((rule) => this.rule(rule)),
        ],
      },
    });
  }

  private rule({ name, to, ports, protocol = "TCP" }: EgressRule): NetworkPolicyV1SpecEgress {
    const peers = to.peers(this, name);
    // Without peers or ports a rule allows all of them.
    if (peers.length === 0) {
      throw new ValidationError(this, `ranges of ${name} must be one at least, got none`);
    }
    if (ports.length === 0)
      throw new ValidationError(this, `ports of ${name} must be one at least, got none`);
    for (const port of ports) requirePort(this, name, port);
    return { to: peers, ports: ports.map((port) => ({ port: String(port), protocol })) };
  }
}
