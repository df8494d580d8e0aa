import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { production } from "../../environments/production";
import { Connections, type Endpoint } from "../network/connections";
import { type Change, withChange } from "../platform/support";
import { writePlatform } from "../support/platform";

type Block = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

/** Resources of the layers with pods, by type. */
function resourcesOf(change: Change): Record<string, Block[]> {
  const app = writePlatform([withChange(production, change)]);
  const all: Record<string, Block[]> = {};
  for (const layer of ["cluster", "workloads"]) {
    const file = join(app.outdir, "stacks", `production-${layer}`, "cdk.tf.json");
    const { resource } = JSON.parse(readFileSync(file, "utf8")) as Block;
    for (const [type, byId] of Object.entries<Block>(resource)) {
      all[type] = [...(all[type] ?? []), ...Object.values<Block>(byId)];
    }
  }
  return all;
}

const podsOf = (resources: Record<string, Block[]>): [name: string, spec: Block][] => [
  ...(resources.kubernetes_deployment_v1 ?? []).map(({ metadata, spec }): [string, Block] => [
    metadata.name,
    spec.template.spec,
  ]),
  ...(resources.kubernetes_job_v1 ?? []).map(({ metadata, spec }): [string, Block] => [
    metadata.name.replace(/-[0-9a-f]{8}$/, ""),
    spec.template.spec,
  ]),
  ...(resources.kubernetes_cron_job_v1 ?? []).map(({ metadata, spec }): [string, Block] => [
    metadata.name,
    spec.job_template.spec.template.spec,
  ]),
];
const valuesOf = (resources: Record<string, Block[]>, name: string): Block =>
  parse(resources.helm_release.find((it) => it.name === name)!.values[0]);

describe("a registry that needs a login", () => {
  const names = ["registry-credentials", "mirror.v1"];
  const resources = resourcesOf((e) => (e.kubernetes.imagePullSecrets = names));
  const references = names.map((name) => ({ name }));

  test("gives every pod of the stacks the Secrets", () => {
    const pods = podsOf(resources);
    expect(pods.map(([name]) => name).sort()).toEqual([
      ...["payment-service", "vault-backup", "vault-bootstrap", "vault-restore", "vault-restore-drill"],
      "vault-rollout",
    ]);
    for (const [, spec] of pods) expect(spec.image_pull_secrets).toEqual(references);
  });

  test("gives every chart the Secrets, for all of its pods", () => {
    for (const chart of ["vault", "cert-manager", "external-secrets"]) {
      expect(valuesOf(resources, chart).global.imagePullSecrets).toEqual(references);
    }
  });

  test("gives the Secrets to pods that a team deploys under the service's ServiceAccount", () => {
    const account = resources.kubernetes_service_account_v1.find(
      ({ metadata }) => metadata.name === "payment-service",
    )!;
    expect(account.image_pull_secret).toEqual(references);
  });

  test("creates and reads no Secret", () => {
    expect(Object.keys(resources).filter((type) => type.startsWith("kubernetes_secret"))).toEqual([]);
  });
});

test("writes nothing about pull Secrets where the registry needs no login", () => {
  expect(JSON.stringify(resourcesOf(() => {}))).not.toMatch(/image_?pull_?secret/i);
});

