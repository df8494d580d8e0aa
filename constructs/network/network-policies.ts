import {
  NetworkPolicyV1,
  type NetworkPolicyV1SpecEgress,
  type NetworkPolicyV1SpecIngress,
} from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { checkProps, flag, list, number, object, text } from "../core/field";
import { pairs, proxy as PROXY } from "../core/fields";
import { claimObject } from "../core/kubernetes-claims";
import type { OutboundProxy } from "../core/outbound-proxy";
import { ValidationError } from "../core/validation-error";
import { ClusterDns } from "./cluster-dns";
import { databaseEndpoint, dns as DNS, externalEndpoint, ranges as RANGES } from "../server/fields";
import { COMPONENT_LABEL, type Component, VAULT_CLIENT_LABEL } from "./labels";
import {
  type Destination,
  type Peer,
  allow,
  databaseRule,
  destinationPeers,
  internetRule,
  namespacePeer,
  podPeer,
  rangePeers,
  requirePort,
  tcp,
} from "./network-peers";
import { API_PORT, CLUSTER_PORT, METRICS_PORT } from "../server/ports";

/** The port of the injector's pods; their Service translates 443 to it. */
const WEBHOOK_PORT = 8080;

/** Port of the Service `kubernetes`, in every cluster. */
const API_SERVICE_PORT = 443;

/** A database in which Vault creates users: a Service of the cluster, or any host with `ranges`. */
export interface DatabaseEndpoint extends Destination {
  readonly name: string;
}

/** What Vault's servers call besides AWS and databases: a SIEM, an identity provider. */
export interface ExternalEndpoint extends Omit<Destination, "host"> {
  readonly name: string;
  /** @default - anywhere on the internet, unless `ranges` are given */
  readonly host?: string;
}

/** Pods that reach Vault by labels of their own. */
export interface ClientPods {
  readonly namespace: string;
  readonly podLabels: Readonly<Record<string, string>>;
}

export interface NetworkPoliciesProps {
  /** Vault's namespace. */
  readonly namespace: string;
  /** Name of Vault's Helm release. @default vault */
  readonly releaseName?: string;
  /** Ranges of the control plane: the API server is reached there, and calls the injector's webhook from there. */
  readonly controlPlane: readonly string[];
  /**
   * Port of the API server in those ranges, which is that of the endpoints of the Service `kubernetes`.
   * @default - 443, which EKS has; clusters of kubeadm have 6443
   */
  readonly apiServerPort?: number;
  /**
   * Further ranges at which pods reach the API server, at its port and at the Service's 443. Where packets are judged
   * before a Service is translated (Amazon VPC CNI), the address of the Service `kubernetes` belongs here.
   * @default - none
   */
  readonly apiServer?: readonly string[];
  /** DNS servers that pods ask. @default - pods labelled `k8s-app: kube-dns` in kube-system */
  readonly dns?: ClusterDns;
  /**
   * Lets all pods of namespaces labelled `vault-platform/client: "true"` reach Vault, and not only those that have
   * the label themselves. For the time in which older pods are replaced; the rule `network-policy-clients` reports it.
   * @default false
   */
  readonly unsafeAllowUnlabelledClients?: boolean;
  /** Namespaces whose pods all reach Vault, without any label. @default - none */
  readonly clientNamespaces?: readonly string[];
  /** Pods that reach Vault by labels of their own, such as an operator's. @default - none */
  readonly clientPods?: readonly ClientPods[];
  /** Ranges from which Vault is reached from outside, such as a load balancer's. @default - none */
  readonly clientRanges?: readonly string[];
  /** Namespace whose Prometheus reads Vault's metrics. @default monitoring */
  readonly monitoringNamespace?: string;
  /**
   * Ranges of the endpoints of KMS, STS, S3 and Secrets Manager.
   * @default - none: port 443 of the internet without private networks
   */
  readonly vpcEndpoints?: readonly string[];
  /**
   * Proxy through which pods reach what is anywhere on the internet: AWS without `vpcEndpoints`, and external endpoints
   * without ranges. @default - none: they connect to the internet
   */
  readonly proxy?: OutboundProxy;
  /** Hosts of the endpoints of KMS, STS, S3 and Secrets Manager, some of which the proxy's `noProxy` may name. @default - none */
  readonly awsHosts?: readonly string[];
  /** @default - none */
  readonly databases?: readonly DatabaseEndpoint[];
  /** @default - none */
  readonly externalEndpoints?: readonly ExternalEndpoint[];
}

