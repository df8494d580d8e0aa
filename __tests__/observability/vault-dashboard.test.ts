import "reflect-metadata";
import type { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { TerraformStack, Testing } from "cdktf";
import { Tls } from "../../constructs/server/tls";
import { vaultAt } from "../../constructs/server/vault";
import { Duration } from "../../constructs/core/duration";
import { VaultDashboard, type VaultDashboardProps } from "../../constructs/observability/vault-dashboard";
import { describeWithPrograms } from "../support/needs";
import { testWithTerraform } from "../support/terraform";
import { checkRules } from "./support/promtool";
import { metricsOf, panelExpressions } from "./support/promql";

type Block = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

function build(props: Partial<VaultDashboardProps> = {}): {
  stack: TerraformStack;
  dashboard: VaultDashboard;
} {
  const stack = new TerraformStack(Testing.app(), "test");
  const dashboard = new VaultDashboard(stack, "Dashboard", {
    vault: vaultAt(),
    replicas: 3,
    tls: Tls.certManager({ kind: "ClusterIssuer", name: "platform-ca", type: "ca" }),
    ...props,
  });
  return { stack, dashboard };
}

const configMap = (stack: TerraformStack): Block =>
  Object.values<Block>(JSON.parse(Testing.synth(stack)).resource.kubernetes_config_map_v1)[0];
const model: Block = JSON.parse(build().dashboard.json);
const panels: Block[] = model.panels.filter(({ type }: Block) => type !== "row");

test("creates a ConfigMap in Vault's namespace with the label of Grafana's sidecar", () => {
  const { metadata, data } = configMap(build().stack);
  expect(metadata).toEqual({
    name: "vault-dashboard",
    namespace: "vault",
    labels: { grafana_dashboard: "1" },
  });
  expect(Object.keys(data)).toEqual(["vault-vault.json"]);
});

test("takes a namespace and labels for Grafana", () => {
  const { metadata } = configMap(
    build({ namespace: "monitoring", labels: { dashboards: "platform" } }).stack,
  );
  expect(metadata).toMatchObject({ namespace: "monitoring", labels: { dashboards: "platform" } });
});

testWithTerraform(["kubernetes"], "keeps the dashboard unchanged through Terraform", (plan) => {
  const { stack, dashboard } = build();
  new KubernetesProvider(stack, "Kubernetes", {});
  const [{ data }] = plan(stack).resources("kubernetes_config_map_v1");
  expect(data["vault-vault.json"]).toBe(dashboard.json);
  expect(dashboard.json).toContain("${datasource}");
});

test("renders the same text each time", () => {
  expect(build().dashboard.json).toBe(build().dashboard.json);
});

test("names the dashboard after its Vault", () => {
  const vault = vaultAt({ namespace: "secrets", releaseName: "vault-eu" });
  const { stack, dashboard } = build({ vault });
  const other = JSON.parse(dashboard.json);
  expect(other).toMatchObject({ uid: "secrets-vault-eu", title: "Vault secrets/vault-eu" });
  expect(configMap(stack).metadata).toMatchObject({ name: "vault-eu-dashboard", namespace: "secrets" });
  expect(dashboard.json).not.toContain("vault/vault");
});

test("shortens a uid to the 40 characters that Grafana allows", () => {
  const vault = vaultAt({ namespace: "n".repeat(40), releaseName: "vault" });
  expect(JSON.parse(build({ vault }).dashboard.json).uid).toHaveLength(40);
});

describe("panels", () => {
  test("have consecutive ids", () => {
    expect(model.panels.map(({ id }: Block) => id)).toEqual(model.panels.map((_: Block, i: number) => i + 1));
  });

  test("fit into the grid without overlap", () => {
    const cells = model.panels.flatMap(({ gridPos: { x, y, w, h } }: Block) => {
      expect(x + w).toBeLessThanOrEqual(24);
      return Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`);
    });
    expect(new Set(cells).size).toBe(cells.length);
  });

  test("have a unique title and a description", () => {
    const titles = panels.map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
    expect(panels.filter(({ description }) => !description)).toEqual([]);
  });

  test("query the data source that the user chose", () => {
    const datasource = { type: "prometheus", uid: "${datasource}" };
    for (const panel of panels) {
      expect(panel.datasource).toEqual(datasource);
      for (const target of panel.targets) expect(target.datasource).toEqual(datasource);
    }
    expect(model.templating.list).toMatchObject([
      { name: "datasource", type: "datasource", query: "prometheus" },
    ]);
  });

  test("name their queries A, B and C", () => {
    for (const { targets } of panels) {
      expect(targets.map(({ refId }: Block) => refId)).toEqual(["A", "B", "C"].slice(0, targets.length));
    }
  });

  test("select one Vault by its job, and other exporters by its namespace", () => {
    const expressions = panelExpressions(build().dashboard.json);
    expect(expressions.length).toBeGreaterThanOrEqual(panels.length);
    for (const { expr } of expressions) {
      const selectors = expr.match(/\{[^}]*\}/g)!;
      expect(selectors).toHaveLength(metricsOf(expr).length);
      for (const selector of selectors) {
        expect(selector).toMatch(/job="vault\/vault"|namespace="vault"/);
      }
    }
  });
});

describe("threshold colors", () => {
  const steps = (title: string, props: Partial<VaultDashboardProps> = {}) => {
    const { panels } = JSON.parse(build(props).dashboard.json);
    return panels.find((panel: Block) => panel.title === title)?.fieldConfig.defaults.thresholds.steps;
  };

  test("change at the alert's age of the backup", () => {
    expect(steps("Last backup")).toEqual([
      { color: "green", value: null },
      { color: "red", value: 93_600 },
    ]);
    expect(steps("Last backup", { thresholds: { backupAge: Duration.hours(5) } })[1].value).toBe(18_000);
  });

  test("change at the alerts' validity of the certificate", () => {
    expect(steps("Certificate valid for")).toEqual([
      { color: "red", value: null },
      { color: "orange", value: 604_800 },
      { color: "green", value: 1_814_400 },
    ]);
  });

  test("change at the number of servers", () => {
    expect(steps("Servers scraped", { replicas: 5 })[1]).toEqual({ color: "green", value: 5 });
    expect(steps("Losses survived", { replicas: 5 })[1]).toEqual({ color: "green", value: 2 });
  });

  test("are absent for a certificate that cert-manager does not issue", () => {
    const tls = Tls.existingSecret({ secretName: "own-tls", dnsNames: [], ipAddresses: [] });
    expect(steps("Certificate valid for", { tls })).toBeUndefined();
    expect(build({ tls }).dashboard.json).not.toContain("certmanager");
  });
});

test("exposes the ConfigMap as the default child", () => {
  const { stack, dashboard } = build();
  (dashboard.node.defaultChild as ConfigMapV1).addOverride("metadata.annotations", {
    grafana_folder: "Vault",
  });
  expect(configMap(stack).metadata.annotations).toEqual({ grafana_folder: "Vault" });
});

test.each([0, 2.5])("rejects %s servers", (replicas) => {
  expect(() => build({ replicas })).toThrow(
    `replicas must be 1 or more servers, got ${replicas} [test/Dashboard]`,
  );
});

describeWithPrograms("promtool")("the expressions of all panels in promtool", () => {
  test("are valid PromQL", () => {
    const rules = panelExpressions(build().dashboard.json).map(({ expr }, i) => ({
      record: `panel:${i}`,
      expr,
    }));
    expect(rules.length).toBeGreaterThan(20);
    expect(checkRules([{ name: "panels", rules }])).toBe("");
  });
});
