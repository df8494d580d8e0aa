import type { Duration } from "../../core/duration";

/**
 * `critical` wakes somebody: Vault does not serve, is about to stop, loses what cannot be had back, or somebody became
 * root. `warning` waits for the morning.
 */
export type Severity = "critical" | "warning";

/** One alerting rule. Two may share a name, if their severities differ. */
export interface Alert {
  /** Also names the page in `docs/runbooks`, in kebab case. */
  readonly name: string;
  readonly severity: Severity;
  /** PromQL; what it returns is alerted on. */
  readonly expr: string;
  /** How long it has to return that. @default - at once */
  readonly for?: Duration;
  /** One line, with the names of what is wrong; a Prometheus template. */
  readonly summary: string;
  /** What it means for those who use Vault; a Prometheus template. */
  readonly description: string;
}

/** Page of an alert in `docs/runbooks`, without its folder. */
export function runbookPage(alert: string): string {
  return `${alert.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "-").toLowerCase()}.md`;
}
