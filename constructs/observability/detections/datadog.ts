import { checkArguments, text } from "../../core/field";
import { type Condition, type Detection, detection as DETECTION } from "./detection";

/**
 * Query of a Datadog log monitor for a detection. Datadog must parse the JSON entries into attributes.
 * @param source search that finds Vault's audit log
 * @see https://docs.datadoghq.com/logs/explorer/search_syntax/
 * @see https://docs.datadoghq.com/api/latest/monitors/
 */
export function renderDatadog(detection: Detection, source = "source:vault"): string {
  checkArguments("renderDatadog", { detection: [detection, DETECTION], source: [source, text.known()] });
  const { when, burst } = detection;
  const search = [source, ...when.map(condition)].join(" ").replace(/[\\"]/g, "\\$&");
  const rollup = burst ? `"cardinality", "@${burst.distinct}"` : '"count"';
  const by = burst ? `.by("@${burst.by}")` : "";
  const minutes = burst ? burst.within.toSeconds() / 60 : 5;
  return `logs("${search}").index("*").rollup(${rollup})${by}.last("${minutes}m") > ${burst?.moreThan ?? 0}`;
}

function condition(it: Condition): string {
  if ("not" in it) return `-${condition(it.not)}`;
  const field = `@${it.field}`;
  if ("absent" in it) return `-${field}:*`;
  if ("contains" in it) return `${field}:*${escape(it.contains)}*`;
  const values = "oneOf" in it ? it.oneOf.map(escape) : it.startsWith.map((start) => `${escape(start)}*`);
  return `${field}:${values.length === 1 ? values[0] : `(${values.join(" OR ")})`}`;
}

function escape(text: string): string {
  return text.replace(/[-=!&|><(){}[\]"*?:\\#\s]/g, "\\$&");
}