const CLIENT_PODS = object<ClientPods>(() => ({ namespace: text, podLabels: pairs }));

const PROPS = object<NetworkPoliciesProps>(() => ({
  namespace: text,
  releaseName: text.optional(),
  controlPlane: RANGES,
  apiServerPort: number.optional(),
  apiServer: RANGES.optional(),
  dns: DNS.optional(),
  unsafeAllowUnlabelledClients: flag.optional(),
  clientNamespaces: list(text).known().optional(),
  clientPods: list(CLIENT_PODS).optional(),
  clientRanges: RANGES.optional(),
  monitoringNamespace: text.optional(),
  vpcEndpoints: RANGES.optional(),
  proxy: PROXY.optional(),
  awsHosts: list(text.known()).known().optional(),
  databases: list(databaseEndpoint).optional(),
  externalEndpoints: list(externalEndpoint).optional(),
}));

/** Jobs that talk to Vault. The drill is not among them: what it restores must not touch the original. */
const CLIENT_JOBS: readonly Component[] = ["bootstrap", "backup", "restore", "rollout"];

/**
 * Who talks to whom in Vault's namespace. Nothing does that is not listed here, and nothing reaches instance
 * metadata: a pod whose own role fails would silently act as its node.
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 * @throws ValidationError for ranges that are none or that lead to instance metadata only, a control plane without
 * ranges, ports out of range, and a host of which nothing tells where it is
 */
