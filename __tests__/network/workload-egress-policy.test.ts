import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { TerraformStack, Testing } from "cdktf";
import { ClusterDns } from "../../constructs/network/cluster-dns";
import { EgressTarget } from "../../constructs/network/egress-target";
import { vaultAt } from "../../constructs/server/vault";
import {
  WorkloadEgressPolicy,
  type WorkloadEgressPolicyProps,
} from "../../constructs/network/workload-egress-policy";
import { Synthesized } from "../support/synth";
import { Connections, type Endpoint } from "./connections";

const podLabels = { "vault-platform/service": "payment-service" };

function withProps(change: Partial<WorkloadEgressPolicyProps> = {}): Synthesized {
  const stack = new TerraformStack(Testing.app(), "test");
  new KubernetesProvider(stack, "Kubernetes", {});
  const vault = vaultAt();
  new WorkloadEgressPolicy(stack, "Egress", { namespace: "production", podLabels, vault, ...change });
  return new Synthesized(JSON.parse(Testing.synth(stack)));
}

const rulesOf = (change?: Partial<WorkloadEgressPolicyProps>) =>
  new Connections(withProps(change).resources("kubernetes_network_policy_v1"), {});

const pod = (namespace: string, labels: Record<string, string> = {}): Endpoint => ({
  address: "10.30.100.1",
  pod: { namespace, labels },
});
const outside = (address: string): Endpoint => ({ address });
const service = pod("production", podLabels);
const server = pod("vault", { "app.kubernetes.io/name": "vault", component: "server" });
const dnsServer = pod("kube-system", { "k8s-app": "kube-dns" });
const elsewhere = [outside("198.51.100.9"), pod("production"), pod("billing"), outside("169.254.169.254")];

test("allows Vault and DNS, and blocks everything else", () => {
  const rules = rulesOf();
  expect(rules.isAllowed(service, server, 8200)).toBe(true);
  expect(rules.isAllowed(service, dnsServer, 53)).toBe(true);
  expect(rules.isAllowed(service, dnsServer, 53, "UDP")).toBe(true);
  for (const target of elsewhere) expect(rules.isAllowed(service, target, 443)).toBe(false);
  expect(rules.isAllowed(service, server, 8201)).toBe(false);
  expect(rules.isAllowed(service, pod("vault"), 8200)).toBe(false);
});

test("restricts neither other pods of the namespace nor connections to the selected pods", () => {
  const rules = rulesOf();
  for (const target of elsewhere)
    expect(rules.isAllowed(pod("production", { app: "x" }), target, 443)).toBe(true);
  expect(rules.isAllowed(pod("billing"), service, 8080)).toBe(true);
});

test.each([
  [{ host: "payments-db.production.svc" }, pod("production"), 5432],
  [{ host: "payments-db.production.svc", targetPort: 6432 }, pod("production"), 6432],
  [{ host: "db.example.com", ranges: ["10.20.0.0/16"] }, outside("10.20.3.4"), 5432],
  [{ host: "db.example.com", ranges: ["fd00:20::/64"] }, outside("fd00:20::4"), 5432],
])("allows the database %j at its location only", (where, target, port) => {
  const rules = rulesOf({ databases: [{ name: "payments-db", port: 5432, ...where }] });
  expect(rules.isAllowed(service, target, port)).toBe(true);
  expect(rules.isAllowed(service, target, 80)).toBe(false);
  for (const other of elsewhere.slice(2)) expect(rules.isAllowed(service, other, port)).toBe(false);
});

test("allows the targets of egress, by their ports and protocol", () => {
  const rules = rulesOf({
    egress: [
      { name: "ledger", to: EgressTarget.pods("billing", { app: "ledger" }), ports: [8443, 9443] },
      { name: "search", to: EgressTarget.pods("search"), ports: [9200] },
      { name: "statsd", to: EgressTarget.ranges(["10.40.0.0/24"]), ports: [8125], protocol: "UDP" },
      { name: "stripe", to: EgressTarget.internet(), ports: [443] },
    ],
  });
  for (const port of [8443, 9443]) {
    expect(rules.isAllowed(service, pod("billing", { app: "ledger" }), port)).toBe(true);
    expect(rules.isAllowed(service, pod("billing", { app: "other" }), port)).toBe(false);
  }
  expect(rules.isAllowed(service, pod("search", { app: "any" }), 9200)).toBe(true);
  expect(rules.isAllowed(service, outside("10.40.0.9"), 8125, "UDP")).toBe(true);
  expect(rules.isAllowed(service, outside("10.40.0.9"), 8125, "TCP")).toBe(false);
  for (const address of ["198.51.100.9", "2001:db8::9"]) {
    expect(rules.isAllowed(service, outside(address), 443)).toBe(true);
  }
  for (const address of ["10.0.0.1", "169.254.169.254", "fd00:ec2::254"]) {
    expect(rules.isAllowed(service, outside(address), 443)).toBe(false);
  }
});

test("allows the configured DNS servers", () => {
  const rules = rulesOf({ dns: ClusterDns.nodeLocalCache() });
  expect(rules.isAllowed(service, outside("169.254.20.10"), 53, "UDP")).toBe(true);
  expect(rules.isAllowed(service, outside("169.254.20.10"), 80)).toBe(false);
});

test("names the policy vault-egress unless another name is given", () => {
  const nameOf = (output: Synthesized) => output.resource("kubernetes_network_policy_v1").metadata.name;
  expect(nameOf(withProps())).toBe("vault-egress");
  expect(nameOf(withProps({ name: "payment-service-egress" }))).toBe("payment-service-egress");
});

test.each<[string, Partial<WorkloadEgressPolicyProps>, string]>([
  ["no label, which would select all pods", { podLabels: {} }, "podLabels must be one label at least"],
  [
    "a database anywhere on the internet",
    { databases: [{ name: "db", host: "db.example.com", port: 5432 }] },
    "the host of database db must be a Service of the cluster",
  ],
  [
    "a database at a port that is none",
    { databases: [{ name: "db", host: "db.data.svc", port: 0 }] },
    "the port of database db must be 1 to 65535, got 0",
  ],
  [
    "no range",
    { egress: [{ name: "x", to: EgressTarget.ranges([]), ports: [443] }] },
    "ranges of x must be one at least, got none",
  ],
  [
    "no port",
    { egress: [{ name: "x", to: EgressTarget.internet(), ports: [] }] },
    "ports of x must be one at least, got none",
  ],
  [
    "ranges of instance metadata",
    { egress: [{ name: "x", to: EgressTarget.ranges(["169.254.169.254/32"]), ports: [80] }] },
    "ranges of x[0] must be a network range that does not lie within 169.254.0.0/16 or fd00:ec2::/32",
  ],
])("rejects %s", (_title, change, message) => {
  expect(() => withProps(change)).toThrow(message);
});
