import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { NetworkPolicyV1 } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { TerraformStack, Testing } from "cdktf";
import { ClusterDns } from "../../constructs/network/cluster-dns";
import { NetworkPolicies, type NetworkPoliciesProps } from "../../constructs/network/network-policies";
import { Synthesized } from "../support/synth";
import { Connections, type Endpoint } from "./connections";

/** Example from the documentation. */
const props: NetworkPoliciesProps = {
  namespace: "vault",
  controlPlane: ["10.30.0.0/20"],
  apiServer: ["172.20.0.1/32"],
  clientNamespaces: ["external-secrets"],
  vpcEndpoints: ["10.30.240.0/24"],
  databases: [{ name: "payments-db", host: "payments-db.production.svc", port: 5432 }],
  externalEndpoints: [{ name: "siem", port: 8088 }],
};

function withStack(build: (stack: TerraformStack) => void): Synthesized {
  const stack = new TerraformStack(Testing.app(), "test");
  new KubernetesProvider(stack, "Kubernetes", {});
  build(stack);
  return new Synthesized(JSON.parse(Testing.synth(stack)));
}

const withProps = (change: Partial<NetworkPoliciesProps> = {}) =>
  withStack((stack) => new NetworkPolicies(stack, "NetworkPolicies", { ...props, ...change }));

function connections(output: Synthesized): Connections {
  return new Connections(output.resources("kubernetes_network_policy_v1"), {
    billing: { "vault-platform/client": "true" },
    stranger: { "vault-platform/client": "false" },
  });
}

let lastAddress = 0;
const pod = (namespace: string, labels: Record<string, string> = {}): Endpoint => ({
  address: `10.30.100.${++lastAddress}`,
  pod: { namespace, labels },
});
const job = (component: string) => pod("vault", { "vault-platform/component": component });
const outside = (address: string): Endpoint => ({ address });

const chartLabels = { "app.kubernetes.io/name": "vault", "app.kubernetes.io/instance": "vault" };
const server = pod("vault", { ...chartLabels, component: "server", "vault-platform/component": "server" });
const peer = pod("vault", { ...chartLabels, component: "server", "vault-platform/component": "server" });
const injector = pod("vault", {
  "app.kubernetes.io/name": "vault-agent-injector",
  "app.kubernetes.io/instance": "vault",
  component: "webhook",
  "vault-platform/component": "injector",
});

const components: Record<string, Endpoint> = {
  "Vault server": server,
  injector,
  "bootstrap job": job("bootstrap"),
  "backup job": job("backup"),
  "restore drill": job("drill"),
  "rollout job": job("rollout"),
};
const unlabelled = { "pod of the namespace without a label": pod("vault") };
const client = { "vault-platform/client": "true" };
const others: Record<string, Endpoint> = {
  'pod and namespace labelled `vault-platform/client: "true"`': pod("billing", client),
  "pod without the label in such a namespace": pod("billing"),
  "pod with the label in any other namespace": pod("stranger", client),
  "namespace in `clientNamespaces`": pod("external-secrets"),
  "monitoring namespace": pod("monitoring"),
  "any other namespace": pod("stranger"),
  "control plane": outside("10.30.1.7"),
  elsewhere: outside("198.51.100.9"),
};

type Target = readonly [to: Endpoint, port: number, protocol?: "TCP" | "UDP"];

const inside: Record<string, Target[]> = {
  "Vault 8200": [[peer, 8200]],
  "Vault 8201": [[peer, 8201]],
  "metrics 8210": [[peer, 8210]],
  "injector 8080": [[injector, 8080]],
};

