import {
  NetworkPolicyV1,
  type NetworkPolicyV1SpecEgress,
  type NetworkPolicyV1SpecIngress,
} from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import { COMPONENT_LABEL, type Component, VAULT_CLIENT_LABEL } from "./labels";
import { DNS, INTERNET, type Peer, namespacePeer, rangePeers } from "./network-peers";
import { API_PORT, CLUSTER_PORT, METRICS_PORT } from "./ports";

/** The port of the injector's pods; their Service translates 443 to it. */
const WEBHOOK_PORT = 8080;

/** A database that Vault makes users in. */
export interface DatabaseEndpoint {
  readonly name: string;
  /** A Service of the cluster, such as `payments-db.production.svc`, or any host with `ranges`. */
  readonly host: string;
  /** TCP port of the database itself, 1 to 65535; where a Service translates, the one of its pods. */
  readonly port: number;
  /** Ranges in which the database is. @default - none: it is in the namespace that the host names */
  readonly ranges?: readonly string[];
}

/** What Vault's servers call outside the cluster: a SIEM, an identity provider. */
export interface ExternalEndpoint {
  readonly name: string;
  /** TCP port, 1 to 65535. */
  readonly port: number;
  /** @default - the internet without private networks: a policy cannot name hosts */
  readonly ranges?: readonly string[];
}

export interface NetworkPoliciesProps {
  /** Vault's namespace. */
  readonly namespace: string;
  /** Name of Vault's Helm release. @default vault */
  readonly releaseName?: string;
  /** Ranges of the control plane: the API server is reached there, and calls the injector's webhook from there. */
  readonly controlPlane: readonly string[];
  /**
   * Further ranges at which pods reach the API server. Where packets are judged before a Service is translated
   * (Amazon VPC CNI), the address of the Service `kubernetes` belongs here.
   * @default - none
   */
  readonly apiServer?: readonly string[];
  /** Namespaces that reach Vault besides those with the label `vault-platform/client: "true"`. @default - none */
  readonly clientNamespaces?: readonly string[];
  /** Ranges from which Vault is reached from outside, such as a load balancer's. @default - none */
  readonly clientRanges?: readonly string[];
  /** Namespace whose Prometheus reads Vault's metrics. @default monitoring */
  readonly monitoringNamespace?: string;
  /**
   * Ranges of the endpoints of KMS, STS, S3 and Secrets Manager.
   * @default - none: port 443 of the internet without private networks
   */
  readonly vpcEndpoints?: readonly string[];
  /** @default - none */
  readonly databases?: readonly DatabaseEndpoint[];
  /** @default - none */
  readonly externalEndpoints?: readonly ExternalEndpoint[];
  readonly dependsOn?: ITerraformDependable[];
}

/** Jobs that talk to Vault. The drill is not among them: what it restores must not touch the original. */
const CLIENT_JOBS: readonly Component[] = ["bootstrap", "backup", "restore", "rollout"];

