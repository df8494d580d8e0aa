import { readFileSync } from "node:fs";
import { join } from "node:path";
import { production } from "../../environments/production";
import type { EnvironmentDefinition } from "../../platform/schema";
import { Connections, type Endpoint } from "../network/connections";
import { type Change, withChange } from "../platform/support";
import { writePlatform } from "../support/platform";

type Block = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

function policiesOf(change: Change = () => {}): Block[] {
  const definition: EnvironmentDefinition = withChange(production, change);
  const app = writePlatform([definition]);
  return ["cluster", "workloads"].flatMap((layer) => {
    const file = join(app.outdir, "stacks", `production-${layer}`, "cdk.tf.json");
    const { resource } = JSON.parse(readFileSync(file, "utf8")) as Block;
    return Object.values<Block>(resource.kubernetes_network_policy_v1 ?? {});
  });
}

const outsideVault = (policies: Block[]) => policies.filter(({ metadata }) => metadata.namespace !== "vault");
const namesOf = (policies: Block[]) =>
  policies.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
const rulesOf = (policies: Block[]) =>
  new Connections(policies, { production: { "vault-platform/client": "true" } });

const pod = (namespace: string, labels: Record<string, string> = {}): Endpoint => ({
  address: "10.30.100.1",
  pod: { namespace, labels },
});
const client = { "vault-platform/client": "true" };
const service = pod("production", { ...client, "vault-platform/service": "payment-service" });
const server = pod("vault", {
  "app.kubernetes.io/name": "vault",
  "app.kubernetes.io/instance": "vault",
  component: "server",
});
const outside = (address: string): Endpoint => ({ address });

test("selects the service's own pods and never a whole namespace of services", () => {
  const policies = outsideVault(policiesOf());
  expect(namesOf(policies)).toEqual(["production/payment-service-egress"]);
  for (const { spec } of policies) expect(Object.keys(spec.pod_selector.match_labels)).not.toEqual([]);
});

test("lets a service's pods reach Vault, their database and DNS, and nothing else", () => {
  const rules = rulesOf(policiesOf());
  expect(rules.isAllowed(service, server, 8200)).toBe(true);
  expect(rules.isAllowed(service, pod("production", { app: "postgres" }), 5432)).toBe(true);
  expect(rules.isAllowed(service, pod("kube-system", { "k8s-app": "kube-dns" }), 53, "UDP")).toBe(true);
  for (const target of [pod("billing"), outside("198.51.100.9"), outside("10.30.0.1")]) {
    expect(rules.isAllowed(service, target, 443)).toBe(false);
  }
});

test("adds the targets of the service's egress", () => {
  const rules = rulesOf(
    policiesOf(
      (e) =>
        (e.services[0].egress = [
          { name: "ledger", namespace: "billing", podLabels: { app: "ledger" }, ports: [8443] },
          { name: "mainframe", ranges: ["10.60.0.0/24", "fd00:60::/64"], ports: [1414, 1415] },
          { name: "stripe", internet: true, ports: [443] },
        ]),
    ),
  );
  expect(rules.isAllowed(service, pod("billing", { app: "ledger" }), 8443)).toBe(true);
  expect(rules.isAllowed(service, pod("billing"), 8443)).toBe(false);
  for (const address of ["10.60.0.9", "fd00:60::9"]) {
    for (const port of [1414, 1415]) expect(rules.isAllowed(service, outside(address), port)).toBe(true);
  }
  expect(rules.isAllowed(service, outside("198.51.100.9"), 443)).toBe(true);
  expect(rules.isAllowed(service, outside("10.60.0.9"), 443)).toBe(false);
});

test.each<[string, Change]>([
  ["a namespace of others", (e) => (e.kubernetes.existingNamespaces = ["production"])],
  ["a team that keeps its policies", (e) => (e.services[0].networkPolicy = "team")],
  ["a team that deploys by itself", (e) => delete e.services[0].deployment],
])("makes no policy for %s", (_title, change) => {
  const policies = policiesOf(change);
  expect(outsideVault(policies)).toEqual([]);
  const rules = rulesOf(policies);
  for (const labels of [{}, { app: "ledger" }, client] as Record<string, string>[]) {
    expect(rules.isAllowed(pod("production", labels), outside("10.1.2.3"), 443)).toBe(true);
  }
});

test("makes one in a namespace of others if the definition requests it", () => {
  const policies = policiesOf((e) => {
    e.kubernetes.existingNamespaces = ["production"];
    e.services[0].networkPolicy = "platform";
  });
  expect(namesOf(outsideVault(policies))).toEqual(["production/payment-service-egress"]);
});