const dnsServer = pod("kube-system", { "k8s-app": "kube-dns" });
const metadata: Target[] = ["169.254.169.254", "fd00:ec2::254", "169.254.170.23", "169.254.170.2"].flatMap(
  (address) => [80, 443, 8088].map((port): Target => [outside(address), port]),
);
const beyond: Record<string, Target[]> = {
  DNS: [
    [dnsServer, 53],
    [dnsServer, 53, "UDP"],
  ],
  "API server": [
    [outside("10.30.1.7"), 443],
    [outside("172.20.0.1"), 443],
  ],
  "AWS endpoints": [[outside("10.30.240.5"), 443]],
  database: [[pod("production", { app: "postgres" }), 5432]],
  SIEM: [[outside("198.51.100.9"), 8088]],
  "internet 443": [[outside("198.51.100.9"), 443]],
  "instance metadata": metadata,
};

/** Result for a group of targets: `yes` if all are reachable, `-` if none is, otherwise `some`. */
function verdict(rules: Connections, from: Endpoint, targets: readonly Target[]): string {
  const verdicts = new Set(targets.map(([to, port, protocol]) => rules.isAllowed(from, to, port, protocol)));
  if (verdicts.size > 1) return "some";
  return verdicts.has(true) ? "yes" : "-";
}

