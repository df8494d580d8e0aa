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
  /** Name of the rule, for errors and for readers of the CDK app. */
  readonly name: string;
  /** Destination of the connections. */
  readonly to: EgressTarget;
  /** Ports, 1 to 65535. At least one. */
  readonly ports: readonly number[];
  /** Protocol of the ports. @default TCP */
  readonly protocol?: "TCP" | "UDP";
}

/** Properties of `WorkloadEgressPolicy`. */
export interface WorkloadEgressPolicyProps {
  /** Namespace of the workload's pods. */
  readonly namespace: string;
  /** Labels of the workload's pods. At least one, so that the policy restricts no other pod of the namespace. */
  readonly podLabels: Readonly<Record<string, string>>;
  /** Vault that the pods connect to. */
  readonly vault: Pick<IVault, "namespace">;
  /** Name of the policy. @default vault-egress */
  readonly name?: string;
  /** DNS servers that the pods query. @default - pods labelled `k8s-app: kube-dns` in kube-system */
  readonly dns?: ClusterDns;
  /** Databases that the workload logs in to. @default - none */
  readonly databases?: readonly DatabaseEndpoint[];
  /** Further connections. @default - none: all other connections are denied */
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
 * Restricts the outgoing connections of one workload's pods to Vault, DNS, its databases and the rules that you list.
 * Incoming connections are not affected.
 *
 * Kubernetes denies all other outgoing connections of a pod as soon as one egress policy selects the pod. So the policy
 * selects labels that only the workload's pods have, and never a whole namespace.
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 * @throws ValidationError for no label, a database with an unknown location, a rule without a port, invalid ranges or
 * ranges that contain only instance metadata, and ports out of range
 */
export class WorkloadEgressPolicy extends LibraryConstruct {
  /** The NetworkPolicy resource. */
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
    // A rule without peers or ports allows all peers or ports.
    if (peers.length === 0) {
      throw new ValidationError(this, `ranges of ${name} must be one at least, got none`);
    }
    if (ports.length === 0)
      throw new ValidationError(this, `ports of ${name} must be one at least, got none`);
    for (const port of ports) requirePort(this, name, port);
    return { to: peers, ports: ports.map((port) => ({ port: String(port), protocol })) };
  }
}
