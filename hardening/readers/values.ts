import { received } from "../../constructs/core/received";
import { readBoolean, readSeconds } from "../../analysis/terraform/readings";
import { hasUnknown, isUnknown as isUnknownValue, symbolic } from "../../analysis/terraform/unknown";
import { NotJudged } from "../not-judged";
import { type Block, isBlock, text } from "./blocks";

/**
 * Values as their consumers read them. Each function throws NotJudged for a value that only Terraform knows: a rule
 * cannot take it for a missing one.
 */

/**
 * Returns true for a value that only Terraform knows: an `Unknown`, a text that contains one, or an expression in the
 * notation of JSON. Objects are not searched.
 */
export function isUnknown(value: unknown): boolean {
  return isUnknownValue(value) || (typeof value === "string" && (hasUnknown(value) || isExpression(value)));
}

/**
 * Returns the value if Terraform is not needed to know it.
 * @param name name of the attribute, for the message
 * @throws NotJudged for an unknown value, also in a list
 */
export function known<T>(name: string, value: T): T {
  const unknown = [value].flat().find((item) => isUnknown(item));
  if (unknown === undefined) return value;
  const shown = String(symbolic(unknown)).replace(/\{\{terraform ([^{}]*?)( #[0-9a-f]{8})?\}\}/g, "$${$1}");
  throw new NotJudged(`${name} is ${received(shown, name)}, which only Terraform can evaluate`);
}

function isExpression(text: string): boolean {
  return /(?<!\$)(\$\$)*\$\{|(?<!%)(%%)*%\{/.test(text);
}

/** Text of an attribute; undefined if it is missing or null. */
export function textOf(body: Block, name: string): string | undefined {
  return text(known(name, body[name]));
}

/** Texts of an attribute that is a list or a single value. */
export function textsOf(body: Block, name: string): string[] {
  const value = known(name, body[name]);
  return [value].flat().flatMap((item) => text(item) ?? []);
}

/** Block or map of an attribute; empty if it is missing or null. */
export function blockOf(body: Block, name: string): Block {
  const value = known(name, body[name]);
  return isBlock(value) ? value : Array.isArray(value) && isBlock(value[0]) ? value[0] : {};
}

/**
 * Boolean of an attribute in a spelling of Go, such as `true`, `T` or `1`; undefined if it is missing, null or empty, and
 * for `-`, with which Vault's chart says the same.
 * @throws NotJudged also for text that is not a boolean
 */
export function booleanOf(body: Block, name: string): boolean | undefined {
  const value = textOf(body, name);
  if (value === undefined || value === "" || value === "-") return undefined;
  const result = readBoolean(value);
  if (typeof result === "boolean") return result;
  throw new NotJudged(`${name} is ${received(value, name)}, which is not a boolean`);
}

/** Returns true if an attribute is on. A missing one is off. */
export function isOn(body: Block, name: string): boolean {
  return booleanOf(body, name) === true;
}

/** Returns true if an attribute is there and off. */
export function isOff(body: Block, name: string): boolean {
  return booleanOf(body, name) === false;
}

/**
 * Seconds of an attribute in a form that Vault and its provider accept: a number, `3600`, `1h`, `1h30m`, `7d`. Undefined
 * if it is missing, null or empty.
 * @throws NotJudged also for text that is not a time
 */
export function secondsOf(body: Block, name: string): number | undefined {
  const value = textOf(body, name);
  if (value === undefined || value === "") return undefined;
  const seconds = readSeconds(value);
  if (typeof seconds !== "number")
    throw new NotJudged(`${name} is ${received(value, name)}, which is not a time`);
  return seconds;
}
