import { checkArguments, text } from "../../core/field";
import { type AuditField, type Condition, type Detection, detection as DETECTION } from "./detection";

/**
 * Splunk search for a detection. Splunk must parse the JSON entries into fields.
 * @param source search that finds Vault's audit log
 * @see https://help.splunk.com/en/splunk-enterprise/search/spl-search-reference
 */
export function renderSplunk(detection: Detection, source = 'index=vault sourcetype="vault:audit"'): string {
  checkArguments("renderSplunk", { detection: [detection, DETECTION], source: [source, text.known()] });
  const { when, burst } = detection;
  const search = [source, ...when.map(condition)].join(" ");
  if (!burst) {
    return `${search}\n| table _time auth.display_name request.operation request.path request.remote_address`;
  }
  return [
    search,
    `| bin _time span=${burst.within.toSeconds() / 60}m`,
    `| stats dc(${burst.distinct}) AS events BY _time ${burst.by}`,
    `| where events > ${burst.moreThan}`,
  ].join("\n");
}

function condition(it: Condition): string {
  if ("not" in it) return `NOT ${condition(it.not)}`;
  const field = name(it.field);
  if ("absent" in it) return `NOT ${field}=*`;
  if ("contains" in it) return `${field}="*${it.contains}*"`;
  const values = "oneOf" in it ? it.oneOf : it.startsWith.map((start) => `${start}*`);
  const terms = values.map((value) => `${field}="${value}"`);
  return terms.length === 1 ? terms[0] : `(${terms.join(" OR ")})`;
}

/** Name of a field. Splunk adds {} to the names of lists; names with these characters are quoted. */
function name(field: AuditField): string {
  return field === "auth.policies" ? '"auth.policies{}"' : field;
}
