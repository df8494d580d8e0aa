import { TerraformStack, Testing } from "cdktf";
import { Tls } from "../../../constructs/server/tls";
import { vaultAt } from "../../../constructs/server/vault";
import { CrdDeclaration } from "../../../constructs/core/custom-resources";
import {
  type RuleGroup,
  VaultAlerts,
  type VaultAlertsProps,
} from "../../../constructs/observability/vault-alerts";
import { describeWithPrograms } from "../../support/needs";
import { testAlert } from "./promtool";

/** Test case of an alert. */
export interface AlertCase {
  /** Time series in promtool's notation, starting at 0 with one sample per interval. */
  readonly series: Readonly<Record<string, string>>;
  /** Time between two samples. @default 1m */
  readonly interval?: string;
  /** Time of the evaluation, such as `10m`. */
  readonly at: string;
  /** Labels in addition to severity and namespace, and the value as the texts print it. @default - no alert */
  readonly fires?: readonly { readonly labels?: Readonly<Record<string, string>>; readonly value?: string }[];
}

/** Labels of the series of one Vault. */
export const JOB = 'job="vault/vault"';
/** Labels of the series of vault-0. */
export const POD_0 = `${JOB},namespace="vault",pod="vault-0"`;
/** Labels of the series of vault-1. */
export const POD_1 = `${JOB},namespace="vault",pod="vault-1"`;
/** Labels of the series of vault-2. */
export const POD_2 = `${JOB},namespace="vault",pod="vault-2"`;

const ISSUER = { kind: "ClusterIssuer", name: "platform-ca", type: "ca" } as const;

/** Alerts of a Vault with three servers, by default. */
export function vaultAlerts(props: Partial<VaultAlertsProps> = {}): VaultAlerts {
  const stack = new TerraformStack(Testing.app(), "test");
  return new VaultAlerts(stack, "Alerts", {
    vault: vaultAt(),
    replicas: 3,
    tls: Tls.certManager(ISSUER),
    runbooks: "https://example.com/runbooks",
    crds: CrdDeclaration.groups("monitoring.coreos.com"),
    ...props,
  });
}

/**
 * Tests all alerts of a group, by `<name> <severity>` and by situation. Each alert requires one case in which it fires
 * and one in which it does not.
 */
export function describeAlerts(
  group: string,
  cases: Readonly<Record<string, Readonly<Record<string, AlertCase>>>>,
): void {
  const all = vaultAlerts().groups.find(({ name }) => name === `vault-vault-${group}`)!;
  const keyOf = ({ alert, labels }: RuleGroup["rules"][number]) => `${alert} ${labels.severity}`;

  test("every alert of the group has a case in which it fires and one in which it does not", () => {
    const tested = Object.entries(cases)
      .filter(([, own]) => Object.values(own).some(({ fires }) => fires))
      .filter(([, own]) => Object.values(own).some(({ fires }) => !fires))
      .map(([key]) => key);
    expect(tested.sort()).toEqual(all.rules.map(keyOf).sort());
  });

  for (const [key, own] of Object.entries(cases)) {
    describeWithPrograms("promtool")(`${key}, as promtool sees it`, () => {
      const rule = all.rules.find((candidate) => keyOf(candidate) === key)!;
      test.each(Object.entries(own).map(([title, it]) => ({ title, it })))(
        "$title",
        ({ it: { series, at, interval = "1m", fires = [] } }) => {
          const expected = fires.map(({ labels = {}, value }) => {
            const full = { namespace: "vault", severity: rule.labels.severity, ...labels };
            const annotations = Object.entries(rule.annotations).map(([name, text]) => [
              name,
              expand(text, full, value),
            ]);
            return { exp_labels: full, exp_annotations: Object.fromEntries(annotations) };
          });
          const said = testAlert([{ name: all.name, rules: [rule] }], {
            series,
            at,
            interval,
            alert: rule.alert,
            expected,
          });
          expect(said).toBe("");
        },
      );
    });
  }
}

/** Expands the features of a Prometheus template that the alerts use. */
function expand(text: string, labels: Readonly<Record<string, string>>, value?: string): string {
  return text
    .replace(/\{\{ \$labels\.(\w+) \}\}/g, (_, label) => labels[label])
    .replace(/\{\{ \$value[^}]*\}\}/g, () => value ?? "no value is expected");
}
