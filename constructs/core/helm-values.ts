import { stringify } from "yaml";
import { literal } from "./literal";

/**
 * Values of a Helm release as text. Helm reads YAML 1.1, where `yes`, `on` and `1_000` are no texts unless they are
 * quoted; lines stay whole, so that a diff shows what changed.
 */
export function renderHelmValues(values: unknown): string {
  return literal(stringify(values, { version: "1.1", lineWidth: 0, aliasDuplicateObjects: false }));
}
