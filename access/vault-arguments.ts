import type { Change, Label } from "./changes";
import { durationOf } from "../constructs/policy/durations";
import { mark } from "./markdown";
import { type Effect, settingOf } from "./vault-settings";
import type { Json } from "../analysis/terraform/blocks";
import { listOf, textOf } from "../analysis/terraform/values";

/** Change of one argument of an object in Vault. */
export interface ArgumentChange {
  /** Effect on access. */
  readonly direction: Change["direction"];
  /** Description, with both values. */
  readonly what: string;
  /** Label. @default - none */
  readonly label?: Label;
}

/** Arguments by their paths. A block that occurs once has no number; of several, the name or the position counts. */
export function flatten(value: Json, prefix = ""): Map<string, unknown> {
  const flat = new Map<string, unknown>();
  const add = (name: string, item: unknown) => {
    if (item === undefined || item === null) return;
    if (Array.isArray(item) && item.some(isObject)) {
      const blocks = item.filter(isObject);
      blocks.forEach((block, index) => {
        const key = blocks.length === 1 ? "" : `.${textOf(block.name ?? block.key ?? index)}`;
        for (const [path, part] of flatten(block, `${name}${key}.`)) flat.set(path, part);
      });
    } else if (isObject(item)) for (const [path, part] of flatten(item, `${name}.`)) flat.set(path, part);
    else flat.set(name, item);
  };
  for (const [name, item] of Object.entries(value)) add(`${prefix}${name}`, item);
  return flat;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Change of an argument; undefined if both values mean the same. */
export function argumentChange(
  type: string,
  name: string,
  before: unknown,
  after: unknown,
): ArgumentChange | undefined {
  const [was, is] = [listOf(before).sort(), listOf(after).sort()];
  if (was.join("\n") === is.join("\n")) return undefined;
  const { effect, label } = settingOf(type, name);
  const isDefault = [was, is].some(([value = "0"]) => value === "0") && HAS_DEFAULT.test(name);
  // An entry of a list adds or takes something away, even if only Terraform knows its value.
  const isUnknown = !SETS.includes(effect) && [...was, ...is].some((value) => value.includes("{{terraform "));
  const direction = isDefault || isUnknown ? "changed" : worstDirection(effect, was, is);
  if (direction === undefined) return undefined;
  const isSafe = direction === "narrower" || direction === "same";
  return { direction, what: describe(type, name, was, is), ...(!isSafe && label && { label }) };
}

/** Arguments that have a default of Vault if they are absent or 0, which is neither no limit nor none. */
const HAS_DEFAULT = /_leeway$|(^|\.)lockout_(threshold|duration|counter_reset)|(^|\.)(max|default)_lease_ttl/;

const SETS: readonly Effect[] = ["grants", "limits", "guards"];

const LISTS: readonly Effect[] = [...SETS, "unknown", "operation"];

const BY_SEVERITY = ["wider", "changed", "narrower", "same"] as const;

/** Direction of a change. A single value of which there are several, because of several writes, may be any of them. */
function worstDirection(
  effect: Effect,
  was: readonly string[],
  is: readonly string[],
): Change["direction"] | undefined {
  if (LISTS.includes(effect)) return directionOf(effect, was, is);
  const each = (values: readonly string[]) => (values.length === 0 ? [[]] : values.map((value) => [value]));
  const all = each(is).flatMap((later) => each(was).map((earlier) => directionOf(effect, earlier, later)));
  return BY_SEVERITY.find((direction) => all.includes(direction));
}

/** Direction of a change; undefined if the values differ only in their spelling. */
function directionOf(
  effect: Effect,
  was: readonly string[],
  is: readonly string[],
): Change["direction"] | undefined {
  const [added, removed] = [is.filter((one) => !was.includes(one)), was.filter((one) => !is.includes(one))];
  const byOrder = (earlier: number, later: number) =>
    earlier === later ? undefined : later > earlier ? "wider" : "narrower";
  const isTrue = ([value = ""]: readonly string[]) => /^(1|t|true)$/i.test(value);
  const isFalse = ([value = ""]: readonly string[]) => /^(0|f|false)$/i.test(value);
  const size = ([value]: readonly string[]) => durationOf(value) ?? Number(value ?? 0);
  if (typeof effect === "object" && "default" in effect) {
    const slack = (values: readonly string[]) => Math.max(size(values) || effect.default, 0);
    return byOrder(slack(was), slack(is));
  }
  if (typeof effect !== "string") {
    const rank = ([value]: readonly string[]) => (value === undefined ? 0 : effect.indexOf(value));
    return rank(was) < 0 || rank(is) < 0 ? "changed" : byOrder(rank(was), rank(is));
  }
  switch (effect) {
    case "grants":
      return (is.includes("*") || !was.includes("*")) && added.length > 0 ? "wider" : "narrower";
    case "limits":
      return is.length === 0 || (added.length > 0 && was.length > 0) ? "wider" : "narrower";
    case "guards":
      return removed.length > 0 ? "wider" : "narrower";
    case "opens":
      return byOrder(Number(isTrue(was)), Number(isTrue(is)));
    case "protects":
      return byOrder(Number(!isTrue(was)), Number(!isTrue(is)));
    case "protects by default":
      return byOrder(Number(isFalse(was)), Number(isFalse(is)));
    case "more":
      return byOrder(size(was) || Infinity, size(is) || Infinity);
    case "less":
      return byOrder(-size(was), -size(is));
    case "keeps":
      return byOrder(-(size(was) || Infinity), -(size(is) || Infinity));
    case "operation":
      return "same";
    case "unknown":
      return "changed";
  }
}

/** Arguments with values that can be secret. */
const SECRETS =
  /password|passphrase|bindpass|credential|private_key|secret(?!_id_(num|ttl|bound)|_name)|token$|access_key|account_key|license|pem_bundle|data_json|config_json|key_material|_wo$|certificate_bundle|connection_url$/;

function describe(type: string, name: string, was: readonly string[], is: readonly string[]): string {
  if (SECRETS.test(name) || /^vault_kv_secret(_v2)?$/.test(type))
    return `${mark(name)} changed: ${hidden(name, was)} -> ${hidden(name, is)}`;
  const isList = was.length > 1 || is.length > 1;
  if (!isList) return `${mark(name)}: ${shown(was)} -> ${shown(is)}`;
  return [
    ...is.filter((one) => !was.includes(one)).map((one) => `+ ${mark(name)} ${shown([one])}`),
    ...was.filter((one) => !is.includes(one)).map((one) => `- ${mark(name)} ${shown([one])}`),
  ].join("; ");
}

/** Value without its secret: the host of a URL, otherwise only whether there is one. */
function hidden(name: string, values: readonly string[]): string {
  if (values.length === 0) return "not set";
  const [, host] = /(?:@|\/\/|\()((?:\[[0-9a-f:]+\]|[\w.-]+)(?::\d+)?)(?=[/?)]|$)/i.exec(values[0]) ?? [];
  return name.endsWith("connection_url") && host !== undefined ? `host ${mark(host)}` : "a hidden value";
}

/** Shortens a value to the start of one line. Certificates are long, and their ends are alike. */
function shown(values: readonly string[]): string {
  const line = values.join(", ").replace(/\s+/g, " ");
  if (line === "") return "not set";
  return mark(line.length > 120 ? `${line.slice(0, 120)}...` : line);
}
