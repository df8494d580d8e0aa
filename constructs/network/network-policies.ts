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

/** Port of the injector's pods. Their Service maps port 443 to it. */
const WEBHOOK_PORT = 8080;

/** Port of the Service `kubernetes` in every cluster. */
const API_SERVICE_PORT = 443;

/** Database in which Vault creates users: a Service of the cluster, or any host with `ranges`. */
export interface DatabaseEndpoint extends Destination {
  /** Name of the database, for errors. */
  readonly name: string;
}

/** Further destination of Vault's servers besides AWS and databases, such as a SIEM or an identity provider. */
export interface ExternalEndpoint extends Omit<Destination, "host"> {
  /** Name of the endpoint, for errors. */
  readonly name: string;
  /** Host name or IP address. @default - anywhere on the internet, unless you set `ranges` */
  readonly host?: string;
}

/** Pods that may connect to Vault, selected by labels other than the client label. */
export interface ClientPods {
  /** Namespace of the pods. */
  readonly namespace: string;
  /** Labels of the pods. */
  readonly podLabels: Readonly<Record<string, string>>;
}

/** Properties of `NetworkPolicies`. */
export interface NetworkPoliciesProps {
  /** Namespace of Vault. */
  readonly namespace: string;
  /** Name of Vault's Helm release. @default vault */
  readonly releaseName?: string;
  /**
   * Ranges of the control plane. Pods reach the API server there, and the API server calls the injector's webhook from
   * there.
   */
  readonly controlPlane: readonly string[];
  /**
   * Port of the API server in those ranges: the port of the endpoints of the Service `kubernetes`.
   * @default 443 - as in EKS; clusters of kubeadm use 6443
   */
  readonly apiServerPort?: number;
  /**
   * Further ranges at which pods reach the API server, at its port and at port 443 of the Service. If your network
   * plugin evaluates packets before it translates Service addresses (Amazon VPC CNI), add the address of the Service
   * `kubernetes`.
   * @default - none
   */
  readonly apiServer?: readonly string[];
  /** DNS servers that pods query. @default - pods labelled `k8s-app: kube-dns` in kube-system */
  readonly dns?: ClusterDns;
  /**
   * Allows all pods of namespaces labelled `vault-platform/client: "true"` to reach Vault, not only pods that have the
   * label too. Use it until older pods are replaced. The rule `network-policy-clients` reports it.
   * @default false
   */
  readonly unsafeAllowUnlabelledClients?: boolean;
  /** Namespaces in which all pods reach Vault, without any label. @default - none */
  readonly clientNamespaces?: readonly string[];
  /** Pods that reach Vault by other labels, such as the pods of an operator. @default - none */
  readonly clientPods?: readonly ClientPods[];
  /** Ranges of clients outside the cluster, such as a load balancer. @default - none */
  readonly clientRanges?: readonly string[];
  /** Namespace of the Prometheus that scrapes Vault's metrics. @default monitoring */
  readonly monitoringNamespace?: string;
  /**
   * Ranges of the endpoints of KMS, STS, S3 and Secrets Manager.
   * @default - none: port 443 of the internet without private networks
   */
  readonly vpcEndpoints?: readonly string[];
  /**
   * Proxy for connections to the internet: to AWS without `vpcEndpoints`, and to external endpoints without ranges.
   * @default - none: pods connect to the internet directly
   */
  readonly proxy?: OutboundProxy;
  /**
   * Hosts of the endpoints of KMS, STS, S3 and Secrets Manager. The `noProxy` of the proxy may contain some of them.
   * @default - none
   */
  readonly awsHosts?: readonly string[];
  /** Databases in which Vault creates users. @default - none */
  readonly databases?: readonly DatabaseEndpoint[];
  /** Further destinations of Vault's servers. @default - none */
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

/** Jobs that connect to Vault. The drill is excluded: its copy must not reach the original. */
const CLIENT_JOBS: readonly Component[] = ["bootstrap", "backup", "restore", "rollout"];

/**
 * Network policies of Vault's namespace. They allow only the connections that this construct lists. None of these
 * connections reaches instance metadata: a pod with a failing role would silently use the role of its node.
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 * @throws ValidationError for invalid ranges or ranges that contain only instance metadata, a control plane without
 * ranges, ports out of range, and a host with an unknown location
 */
export class NetworkPolicies extends LibraryConstruct {
  /** All policies, for dependencies of resources that must be created after them. */
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

  /** Labels that the chart sets on its pods. */
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