/** Rows of the documentation's table with these columns. */
function documented(columns: readonly string[]): string[][] {
  const path = join(__dirname, "..", "..", "docs", "constructs", "network-policies.md");
  const lines = readFileSync(path, "utf8").split("\n");
  const start = lines.indexOf(`| From | ${columns.join(" | ")} |`);
  if (start < 0) throw new Error(`no table of ${columns.join(", ")}`);
  const end = lines.findIndex((line, index) => index > start && !line.startsWith("|"));
  return lines.slice(start + 2, end).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

function judged(sources: Record<string, Endpoint>, targets: Record<string, Target[]>): string[][] {
  const rules = connections(withProps());
  return Object.entries(sources).map(([name, from]) => [
    name,
    ...Object.values(targets).map((list) => verdict(rules, from, list)),
  ]);
}

test("documents the sources that reach the namespace's pods", () => {
  expect(documented(Object.keys(inside))).toEqual(
    judged({ ...components, ...unlabelled, ...others }, inside),
  );
});

test("documents the targets that the namespace's pods reach", () => {
  expect(documented(Object.keys(beyond))).toEqual(judged({ ...components, ...unlabelled }, beyond));
});

test.each(Object.keys(components))(
  "blocks instance metadata for %s, even if every range is allowed",
  (name) => {
    const everywhere = ["0.0.0.0/0", "::/0", "169.0.0.0/8"];
    const rules = connections(
      withProps({
        controlPlane: everywhere,
        apiServer: everywhere,
        vpcEndpoints: everywhere,
        databases: [{ name: "db", host: "db.example.com", port: 80, ranges: everywhere }],
        externalEndpoints: [{ name: "siem", port: 443, ranges: everywhere }],
      }),
    );
    expect(verdict(rules, components[name], metadata)).toBe("-");
    expect(rules.isAllowed(server, outside("2001:db8::1"), 443)).toBe(true);
    expect(rules.isAllowed(server, outside("198.51.100.9"), 80)).toBe(true);
  },
);

/** One address of each private network. The last three are translated by a NAT64 gateway. */
const PRIVATE_ADDRESSES = [
  ...["10.99.0.1", "100.64.0.1", "127.0.0.1", "172.16.0.1", "192.168.0.1", "198.19.0.1"],
  ...["::1", "fd12:3456::1", "fe80::1"],
  ...["64:ff9b::a63:1", "64:ff9b::c0a8:1", "64:ff9b::a9fe:a9fe"],
];

test("opens port 443 of the internet, not of private networks, without VPC endpoints", () => {
  const rules = connections(withProps({ vpcEndpoints: undefined }));
  for (const name of ["Vault server", "bootstrap job", "backup job", "restore drill"]) {
    expect(rules.isAllowed(components[name], outside("198.51.100.9"), 443)).toBe(true);
    expect(verdict(rules, components[name], metadata)).toBe("-");
    expect(rules.isAllowed(components[name], outside("2001:4860:4860::8888"), 443)).toBe(true);
    for (const address of PRIVATE_ADDRESSES) {
      expect(rules.isAllowed(components[name], outside(address), 443)).toBe(false);
    }
  }
  expect(rules.isAllowed(components["rollout job"], outside("198.51.100.9"), 443)).toBe(false);
});

test("allows a SIEM with ranges only there", () => {
  const rules = connections(
    withProps({ externalEndpoints: [{ name: "siem", port: 8088, ranges: ["10.77.0.0/24"] }] }),
  );
  expect(rules.isAllowed(server, outside("10.77.0.9"), 8088)).toBe(true);
  expect(rules.isAllowed(server, outside("198.51.100.9"), 8088)).toBe(false);
});

test.each<[string, Endpoint]>([
  ["siem.observability.svc", pod("observability")],
  ["198.51.100.9", outside("198.51.100.9")],
  ["2001:db8::9", outside("2001:db8::9")],
])("allows the SIEM %s by its host and nothing else", (host, target) => {
  const rules = connections(withProps({ externalEndpoints: [{ name: "siem", host, port: 8088 }] }));
  expect(rules.isAllowed(server, target, 8088)).toBe(true);
  expect(rules.isAllowed(server, outside("203.0.113.1"), 8088)).toBe(false);
});

test("allows a public host on the whole internet, by IPv4 and IPv6", () => {
  const rules = connections(
    withProps({ externalEndpoints: [{ name: "siem", host: "splunk.example.com", port: 8088 }] }),
  );
  for (const address of ["198.51.100.9", "2001:db8::9"]) {
    expect(rules.isAllowed(server, outside(address), 8088)).toBe(true);
  }
  for (const address of PRIVATE_ADDRESSES) {
    expect(rules.isAllowed(server, outside(address), 8088)).toBe(false);
  }
});

test("opens the port of the pods where a Service translates the port", () => {
  const siem = { name: "siem", host: "siem.observability.svc", port: 443, targetPort: 8088 };
  const database = { name: "db", host: "db.data.svc", port: 5432, targetPort: 6432 };
  const rules = connections(withProps({ externalEndpoints: [siem], databases: [database] }));
  expect(rules.isAllowed(server, pod("observability"), 8088)).toBe(true);
  expect(rules.isAllowed(server, pod("observability"), 443)).toBe(false);
  expect(rules.isAllowed(server, pod("data"), 6432)).toBe(true);
  expect(rules.isAllowed(server, pod("data"), 5432)).toBe(false);
});

test("opens apiServerPort in the control plane's ranges, and 443 at the Service", () => {
  const rules = connections(withProps({ apiServerPort: 6443 }));
  expect(rules.isAllowed(injector, outside("10.30.1.7"), 6443)).toBe(true);
  expect(rules.isAllowed(injector, outside("10.30.1.7"), 443)).toBe(false);
  expect(rules.isAllowed(injector, outside("172.20.0.1"), 443)).toBe(true);
});

test("admits unlabelled pods of client namespaces only with unsafeAllowUnlabelledClients", () => {
  expect(connections(withProps()).isAllowed(pod("billing"), server, 8200)).toBe(false);
  const rules = connections(withProps({ unsafeAllowUnlabelledClients: true }));
  expect(rules.isAllowed(pod("billing"), server, 8200)).toBe(true);
  expect(rules.isAllowed(pod("stranger", client), server, 8200)).toBe(false);
});

test("admits an operator's pods by their labels, and no other pod of their namespace", () => {
  const podLabels = { "app.kubernetes.io/name": "external-secrets" };
  const clientPods = [{ namespace: "external-secrets", podLabels }];
  const rules = connections(withProps({ clientNamespaces: [], clientPods }));
  expect(rules.isAllowed(pod("external-secrets", podLabels), server, 8200)).toBe(true);
  expect(rules.isAllowed(pod("external-secrets"), server, 8200)).toBe(false);
});

test("allows the configured DNS servers in every policy with egress", () => {
  const rules = connections(withProps({ dns: ClusterDns.nodes({ ranges: ["172.20.0.10/32"] }) }));
  for (const from of Object.values(components)) {
    for (const protocol of ["UDP", "TCP"] as const) {
      expect(rules.isAllowed(from, outside("172.20.0.10"), 53, protocol)).toBe(true);
      expect(rules.isAllowed(from, dnsServer, 53, protocol)).toBe(false);
    }
  }
});

test.each(["db.data.svc", "db.data.svc.cluster.local", "db-0.db.data.svc"])(
  "allows the database %s in the namespace that its host names",
  (host) => {
    const rules = connections(withProps({ databases: [{ name: "db", host, port: 5433 }] }));
    expect(rules.isAllowed(server, pod("data"), 5433)).toBe(true);
    expect(rules.isAllowed(server, pod("data"), 5432)).toBe(false);
    expect(rules.isAllowed(server, pod("production"), 5433)).toBe(false);
  },
);

test("allows a database with ranges only there, whatever its host", () => {
  const rules = connections(
    withProps({ databases: [{ name: "db", host: "db.data.svc", port: 5432, ranges: ["10.88.0.0/24"] }] }),
  );
  expect(rules.isAllowed(server, outside("10.88.0.1"), 5432)).toBe(true);
  expect(rules.isAllowed(server, pod("data"), 5432)).toBe(false);
});

test("blocks the drill from Vault at both ends", () => {
  const rules = connections(withProps());
  for (const port of [8200, 8201]) {
    expect(rules.leaves(components["restore drill"], server, port)).toBe(false);
    expect(rules.enters(components["restore drill"], server, port)).toBe(false);
  }
});

test("treats a pod of Vault's chart without the server label as no server", () => {
  const rules = connections(withProps());
  const other = pod("vault", chartLabels);
  expect(rules.enters(pod("billing", client), other, 8200)).toBe(false);
  expect(rules.enters(other, server, 8201)).toBe(false);
  expect(rules.leaves(server, other, 8201)).toBe(false);
});

test("allows only DNS servers among the pods of kube-system", () => {
  const rules = connections(withProps());
  expect(rules.isAllowed(server, dnsServer, 53)).toBe(true);
  expect(rules.isAllowed(server, pod("kube-system", { "k8s-app": "other" }), 53)).toBe(false);
  expect(rules.isAllowed(server, pod("stranger", { "k8s-app": "kube-dns" }), 53)).toBe(false);
});

test("admits a load balancer's range only with clientRanges", () => {
  const from = outside("10.30.16.5");
  expect(connections(withProps()).isAllowed(from, server, 8200)).toBe(false);
  const rules = connections(withProps({ clientRanges: ["10.30.16.0/24"] }));
  expect(rules.isAllowed(from, server, 8200)).toBe(true);
  expect(rules.isAllowed(from, server, 8201)).toBe(false);
});

test("takes the name of the monitoring namespace", () => {
  const rules = connections(withProps({ monitoringNamespace: "observability" }));
  expect(rules.isAllowed(pod("observability"), server, 8210)).toBe(true);
  expect(rules.isAllowed(pod("monitoring"), server, 8210)).toBe(false);
});

test("selects the pods of a release with another name", () => {
  const rules = connections(withProps({ releaseName: "other-vault" }));
  const own = pod("vault", {
    ...chartLabels,
    "app.kubernetes.io/instance": "other-vault",
    component: "server",
  });
  expect(rules.isAllowed(pod("external-secrets"), own, 8200)).toBe(true);
  expect(rules.isAllowed(pod("external-secrets"), server, 8200)).toBe(false);
});

test.each<[string, Partial<NetworkPoliciesProps>, string]>([
  ["no range of the control plane", { controlPlane: [] }, "controlPlane must be one range at least"],
  [
    "an address without a prefix length",
    { controlPlane: ["10.0.0.1"] },
    'controlPlane[0] must be a network range, such as 10.0.0.0/16, got "10.0.0.1"',
  ],
  ["a wrong range of AWS endpoints", { vpcEndpoints: ["10.0.0.0/33"] }, 'got "10.0.0.0/33"'],
  [
    "an address with the length of its network's prefix",
    { controlPlane: ["10.10.0.0/20", "10.10.0.1/20"] },
    'controlPlane[1] must be "10.10.0.0/20", the canonical form of this range, got "10.10.0.1/20"',
  ],
  [
    "instance metadata with a leading zero, which Kubernetes reads as decimal",
    { vpcEndpoints: ["169.0254.0.0/16"] },
    'vpcEndpoints[0] must be "169.254.0.0/16", the canonical form of this range, got "169.0254.0.0/16"',
  ],
  ["a wrong range of clients", { clientRanges: ["lb"] }, "clientRanges[0] must be a network range"],
  [
    "a range of instance metadata alone",
    { vpcEndpoints: ["169.254.169.254/32"] },
    'vpcEndpoints[0] must be a network range that does not lie within 169.254.0.0/16 or fd00:ec2::/32, where pods get the credentials of their node, got "169.254.169.254/32"',
  ],
  ["the same in IPv6", { apiServer: ["fd00:ec2::254/128"] }, 'got "fd00:ec2::254/128"'],
  [
    "a database outside the cluster without ranges",
    { databases: [{ name: "db", host: "db.example.com", port: 5432 }] },
    'the host of database db must be a Service of the cluster, such as db.production.svc, unless ranges say where it is, got "db.example.com"',
  ],
  ...["keycloak", "keycloak.internal", "10.1.2.3", "fd00::1", "fe80::1"].map(
    (host): [string, Partial<NetworkPoliciesProps>, string] => [
      `a host that is nowhere on the internet and has no ranges, ${host}`,
      { externalEndpoints: [{ name: "idp", host, port: 443 }] },
      "the host of idp must be a Service of the cluster, such as payments-db.production.svc, or a public host, unless ranges say where it is",
    ],
  ),
  [
    "an address outside its ranges",
    { externalEndpoints: [{ name: "siem", host: "10.1.2.3", port: 443, ranges: ["10.2.0.0/16"] }] },
    'the host of siem must be an address within its ranges, 10.2.0.0/16, got "10.1.2.3"',
  ],
  [
    "a port of the API server that is none",
    { apiServerPort: 0 },
    "the port of the API server must be 1 to 65535, got 0",
  ],
  [
    "no range of DNS servers on nodes",
    { dns: ClusterDns.nodes({ ranges: [] }) },
    "ranges of the DNS servers must be one at least, got none",
  ],
  [
    "a wrong range of a database",
    { databases: [{ name: "db", host: "db.example.com", port: 5432, ranges: ["x"] }] },
    "ranges of database db[0] must be a network range",
  ],
  [
    "a port of 0",
    { databases: [{ name: "db", host: "db.data.svc", port: 0 }] },
    "the port of db must be 1 to 65535, got 0",
  ],
  [
    "a port of 65536",
    { externalEndpoints: [{ name: "siem", port: 65536 }] },
    "the port of siem must be 1 to 65535, got 65536",
  ],
])("rejects %s, with the value and the construct's path", (_title, change, message) => {
  expect(() => withProps(change)).toThrow(message);
  expect(() => withProps(change)).toThrow("[test/NetworkPolicies]");
});

test("exposes the deny-all policy as node.defaultChild", () => {
  const output = withStack((stack) => {
    const policies = new NetworkPolicies(stack, "NetworkPolicies", props);
    (policies.node.defaultChild as NetworkPolicyV1).addOverride("metadata.labels", { reviewed: "yes" });
    expect(policies.policies).toHaveLength(8);
  });
  const labelled = output
    .resources("kubernetes_network_policy_v1")
    .filter(({ metadata }) => metadata.labels?.reviewed === "yes");
  expect(labelled.map(({ metadata }) => metadata.name)).toEqual(["deny-all"]);
});
