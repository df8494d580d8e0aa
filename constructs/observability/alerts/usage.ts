import { Duration } from "../../core/duration";
import type { WatchedVault } from "../watched-vault";
import type { Alert } from "./alert";
import { freeVolumeAlerts } from "./volumes";

/** Number of leases or tokens below which growth causes no alert. */
const FEW = 1000;

/** Alerts on leases, tokens and data that accumulate in Vault. */
export function usageAlerts({ series, thresholds }: WatchedVault): Alert[] {
  const { dailyGrowth } = thresholds;
  const growth = (metric: string, limit: number) => {
    const now = `sum by (namespace) (${series.ofLeader(metric)})`;
    const yesterday = `sum by (namespace) (${series.ofLeader(metric, "1d")})`;
    return `${now} > ${limit} or (${now} > ${FEW} and ${now} > ${dailyGrowth} * ${yesterday})`;
  };
  return [
    {
      name: "VaultLeaseGrowth",
      severity: "warning",
      expr: growth("vault_expire_num_leases", thresholds.leases),
      for: Duration.minutes(15),
      summary: "Vault in {{ $labels.namespace }} has {{ $value }} leases",
      description: `More than ${thresholds.leases}, or ${dailyGrowth} times as many as yesterday. Somebody asks for credentials without using them up; a leader that takes over has to read all leases first.`,
    },
    {
      name: "VaultTokenGrowth",
      severity: "warning",
      expr: growth("vault_token_count", thresholds.tokens),
      for: Duration.minutes(15),
      summary: "Vault in {{ $labels.namespace }} has {{ $value }} service tokens",
      description: `More than ${thresholds.tokens}, or ${dailyGrowth} times as many as yesterday. Somebody logs in again and again instead of keeping a token.`,
    },
    {
      name: "VaultIrrevocableLeases",
      severity: "warning",
      expr: `${series.ofLeader("vault_expire_num_irrevocable_leases")} > 0`,
      for: Duration.minutes(15),
      summary: "Vault in {{ $labels.namespace }} could not revoke {{ $value }} leases",
      description: "Vault has given up: their credentials may still work, in a database for instance.",
    },
    {
      name: "VaultRootTokenCreated",
      severity: "critical",
      // The counter does not exist before the first root token.
      expr: [
        `increase(${series.of("vault_token_create_root")}[1h]) > 0`,
        `(${series.of("vault_token_create_root")} > 0 unless on (pod) ${series.of("vault_token_create_root")} offset 1h)`,
      ].join(" or "),
      summary: "A root token was made at {{ $labels.pod }} within the last hour",
      description:
        "Expected when Vault is initialised and when custodians break the glass, and never otherwise.",
    },
    ...freeVolumeAlerts(series, thresholds, {
      name: "VaultDataVolumeFilling",
      volume: "data",
      consequence: "When it is full, the server cannot write and leaves the cluster; all servers fill alike.",
    }),
  ];
}
