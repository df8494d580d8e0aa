import { anyText, checkArguments, object, text } from "../../core/field";
import { type AuditField, type Condition, type Detection, detection as DETECTION } from "./detection";

export interface ElasticSource {
  /** Index pattern. @default logs-hashicorp_vault.audit-* - that of Elastic's integration for Vault */
  readonly index?: string;
  /** What the names of fields start with. @default hashicorp_vault.audit. - that of Elastic's integration for Vault */
  readonly prefix?: string;
}

const SOURCE = object<ElasticSource>(() => ({
  index: text.known().optional(),
  prefix: anyText.known().optional(),
}));

const PREFIX = "hashicorp_vault.audit.";

/**
 * The entries of a detection as a KQL query, for Kibana and its rules. A burst is a threshold rule over it: grouped by
 * `burst.by`, counting the different values of `burst.distinct`.
 * @see https://www.elastic.co/docs/reference/query-languages/kql
 */
export function renderKql(detection: Detection, source: ElasticSource = {}): string {
  checkArguments("renderKql", { detection: [detection, DETECTION], source: [source, SOURCE] });
  const { prefix = PREFIX } = source;
  return detection.when.map((it) => kql(it, prefix)).join(" and ");
}

/**
 * A detection as an ES|QL query, with its burst.
 * @see https://www.elastic.co/docs/reference/query-languages/esql
 */
export function renderEsql(detection: Detection, source: ElasticSource = {}): string {
  checkArguments("renderEsql", { detection: [detection, DETECTION], source: [source, SOURCE] });
  const { when, burst } = detection;
  const { index = "logs-hashicorp_vault.audit-*", prefix = PREFIX } = source;
  const where = [`FROM ${index}`, `| WHERE ${when.map((it) => esql(it, prefix)).join("\n    AND ")}`];
  if (!burst) {
    const shown: AuditField[] = [
      "auth.display_name",
      "request.operation",
      "request.path",
      "request.remote_address",
    ];
    return [...where, `| KEEP @timestamp, ${shown.map((field) => prefix + field).join(", ")}`].join("\n");
  }
  const count = `COUNT_DISTINCT(${prefix}${burst.distinct})`;
  const window = `DATE_TRUNC(${burst.within.toSeconds() / 60} minutes, @timestamp)`;
  return [
    ...where,
    `| STATS events = ${count} BY window = ${window}, ${prefix}${burst.by}`,
    `| WHERE events > ${burst.moreThan}`,
  ].join("\n");
}

function kql(it: Condition, prefix: string): string {
  if ("not" in it) return `not ${kql(it.not, prefix)}`;
  const field = prefix + it.field;
  if ("absent" in it) return `not ${field}: *`;
  if ("contains" in it) return `${field}: *${it.contains}*`;
  const values =
    "oneOf" in it ? it.oneOf.map((value) => `"${value}"`) : it.startsWith.map((start) => `${start}*`);
  return `${field}: ${values.length === 1 ? values[0] : `(${values.join(" or ")})`}`;
}

function esql(it: Condition, prefix: string): string {
  // What is compared with nothing is neither true nor false, and so would not be negated.
  if ("not" in it) return `NOT COALESCE(${esql(it.not, prefix)}, false)`;
  const field = prefix + it.field;
  if ("absent" in it) return `${field} IS NULL`;
  if ("contains" in it) return `${field} LIKE "*${it.contains}*"`;
  if ("startsWith" in it) {
    return either(it.startsWith.map((start) => `STARTS_WITH(${field}, "${start}")`));
  }
  // A list is equal to nothing; the commas keep names apart that are part of others.
  if (it.field === "auth.policies") {
    const list = `CONCAT(",", MV_CONCAT(${field}, ","), ",")`;
    return either(it.oneOf.map((value) => `${list} LIKE "*,${value},*"`));
  }
  return either(it.oneOf.map((value) => `${field} == "${value}"`));
}

function either(terms: readonly string[]): string {
  return terms.length === 1 ? terms[0] : `(${terms.join(" OR ")})`;
}