export class NetworkPolicies extends LibraryConstruct {
  /** All policies, for what has to start behind them. */
  readonly policies: readonly NetworkPolicyV1[];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: NetworkPoliciesProps,
  ) {
    super(scope, id);
    checkProps(this, PROPS, props);
    this.validate();
    const { server, injector } = this.selectors();
    const dns = (props.dns ?? ClusterDns.pods()).egress(this);
    const apiServer = this.apiServer();
    const aws = this.aws();
    const vault = allow([{ podSelector: { matchLabels: server } }], API_PORT);
    this.policies = [
      this.add("Resource", "deny-all", {}, [], []),
      this.add("Server", "server", server, this.serverIngress(server), [
        ...dns,
        ...apiServer,
        ...aws,
        ...this.databases(),
        ...this.externalEndpoints(),
        allow([{ podSelector: { matchLabels: server } }], API_PORT, CLUSTER_PORT),
      ]),
      this.add(
        "Injector",
        "injector",
        injector,
        [from(rangePeers(this, "controlPlane", props.controlPlane), WEBHOOK_PORT)],
        [...dns, ...apiServer],
      ),
      this.addJob("bootstrap", [...dns, ...apiServer, ...aws, vault]),
      this.addJob("backup", [...dns, ...aws, vault]),
      this.addJob("drill", [...dns, ...apiServer, ...aws]),
      this.addJob("restore", [...dns, ...aws, vault]),
      this.addJob("rollout", [...dns, ...apiServer, vault]),
    ];
  }

  private validate(): void {
    const { controlPlane, apiServerPort, databases = [], externalEndpoints = [] } = this.props;
    if (controlPlane.length === 0) {
      throw new ValidationError(
        this,
        "controlPlane must be one range at least, or no pod could have its secrets injected, got none",
      );
    }
    if (apiServerPort !== undefined) requirePort(this, "the API server", apiServerPort);
    for (const { name, port, targetPort } of [...databases, ...externalEndpoints]) {
      requirePort(this, name, port);
      if (targetPort !== undefined) requirePort(this, name, targetPort);
    }
  }

  /** Labels that the chart gives its pods. */
  private selectors() {
    const instance = { "app.kubernetes.io/instance": this.props.releaseName ?? "vault" };
    return {
      server: { "app.kubernetes.io/name": "vault", ...instance, component: "server" },
      injector: { "app.kubernetes.io/name": "vault-agent-injector", ...instance },
    };
  }

  private serverIngress(server: Record<string, string>): NetworkPolicyV1SpecIngress[] {
    const { clientNamespaces = [], clientPods = [], clientRanges = [] } = this.props;
    const { unsafeAllowUnlabelledClients = false, monitoringNamespace = "monitoring" } = this.props;
    const client = { matchLabels: { [VAULT_CLIENT_LABEL]: "true" } };
    return [
      from(
        [
          { namespaceSelector: client, ...(!unsafeAllowUnlabelledClients && { podSelector: client }) },
          ...clientNamespaces.map(namespacePeer),
          ...clientPods.map(({ namespace, podLabels }) => podPeer(namespace, podLabels)),
          ...rangePeers(this, "clientRanges", clientRanges),
          ...CLIENT_JOBS.map((job) => ({ podSelector: { matchLabels: { [COMPONENT_LABEL]: job } } })),
        ],
        API_PORT,
      ),
      from([{ podSelector: { matchLabels: server } }], API_PORT, CLUSTER_PORT),
      from([namespacePeer(monitoringNamespace)], METRICS_PORT),
    ];
  }

  private apiServer(): NetworkPolicyV1SpecEgress[] {
    const { controlPlane, apiServer = [], apiServerPort = API_SERVICE_PORT } = this.props;
    return [
      allow(rangePeers(this, "controlPlane", controlPlane), apiServerPort),
      ...(apiServer.length > 0
        ? [allow(rangePeers(this, "apiServer", apiServer), API_SERVICE_PORT, apiServerPort)]
        : []),
    ];
  }

  private aws(): NetworkPolicyV1SpecEgress[] {
    const { vpcEndpoints = [], proxy, awsHosts = [] } = this.props;
    if (vpcEndpoints.length > 0) return [allow(rangePeers(this, "vpcEndpoints", vpcEndpoints), 443)];
    const direct = awsHosts.filter((host) => proxy?.bypasses(host));
    return [
      ...(awsHosts.length > 0 && direct.length === awsHosts.length
        ? []
        : [internetRule(this, 443, { proxy })]),
      ...(direct.length > 0 ? [internetRule(this, 443, {})] : []),
    ];
  }

  private databases(): NetworkPolicyV1SpecEgress[] {
    return (this.props.databases ?? []).map((database) => databaseRule(this, database));
  }

  private externalEndpoints(): NetworkPolicyV1SpecEgress[] {
    const { proxy, externalEndpoints = [] } = this.props;
    return externalEndpoints.map(({ name, host, port, targetPort = port, ranges = [] }) => {
      if (host === undefined && ranges.length > 0) {
        return allow(rangePeers(this, `ranges of ${name}`, ranges), targetPort);
      }
      const peers = host === undefined ? undefined : destinationPeers(this, name, { host, ranges });
      return peers ? allow(peers, targetPort) : internetRule(this, port, { proxy, host });
    });
  }

  private addJob(job: Component, egress: NetworkPolicyV1SpecEgress[]): NetworkPolicyV1 {
    return this.add(job[0].toUpperCase() + job.slice(1), job, { [COMPONENT_LABEL]: job }, [], egress);
  }

  private add(
    id: string,
    name: string,
    matchLabels: Record<string, string>,
    ingress: NetworkPolicyV1SpecIngress[],
    egress: NetworkPolicyV1SpecEgress[],
  ): NetworkPolicyV1 {
    const metadata = { name, namespace: this.props.namespace };
    claimObject(this, "NetworkPolicy", metadata);
    return new NetworkPolicyV1(this, id, {
      metadata,
      spec: { podSelector: { matchLabels }, policyTypes: ["Ingress", "Egress"], ingress, egress },
    });
  }
}

function from(peers: Peer[], ...ports: number[]): NetworkPolicyV1SpecIngress {
  return { from: peers, ports: tcp(ports) };
}