describe("a proxy", () => {
  const proxied: Change = (e) => {
    e.network.proxy = {
      https: "http://proxy.example.com:3128",
      ranges: ["10.30.9.0/28"],
      noProxy: [".corp.example.com"],
    };
    delete e.network.vpcEndpoints;
  };
  const resources = resourcesOf(proxied);
  const variables = (env: Block[]) => Object.fromEntries(env.map(({ name, value }) => [name, value]));
  const noProxyOf = (environment: Block): string[] => environment.NO_PROXY.split(",");

  test("is set for Vault's servers, which bypass it among themselves", () => {
    const environment = valuesOf(resources, "vault").server.extraEnvironmentVars;
    expect(environment.HTTPS_PROXY).toBe("http://proxy.example.com:3128");
    expect(noProxyOf(environment)).toEqual(
      expect.arrayContaining([".svc", ".vault-internal", "$(KUBERNETES_SERVICE_HOST)", ".corp.example.com"]),
    );
  });

  test("is set for the audit shipper and the operators", () => {
    const [, shipper] = valuesOf(resources, "vault").server.extraContainers;
    expect(shipper.name).toBe("audit-shipper");
    for (const env of [
      shipper.env,
      valuesOf(resources, "cert-manager").extraEnv,
      valuesOf(resources, "external-secrets").extraEnv,
    ]) {
      expect(variables(env).HTTPS_PROXY).toBe("http://proxy.example.com:3128");
      expect(noProxyOf(variables(env))).toContain(".svc");
    }
  });

  test("is set for every job that calls AWS, and for no pod of a service", () => {
    for (const [name, spec] of podsOf(resources)) {
      const containers: Block[] = [...(spec.init_container ?? []), ...spec.container];
      const withProxy = containers.filter(({ env }) => env && variables(env).HTTPS_PROXY);
      const expected = ["vault-rollout", "payment-service"].includes(name) ? 0 : containers.length;
      expect([name, withProxy.length]).toEqual([name, expected]);
    }
  });

  const server: Endpoint = {
    address: "10.30.100.1",
    pod: {
      namespace: "vault",
      labels: {
        "app.kubernetes.io/name": "vault",
        "app.kubernetes.io/instance": "vault",
        component: "server",
      },
    },
  };
  const job = (component: string): Endpoint => ({
    address: "10.30.100.2",
    pod: { namespace: "vault", labels: { "vault-platform/component": component } },
  });
  const outside = (address: string): Endpoint => ({ address });
  const rulesOf = (change: Change) => new Connections(resourcesOf(change).kubernetes_network_policy_v1, {});

  test("is allowed by network policies in place of the internet", () => {
    const rules = new Connections(resources.kubernetes_network_policy_v1, {});
    for (const from of [server, job("backup"), job("bootstrap"), job("drill"), job("restore")]) {
      expect(rules.isAllowed(from, outside("10.30.9.4"), 3128)).toBe(true);
      for (const port of [443, 8088])
        expect(rules.isAllowed(from, outside("198.51.100.9"), port)).toBe(false);
    }
    expect(rules.isAllowed(job("rollout"), outside("10.30.9.4"), 3128)).toBe(false);
  });

  test("is bypassed for targets with ranges or a namespace", () => {
    const change: Change = (e) => {
      proxied(e);
      e.network.vpcEndpoints = ["10.30.240.0/24"];
      e.siem = { ...e.siem, endpoint: "https://otel.observability.svc:4318" };
      e.vault.oidc = { ...e.vault.oidc, issuer: "https://idp.corp.example.com", ranges: ["10.9.0.0/24"] };
    };
    const all = resourcesOf(change);
    const entries = noProxyOf(valuesOf(all, "vault").server.extraEnvironmentVars);
    expect(entries).toEqual(
      expect.arrayContaining([
        ...[".us-east-1.amazonaws.com", "otel.observability.svc", "idp.corp.example.com"],
      ]),
    );
    const rules = new Connections(all.kubernetes_network_policy_v1, {});
    const siem: Endpoint = { address: "10.30.100.3", pod: { namespace: "observability", labels: {} } };
    expect(rules.isAllowed(server, siem, 4318)).toBe(true);
    expect(rules.isAllowed(server, outside("10.9.0.5"), 443)).toBe(true);
    expect(rules.isAllowed(job("backup"), outside("10.30.240.5"), 443)).toBe(true);
    expect(rules.isAllowed(job("backup"), outside("10.30.9.4"), 3128)).toBe(false);
  });

  test("is bypassed for hosts in noProxy, which policies allow on the internet", () => {
    const rules = rulesOf((e) => {
      proxied(e);
      e.network.proxy.noProxy = [".amazonaws.com"];
    });
    expect(rules.isAllowed(job("backup"), outside("198.51.100.9"), 443)).toBe(true);
    expect(rules.isAllowed(job("backup"), outside("10.30.9.4"), 3128)).toBe(false);
    expect(rules.isAllowed(server, outside("198.51.100.9"), 8088)).toBe(false);
    expect(rules.isAllowed(server, outside("10.30.9.4"), 3128)).toBe(true);
  });

  test("is allowed as a Service of the cluster", () => {
    const rules = rulesOf((e) => {
      proxied(e);
      e.network.proxy = { https: "http://squid.egress.svc:3128", targetPort: 13128 };
    });
    const squid: Endpoint = { address: "10.30.100.3", pod: { namespace: "egress", labels: {} } };
    expect(rules.isAllowed(server, squid, 13128)).toBe(true);
    expect(rules.isAllowed(server, outside("198.51.100.9"), 443)).toBe(false);
  });
});

test("writes no proxy variables without a proxy", () => {
  expect(JSON.stringify(resourcesOf(() => {}))).not.toContain("_PROXY");
});
