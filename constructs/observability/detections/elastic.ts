import { anyText, checkArguments, object, text } from "../../core/field";
import { type AuditField, type Condition, type Detection, detection as DETECTION } from "./detection";

/** Location of Vault's audit log in Elasticsearch. */
export interface ElasticSource {
  /** Index pattern. @default logs-hashicorp_vault.audit-* - the pattern of Elastic's integration for Vault */
  readonly index?: string;
  /** Prefix of the field names. @default hashicorp_vault.audit. - the prefix of Elastic's integration for Vault */
  readonly prefix?: string;
}

const SOURCE = object<ElasticSource>(() => ({
  index: text.known().optional(),
  prefix: anyText.known().optional(),
}));

const PREFIX = "hashicorp_vault.audit.";

/**
 * KQL query for the entries of a detection, for Kibana and its rules. For a burst, add a threshold rule: group by
 * `burst.by`, and count the different values of `burst.distinct`.
 * @see https://www.elastic.co/docs/reference/query-languages/kql
 */
export function renderKql(detection: Detection, source: ElasticSource = {}): string {
  checkArguments("renderKql", { detection: [detection, DETECTION], source: [source, SOURCE] });
  const { prefix = PREFIX } = source;
  return detection.when.map((it) => kql(it, prefix)).join(" and ");
}

/**
 * ES|QL query for a detection, including its burst.
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
  // A comparison with a missing value is neither true nor false, so a negation would not match.
  if ("not" in it) return `NOT COALESCE(${esql(it.not, prefix)}, false)`;
  const field = prefix + it.field;
  if ("absent" in it) return `${field} IS NULL`;
  if ("contains" in it) return `${field} LIKE "*${it.contains}*"`;
  if ("startsWith" in it) {
    return either(it.startsWith.map((start) => `STARTS_WITH(${field}, "${start}")`));
  }
  // == does not match a list; the commas prevent matches within longer names.
  if (it.field === "auth.policies") {
    const list = `CONCAT(",", MV_CONCAT(${field}, ","), ",")`;
    return either(it.oneOf.map((value) => `${list} LIKE "*,${value},*"`));
  }
  return either(it.oneOf.map((value) => `${field} == "${value}"`));
}

function either(terms: readonly string[]): string {
  return terms.length === 1 ? terms[0] : `(${terms.join(" OR ")})`;
}
