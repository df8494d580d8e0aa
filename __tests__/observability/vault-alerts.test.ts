import "reflect-metadata";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Release } from "@cdktf/provider-helm/lib/release";
import { TerraformStack, Testing } from "cdktf";
import { BackupCronJob } from "../../constructs/jobs/backup-cron-job";
import { RestoreDrill } from "../../constructs/jobs/restore-drill";
import { Seal } from "../../constructs/server/seal";
import { Tls } from "../../constructs/server/tls";
import { type IVault, vaultAt } from "../../constructs/server/vault";
import { CrdDeclaration } from "../../constructs/core/custom-resources";
import { Duration } from "../../constructs/core/duration";
import { Size } from "../../constructs/core/size";
import { runbookPage } from "../../constructs/observability/alerts/alert";
import type { Thresholds } from "../../constructs/observability/alerts/thresholds";
import { BACKUP, DRILL } from "../../constructs/observability/alerts/upkeep";
import { VaultAlerts } from "../../constructs/observability/vault-alerts";
import { vaultAlerts } from "./support/alert-cases";
import { customResource } from "./support/custom-resource";
import { describeWithPrograms } from "../support/needs";
import { checkRules } from "./support/promtool";
import { metricsOf } from "./support/promql";

type Block = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

const RUNBOOKS = join(__dirname, "..", "..", "docs", "runbooks");

const rulesOf = (alerts: VaultAlerts) => alerts.groups.flatMap(({ rules }) => rules);
const rules = rulesOf(vaultAlerts());
const exprOf = (alerts: VaultAlerts, name: string, severity: string) =>
  rulesOf(alerts).find(({ alert, labels }) => alert === name && labels.severity === severity)?.expr;

test("creates a PrometheusRule with the label that Prometheus selects", () => {
  const alerts = vaultAlerts();
  const object = customResource(TerraformStack.of(alerts), "PrometheusRule");
  expect(object).toMatchObject({
    apiVersion: "monitoring.coreos.com/v1",
    metadata: { name: "vault", namespace: "vault", labels: { release: "kube-prometheus-stack" } },
  });
  expect(object.spec.groups).toEqual(alerts.groups);
});

test("takes the labels that a Prometheus selects", () => {
  const alerts = vaultAlerts({ labels: { prometheus: "platform" } });
  const { metadata } = customResource(TerraformStack.of(alerts), "PrometheusRule");
  expect(metadata.labels).toEqual({ prometheus: "platform" });
});

test("exposes the Helm release as the default child of its resources", () => {
  const alerts = vaultAlerts();
  (alerts.resources.node.defaultChild as Release).addOverride("timeout", 60);
  const { resource } = JSON.parse(Testing.synth(TerraformStack.of(alerts)));
  expect(Object.values<Block>(resource.helm_release)[0]).toMatchObject({ name: "vault-alerts", timeout: 60 });
});

describe("each alert", () => {
  test.each(rules.map((rule) => ({ name: `${rule.alert} ${rule.labels.severity}`, rule })))(
    "$name has a severity, texts and an existing page with its name",
    ({ rule: { alert, labels, annotations } }) => {
      expect(["critical", "warning"]).toContain(labels.severity);
      expect(annotations.summary).not.toBe("");
      expect(annotations.description).not.toBe("");
      const page = annotations.runbook_url.replace("https://example.com/runbooks/", "");
      expect(page).toBe(runbookPage(alert));
      expect(readFileSync(join(RUNBOOKS, page), "utf8")).toMatch(new RegExp(`^# ${alert}\n`));
    },
  );

  test("selects one Vault by its job, and other exporters by its namespace", () => {
    const vault = vaultAt({ namespace: "secrets", releaseName: "vault-eu" });
    const text = JSON.stringify(vaultAlerts({ vault }).groups);
    expect(text).not.toMatch(/"vault\/vault|namespace=\\"vault\\"|vault-vault/);
    for (const { expr } of rulesOf(vaultAlerts({ vault }))) {
      const selectors = expr.match(/\{[^}]*\}/g)!;
      expect(selectors).toHaveLength(metricsOf(expr).length);
      for (const selector of selectors) {
        expect(selector).toMatch(/job="secrets\/vault-eu"|namespace="secrets"/);
      }
    }
  });
});