test("lets pods with the label reach Vault, and no other pod of the namespace", () => {
  const strict = rulesOf(policiesOf());
  expect(strict.enters(pod("production", client), server, 8200)).toBe(true);
  expect(strict.enters(pod("production"), server, 8200)).toBe(false);
  const upgrade = rulesOf(policiesOf((e) => (e.network.unsafeAllowUnlabelledClients = true)));
  expect(upgrade.enters(pod("production"), server, 8200)).toBe(true);
});

test("lets the controller of External Secrets reach Vault, installed here or by others", () => {
  const controller = pod("external-secrets", { "app.kubernetes.io/name": "external-secrets" });
  const webhook = pod("external-secrets", { "app.kubernetes.io/name": "external-secrets-webhook" });
  const installed = rulesOf(policiesOf());
  expect(installed.enters(controller, server, 8200)).toBe(true);
  expect(installed.enters(webhook, server, 8200)).toBe(false);
  const existing = rulesOf(policiesOf((e) => (e.kubernetes.operators = { externalSecrets: "existing" })));
  expect(existing.enters(pod("external-secrets", { app: "eso" }), server, 8200)).toBe(true);
});

test.each<[string, Change, Endpoint, number]>([
  [
    "the SIEM's namespace",
    (e) => (e.siem = { ...e.siem, endpoint: "https://otel.observability.svc:4318" }),
    pod("observability"),
    4318,
  ],
  [
    "the port of the SIEM's pods",
    (e) => (e.siem = { ...e.siem, endpoint: "https://otel.observability.svc", targetPort: 4318 }),
    pod("observability"),
    4318,
  ],
  [
    "the identity provider's namespace",
    (e) => (e.vault.oidc = { ...e.vault.oidc, issuer: "https://keycloak.identity.svc:8443/realms/main" }),
    pod("identity"),
    8443,
  ],
  [
    "the identity provider's ranges",
    (e) =>
      (e.vault.oidc = { ...e.vault.oidc, issuer: "https://idp.corp/realms/main", ranges: ["10.9.0.0/24"] }),
    outside("10.9.0.5"),
    443,
  ],
])("lets Vault's servers reach %s", (_title, change, target, port) => {
  expect(rulesOf(policiesOf()).isAllowed(server, target, port)).toBe(false);
  expect(rulesOf(policiesOf(change)).isAllowed(server, target, port)).toBe(true);
});

test("lets Vault's servers reach Microsoft Graph if Vault reads groups there", () => {
  const issuer = "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0";
  const group = (digit: number) => `${String(digit).repeat(8)}-0000-0000-0000-000000000000`;
  const groups = { operator: group(1), auditor: group(2), admin: group(3) };
  const oidc = { issuer, ranges: ["10.9.0.0/24"], scopes: ["profile"], groups };
  const reaches = (providerConfig?: object) =>
    rulesOf(
      policiesOf((e) => {
        e.vault.oidc = { ...e.vault.oidc, ...oidc, providerConfig };
        e.pipeline.vaultLogin = false;
      }),
    ).isAllowed(server, outside("198.51.100.9"), 443);
  expect(reaches()).toBe(false);
  expect(reaches({ provider: "azure" })).toBe(true);
});

test("opens the API server's port", () => {
  const api = outside("10.30.1.7");
  const ports = (change?: Change) => {
    const rules = rulesOf(policiesOf(change));
    return [443, 6443, 8443].filter((port) => rules.isAllowed(server, api, port));
  };
  expect(ports()).toEqual([443]);
  expect(ports((e) => (e.kubernetes.apiServer = "https://k8s.example.com:6443"))).toEqual([6443]);
  expect(ports((e) => (e.network.apiServerPort = 8443))).toEqual([8443]);
});

test("lets Vault's servers reach the internet for GitHub's keys only with vaultLogin", () => {
  const reaches = (change?: Change) =>
    rulesOf(
      policiesOf((e) => {
        delete e.vault.oidc;
        change?.(e);
      }),
    ).isAllowed(server, outside("198.51.100.9"), 443);
  expect(reaches()).toBe(true);
  expect(reaches((e) => (e.pipeline.vaultLogin = false))).toBe(false);
});

test("allows the configured DNS servers in every policy", () => {
  const policies = policiesOf((e) => (e.network.dns = { kind: "nodes", ranges: ["172.20.0.10/32"] }));
  const rules = rulesOf(policies);
  const jobs = ["bootstrap", "backup", "drill", "restore", "rollout"].map((component) =>
    pod("vault", { "vault-platform/component": component }),
  );
  for (const from of [service, server, ...jobs]) {
    for (const protocol of ["UDP", "TCP"] as const) {
      expect(rules.leaves(from, outside("172.20.0.10"), 53, protocol)).toBe(true);
    }
  }
  expect(JSON.stringify(policies)).not.toContain("kube-dns");
});
