import { received } from "../../constructs/core/received";
import { durationOf } from "../../constructs/policy/durations";
import { NotJudged } from "../not-judged";
import { type Block, isBlock, text } from "./blocks";

/**
 * Values as their consumers read them. Each function throws NotJudged for a value that only Terraform knows: a rule
 * cannot take it for a missing one.
 */

/** Spellings of strconv.ParseBool, which Vault, its provider and Kubernetes use. @see https://pkg.go.dev/strconv#ParseBool */
const TRUE = ["1", "t", "T", "TRUE", "true", "True"];
const FALSE = ["0", "f", "F", "FALSE", "false", "False"];

/** Returns true for text with an expression of Terraform that was not evaluated. */
export function isUnknown(value: unknown): value is string {
  return typeof value === "string" && /(?<!\$)(\$\$)*\$\{|(?<!%)(%%)*%\{/.test(value);
}

/**
 * Returns the value if nothing of it is an expression.
 * @param name name of the attribute, for the message
 * @throws NotJudged for an expression, also in a list
 */
export function known<T>(name: string, value: T): T {
  const unknown = [value].flat().find(isUnknown);
  if (unknown === undefined) return value;
  throw new NotJudged(`${name} is ${received(unknown, name)}, which only Terraform can evaluate`);
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
 * Boolean of an attribute; undefined if it is missing, null or empty.
 * @throws NotJudged also for text that is not a boolean
 */
export function booleanOf(body: Block, name: string): boolean | undefined {
  const value = textOf(body, name);
  if (value === undefined || value === "") return undefined;
  if (TRUE.includes(value)) return true;
  if (FALSE.includes(value)) return false;
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
  const seconds = durationOf(value);
  if (seconds === undefined) throw new NotJudged(`${name} is ${received(value, name)}, which is not a time`);
  return seconds;
}
