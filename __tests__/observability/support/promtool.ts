import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import type { RuleGroup } from "../../../constructs/observability/vault-alerts";
import { programPath } from "../../support/needs";

/** Output of `promtool check rules`, empty if the rules are valid. */
export function checkRules(groups: readonly object[]): string {
  return inFolder({ "rules.yml": { groups } }, ["check", "rules", "--lint=all", "--lint-fatal", "rules.yml"]);
}

/** Test of one alert. */
export interface AlertTest {
  /** Time between two samples. */
  readonly interval: string;
  /** Time series in promtool's notation. */
  readonly series: Readonly<Record<string, string>>;
  /** Time of the evaluation. */
  readonly at: string;
  readonly alert: string;
  /** Alerts that must fire. */
  readonly expected: readonly {
    readonly exp_labels: Readonly<Record<string, string>>;
    readonly exp_annotations: Readonly<Record<string, string>>;
  }[];
}

/** Output of `promtool test rules`, empty if the test passes. */
export function testAlert(groups: readonly RuleGroup[], test: AlertTest): string {
  const tests = {
    rule_files: ["rules.yml"],
    evaluation_interval: test.interval,
    tests: [
      {
        interval: test.interval,
        input_series: Object.entries(test.series).map(([series, values]) => ({ series, values })),
        alert_rule_test: [{ eval_time: test.at, alertname: test.alert, exp_alerts: test.expected }],
      },
    ],
  };
  return inFolder({ "rules.yml": { groups }, "test.yml": tests }, ["test", "rules", "test.yml"]);
}

function inFolder(files: Readonly<Record<string, object>>, args: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "promtool-"));
  try {
    for (const [name, content] of Object.entries(files))
      writeFileSync(join(folder, name), stringify(content));
    const { status, stdout, stderr, error }: SpawnSyncReturns<string> = spawnSync(
      programPath("promtool"),
      args,
      {
        cwd: folder,
        encoding: "utf8",
      },
    );
    if (error) throw error;
    return status === 0 ? "" : `${stdout}${stderr}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
