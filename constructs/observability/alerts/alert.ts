import type { Duration } from "../../core/duration";

/**
 * Urgency of an alert. `critical` pages at any time: Vault does not serve requests, is about to stop, loses data that
 * cannot be recovered, or a root token was created. `warning` waits until morning.
 */
export type Severity = "critical" | "warning";

/** Alerting rule. Two rules can share a name if their severities differ. */
export interface Alert {
  /** Name, which in kebab case is also the page in `docs/runbooks`. */
  readonly name: string;
  /** Urgency of the alert. */
  readonly severity: Severity;
  /** PromQL expression; each series that it returns is an alert. */
  readonly expr: string;
  /** Time that the expression must return a series before the alert fires. @default - at once */
  readonly for?: Duration;
  /** One line with the names of the affected objects; a Prometheus template. */
  readonly summary: string;
  /** Consequence for the users of Vault; a Prometheus template. */
  readonly description: string;
}

/** File name of an alert's page in `docs/runbooks`. */
export function runbookPage(alert: string): string {
  return `${alert.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "-").toLowerCase()}.md`;
}