/**
 * Who talks to whom in Vault's namespace. Nothing does that is not listed here, and nothing reaches instance
 * metadata: a pod whose own role fails would silently act as its node.
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export class NetworkPolicies extends Construct {
  /** All policies, for what has to start behind them. */
  readonly policies: readonly NetworkPolicyV1[];

  /**
   * @throws ValidationError for ranges that are none or that lead to instance metadata only, a control plane without
   * ranges, ports out of range, and a database of which nobody knows where it is
   */
  constructor(
    scope: Construct,
    id: string,
    private readonly props: NetworkPoliciesProps,
  ) {
    super(scope, id);
    this.validate();
    const { server, injector } = this.selectors();
    const apiServer = this.apiServer();
    const aws = this.aws();
    const vault = allow([{ podSelector: { matchLabels: server } }], API_PORT);
    this.policies = [
      this.add("Resource", "deny-all", {}, [], []),
      this.add("Server", "server", server, this.serverIngress(server), [
        DNS,
        apiServer,
        aws,
        ...this.databases(),
        ...this.externalEndpoints(),
        allow([{ podSelector: { matchLabels: server } }], API_PORT, CLUSTER_PORT),
      ]),
      this.add(
        "Injector",
        "injector",
        injector,
        [from(rangePeers(this, "controlPlane", props.controlPlane), WEBHOOK_PORT)],
        [DNS, apiServer],
      ),
      this.addJob("bootstrap", [DNS, apiServer, aws, vault]),
      this.addJob("backup", [DNS, aws, vault]),
      this.addJob("drill", [DNS, apiServer, aws]),
      this.addJob("restore", [DNS, aws, vault]),
      this.addJob("rollout", [DNS, apiServer, vault]),
    ];
  }

  private validate(): void {
    const { controlPlane, databases = [], externalEndpoints = [] } = this.props;
    if (controlPlane.length === 0) {
      throw new ValidationError(
        this,
        "controlPlane must be one range at least, or no pod could have its secrets injected, got none",
      );
    }
    for (const { name, port } of [...databases, ...externalEndpoints]) {
      if (isLiteral(port) && !(Number.isInteger(port) && port >= 1 && port <= 65535)) {
        throw new ValidationError(this, `the port of ${name} must be 1 to 65535, got ${port}`);
      }
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
    const { clientNamespaces = [], clientRanges = [], monitoringNamespace = "monitoring" } = this.props;
    return [
      from(
        [
          { namespaceSelector: { matchLabels: { [VAULT_CLIENT_LABEL]: "true" } } },
          ...clientNamespaces.map(namespacePeer),
          ...rangePeers(this, "clientRanges", clientRanges),
          ...CLIENT_JOBS.map((job) => ({ podSelector: { matchLabels: { [COMPONENT_LABEL]: job } } })),
        ],
        API_PORT,
      ),
      from([{ podSelector: { matchLabels: server } }], API_PORT, CLUSTER_PORT),
      from([namespacePeer(monitoringNamespace)], METRICS_PORT),
    ];
  }

  private apiServer(): NetworkPolicyV1SpecEgress {
    const { controlPlane, apiServer = [] } = this.props;
    const peers = [
      ...rangePeers(this, "controlPlane", controlPlane),
      ...rangePeers(this, "apiServer", apiServer),
    ];
    return allow(peers, 443, 6443);
  }

  private aws(): NetworkPolicyV1SpecEgress {
    const { vpcEndpoints = [] } = this.props;
    return allow(vpcEndpoints.length > 0 ? rangePeers(this, "vpcEndpoints", vpcEndpoints) : [INTERNET], 443);
  }

  private databases(): NetworkPolicyV1SpecEgress[] {
    return (this.props.databases ?? []).map(({ name, host, port, ranges = [] }) => {
      if (ranges.length > 0) return allow(rangePeers(this, `ranges of database ${name}`, ranges), port);
      const namespace = /^(?:[a-z0-9-]+\.)+([a-z0-9-]+)\.svc(?:\.cluster\.local)?$/.exec(host)?.[1];
      if (!namespace) {
        throw new ValidationError(
          this,
          `database ${name} must have ranges, or a host that is a Service of the cluster, such as db.production.svc, got ${host}`,
        );
      }
      return allow([namespacePeer(namespace)], port);
    });
  }

  private externalEndpoints(): NetworkPolicyV1SpecEgress[] {
    return (this.props.externalEndpoints ?? []).map(({ name, port, ranges = [] }) =>
      allow(ranges.length > 0 ? rangePeers(this, `ranges of ${name}`, ranges) : [INTERNET], port),
    );
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
    return new NetworkPolicyV1(this, id, {
      metadata: { name, namespace: this.props.namespace },
      spec: { podSelector: { matchLabels }, policyTypes: ["Ingress", "Egress"], ingress, egress },
      dependsOn: this.props.dependsOn,
    });
  }
}

function allow(to: Peer[], ...ports: number[]): NetworkPolicyV1SpecEgress {
  return { to, ports: tcp(ports) };
}

function from(peers: Peer[], ...ports: number[]): NetworkPolicyV1SpecIngress {
  return { from: peers, ports: tcp(ports) };
}

function tcp(ports: readonly number[]) {
  return ports.map((port) => ({ port: String(port), protocol: "TCP" }));
}
