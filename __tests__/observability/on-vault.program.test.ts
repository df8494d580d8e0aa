import "reflect-metadata";
import { TerraformStack, Testing } from "cdktf";
import { join } from "node:path";
import { Tls } from "../../constructs/server/tls";
import { vaultAt } from "../../constructs/server/vault";
import { CrdDeclaration } from "../../constructs/core/custom-resources";
import { FOREIGN_METRICS } from "./support/foreign-metrics";
import { VaultAlerts } from "../../constructs/observability/vault-alerts";
import { VaultDashboard } from "../../constructs/observability/vault-dashboard";
import { VaultPodMonitor } from "../../constructs/observability/vault-pod-monitor";
import { Prometheus } from "../support/servers/prometheus";
import { alertExpressions, metricsOf, panelExpressions } from "./support/promql";
import { describeWithPrograms, testWithPrograms } from "../support/needs";
import { RaftVault } from "../support/servers/raft-vault";
import { customResource } from "./support/custom-resource";
import { until } from "../support/servers/processes";

const stack = new TerraformStack(Testing.app(), "test");
const vault = vaultAt();
const watched = {
  vault,
  replicas: 3,
  tls: Tls.certManager({ kind: "ClusterIssuer", name: "platform-ca", type: "ca" }),
};
const crds = CrdDeclaration.groups("monitoring.coreos.com");
const monitor = new VaultPodMonitor(stack, "Monitor", { vault, tls: watched.tls, crds });
const { groups } = new VaultAlerts(stack, "Alerts", {
  ...watched,
  crds,
  runbooks: "https://example.com/runbooks",
});
const dashboard = new VaultDashboard(stack, "Dashboard", watched);
const expressions = [...alertExpressions(groups), ...panelExpressions(dashboard.json)];

const PROBLEMS = [
  "VaultAuditDeviceFailure",
  "VaultAuditFailure",
  "VaultNoLeader",
  "VaultRootTokenCreated",
  "VaultSealed",
];

test("lists only foreign metrics that an alert or a panel names", () => {
  const named = new Set(expressions.flatMap(({ expr }) => metricsOf(expr)));
  expect(Object.keys(FOREIGN_METRICS).filter((metric) => !named.has(metric))).toEqual([]);
});

describeWithPrograms("vault")("metrics of a real Vault", () => {
  let vault: RaftVault;
  beforeAll(async () => {
    vault = await RaftVault.start();
  }, 120_000);
  afterAll(() => vault?.stop());

  const names = async () => new Set((await vault.scrape()).match(/^[a-zA-Z_:][\w:]*/gm));

  test("include a sealed server that is not initialized", async () => {
    expect(await vault.scrape()).toMatch(/^vault_core_unsealed\{[^}]*\} 0$/m);
  });

  test("include every metric that an alert or a panel names, unless another exporter has it", async () => {
    await vault.initialise();
    await useEverything(vault);
    await until(async () => {
      const known = await names();
      const unknown = expressions
        .flatMap(({ title, expr }) => metricsOf(expr).map((metric) => ({ title, metric })))
        .filter(({ metric }) => !known.has(metric) && !(metric in FOREIGN_METRICS))
        .map(({ title, metric }) => `${metric} of ${title}`);
      if (unknown.length > 0) throw new Error(`not in the scrape: ${unknown.join(", ")}`);
    });
  }, 120_000);

  testWithPrograms("prometheus")(
    "reach a real Prometheus by the monitor's settings, and make the alerts fire",
    async () => {
      const endpoint = customResource(stack, "PodMonitor").spec.podMetricsEndpoints[0];
      const scrape = {
        job_name: monitor.job,
        scrape_interval: "1s",
        scrape_timeout: "1s",
        metrics_path: endpoint.path,
        scheme: endpoint.scheme,
        params: endpoint.params,
        follow_redirects: endpoint.followRedirects,
        tls_config: { ca_file: join(vault.folder, "tls.crt"), server_name: endpoint.tlsConfig.serverName },
        static_configs: [
          {
            targets: [`127.0.0.1:${vault.metricsPort}`],
            labels: { namespace: "vault", pod: "vault-0", container: "vault", endpoint: "metrics" },
          },
        ],
      };
      const impatient = groups.map((group) => ({
        ...group,
        interval: "1s",
        rules: group.rules
          .filter(({ alert }) => PROBLEMS.includes(alert))
          .map(({ for: _for, ...rule }) => rule),
      }));
      const prometheus = await Prometheus.start({ scrape_configs: [scrape] }, impatient);
      try {
        const fires = (expected: string[]) =>
          until(async () => {
            expect(await prometheus.unwellTargets()).toEqual([]);
            expect((await prometheus.firing()).filter((name) => expected.includes(name))).toEqual(expected);
          });
        await fires(["VaultAuditDeviceFailure", "VaultRootTokenCreated"]);
        expect(await prometheus.firing()).not.toContain("VaultSealed");
        await vault.fill("first", true);
        await vault.fill("second", true);
        await until(async () => {
          expect((await vault.call("GET", "secret/canary")).status).toBe(500);
          expect(await prometheus.firing()).toContain("VaultAuditFailure");
        });
        await vault.fill("first", false);
        await vault.fill("second", false);
        await vault.done("PUT", "sys/seal");
        await fires(["VaultNoLeader", "VaultSealed"]);
      } finally {
        await prometheus.stop();
      }
    },
    300_000,
  );
});

/** Triggers the events whose metrics Vault reports only after they occur. */
async function useEverything(vault: RaftVault): Promise<void> {
  for (const name of ["first", "second"]) {
    await vault.done("PUT", `sys/audit/${name}`, {
      type: "file",
      options: { file_path: vault.auditFile(name), mode: "0600" },
    });
  }
  await vault.done("POST", "sys/mounts/secret", { type: "kv" });
  await vault.done("PUT", "secret/canary", { value: "test" });
  await vault.done("POST", "sys/auth/userpass", { type: "userpass" });
  await vault.done("POST", "auth/userpass/users/somebody", { password: "test", token_ttl: "1h" });
  await vault.done("POST", "auth/userpass/login/somebody", { password: "test" });
  await vault.fill("second", true);
  await vault.done("GET", "secret/canary");
  await vault.fill("second", false);
}