test("gives no two alerts the same name and severity", () => {
  const keys = rules.map(({ alert, labels }) => `${alert} ${labels.severity}`);
  expect(keys.filter((key, index) => keys.indexOf(key) < index)).toEqual([]);
});

describe("docs/runbooks/README.md", () => {
  const index = readFileSync(join(RUNBOOKS, "README.md"), "utf8");

  test("lists exactly the pages of the folder", () => {
    const listed = [...index.matchAll(/\]\(([\w-]+\.md)\)/g)].map(([, page]) => page);
    const pages = readdirSync(RUNBOOKS).filter((page) => page.endsWith(".md") && page !== "README.md");
    expect([...new Set(listed)].sort()).toEqual(pages.sort());
  });

  test("lists every alert with its page and severities, and no other", () => {
    const rows = [...index.matchAll(/^\| \[(Vault\w+)\]\(([\w-]+\.md)\) \| ([\w, ]+) \|/gm)];
    const listed = rows.map(([, alert, page, severities]) => [alert, page, severities]);
    const expected = [...new Set(rules.map(({ alert }) => alert))].map((alert) => [
      alert,
      runbookPage(alert),
      rules
        .filter((rule) => rule.alert === alert)
        .map(({ labels }) => labels.severity)
        .join(", "),
    ]);
    expect(listed.sort()).toEqual(expected.sort());
  });

  test("links only to existing pages", () => {
    const broken = readdirSync(RUNBOOKS).flatMap((page) =>
      [...readFileSync(join(RUNBOOKS, page), "utf8").matchAll(/\]\((?!https?:)([^)#]+)/g)]
        .map(([, target]) => target)
        .filter((target) => !existsSync(join(RUNBOOKS, target)))
        .map((target) => `${page}: ${target}`),
    );
    expect(broken).toEqual([]);
  });
});

test("watches exactly the CronJobs of the constructs", () => {
  const stack = new TerraformStack(Testing.app(), "test");
  const common = {
    vault: vaultAt(),
    images: { vault: "hashicorp/vault:1.21.0", awsCli: "amazon/aws-cli:2.31.0" },
    bucketName: "snapshots",
    region: "us-east-1",
    roleArn: "arn:aws:iam::111111111111:role/backup",
  };
  new BackupCronJob(stack, "Backup", common);
  new RestoreDrill(stack, "Drill", {
    ...common,
    seal: Seal.awsKms({ keyId: "alias/vault", region: "us-east-1", roleArn: common.roleArn }),
    canary: "test",
  });
  const { resource } = JSON.parse(Testing.synth(stack));
  const names = Object.values<Block>(resource.kubernetes_cron_job_v1).map(({ metadata }) => metadata.name);
  expect(names.sort()).toEqual([BACKUP, DRILL].sort());
});

describeWithPrograms("promtool")("all rules in promtool", () => {
  test.each([1, 3, 5])("are valid for %i servers", (replicas) => {
    expect(checkRules(vaultAlerts({ replicas }).groups)).toBe("");
  });

  test("are reported if one has an invalid expression", () => {
    const [group] = vaultAlerts().groups;
    expect(checkRules([{ ...group, rules: [{ ...group.rules[0], expr: "sum(" }] }])).toContain(
      "unclosed left parenthesis",
    );
  });
});

describe("thresholds", () => {
  const given: [Partial<Thresholds>, string, string, string][] = [
    [{ freeVolume: { warning: 40, critical: 20 } }, "VaultAuditVolumeFilling", "warning", "< 40"],
    [{ freeVolume: { warning: 40, critical: 20 } }, "VaultDataVolumeFilling", "critical", "< 20"],
    [{ auditBacklog: Size.gibibytes(1) }, "VaultAuditShippingBehind", "warning", "> 1073741824"],
    [{ auditTime: Duration.seconds(3) }, "VaultAuditStall", "critical", "> 3000"],
    [{ waitingRequests: 9 }, "VaultRequestsStuck", "critical", ">= 9 and"],
    [{ leases: 7000 }, "VaultLeaseGrowth", "warning", "> 7000 or"],
    [{ tokens: 8000 }, "VaultTokenGrowth", "warning", "> 8000 or"],
    [{ dailyGrowth: 1.5 }, "VaultTokenGrowth", "warning", "> 1.5 *"],
    [{ backupAge: Duration.hours(5) }, "VaultBackupOld", "critical", "> 18000"],
    [{ drillAge: Duration.days(2) }, "VaultDrillOld", "warning", "> 172800"],
    [
      { certificateValidity: { warning: Duration.days(3), critical: Duration.days(1) } },
      "VaultCertificateExpiring",
      "critical",
      "< 86400",
    ],
  ];
  test.each(given)("puts %j into the expression of %s %s", (thresholds, name, severity, expected) => {
    expect(exprOf(vaultAlerts({ thresholds }), name, severity)).toContain(expected);
    expect(exprOf(vaultAlerts(), name, severity)).not.toContain(expected);
  });

  const refused: [Partial<Thresholds>, string][] = [
    [
      { freeVolume: { warning: 10, critical: 10 } },
      'thresholds.freeVolume must be percent below 100, less for critical than for warning, got {"warning":10,"critical":10}',
    ],
    [{ freeVolume: { warning: 100, critical: 10 } }, "thresholds.freeVolume must be percent below 100"],
    [{ freeVolume: { warning: 10, critical: 0 } }, "thresholds.freeVolume must be percent below 100"],
    [
      { certificateValidity: { warning: Duration.days(7), critical: Duration.days(7) } },
      'thresholds.certificateValidity must be longer for warning than for critical, and critical above zero, got {"warning":"168h","critical":"168h"}',
    ],
    [
      { certificateValidity: { warning: Duration.days(7), critical: Duration.days(0) } },
      "thresholds.certificateValidity must be longer",
    ],
    [{ auditTime: Duration.seconds(0) }, "thresholds.auditTime must be above zero, got 0h"],
    [{ backupAge: Duration.seconds(0) }, "thresholds.backupAge must be above zero"],
    [{ drillAge: Duration.seconds(0) }, "thresholds.drillAge must be above zero"],
    [{ waitingRequests: 0 }, "thresholds.waitingRequests must be a whole number of 1 or more, got 0"],
    [{ leases: 1.5 }, "thresholds.leases must be a whole number of 1 or more, got 1.5"],
    [{ tokens: -1 }, "thresholds.tokens must be a whole number of 1 or more, got -1"],
    [{ dailyGrowth: 1 }, "thresholds.dailyGrowth must be a factor above 1, got 1"],
  ];
  test.each(refused)("rejects %j", (thresholds, message) => {
    expect(() => vaultAlerts({ thresholds })).toThrow(message);
  });
});

describe("invalid properties", () => {
  test.each(["http://example.com/runbooks", "docs/runbooks", "https://"])(
    "rejects %s as the URL of the runbooks",
    (runbooks) => {
      expect(() => vaultAlerts({ runbooks })).toThrow(
        `runbooks must be an https:// URL, got "${runbooks}" [test/Alerts]`,
      );
    },
  );

  test.each([0, 1.5, -3])("rejects %s servers", (replicas) => {
    expect(() => vaultAlerts({ replicas })).toThrow(`replicas must be 1 or more servers, got ${replicas}`);
  });

  test("rejects rules without the declaration of their CRD", () => {
    const crds = CrdDeclaration.groups("cert-manager.io");
    expect(() => vaultAlerts({ crds })).toThrow("PrometheusRule needs the CRDs of monitoring.coreos.com");
  });

  test("rejects a Vault at an address outside the cluster", () => {
    const vault: IVault = { ...vaultAt(), address: "https://vault.example.com" };
    expect(() => vaultAlerts({ vault })).toThrow("vault.address must be that of a Service");
  });
});

test("does not mention an existing certificate", () => {
  const tls = Tls.existingSecret({ secretName: "own-tls", dnsNames: [], ipAddresses: [] });
  expect(JSON.stringify(vaultAlerts({ tls }).groups)).not.toContain("own-tls");
});
