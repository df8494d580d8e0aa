import { Duration } from "../../core/duration";
import type { VaultSeries } from "../vault-series";
import type { Alert, Severity } from "./alert";
import type { Thresholds } from "./thresholds";

/** Two alerts with the same name, for a filling and a nearly full volume. */
export function freeVolumeAlerts(
  series: VaultSeries,
  { freeVolume }: Thresholds,
  { name, volume, consequence }: { name: string; volume: "audit" | "data"; consequence: string },
): Alert[] {
  const severities: Severity[] = ["warning", "critical"];
  return severities.map((severity) => ({
    name,
    severity,
    expr: `${series.freeShare(volume)} * 100 < ${freeVolume[severity]}`,
    for: Duration.minutes(5),
    summary: `{{ $value | printf "%.0f" }}% of the ${volume} volume {{ $labels.persistentvolumeclaim }} are free`,
    description: consequence,
  }));
}
