import { Token } from "cdktf";
import { Construct } from "constructs";
import { hasSecretForm, isSecretName } from "./secret-forms";

const LONGEST = 80;

/**
 * A received value as errors show it: its kind, and texts and numbers as they are. A text that could be a secret, and a
 * long one, is not shown.
 * @param name of the property, which can tell that it holds a secret
 */
export function describeReceived(value: unknown, name = ""): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  // Also of numbers and lists: the encoded form says nothing to the reader.
  if (Token.isUnresolved(value)) return "a token, whose value Terraform alone knows";
  if (typeof value === "string") return describeText(value, name);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "function") return value.name ? `the function ${value.name}` : "a function";
  if (typeof value !== "object") return `a ${typeof value}`;
  if (Construct.isConstruct(value)) return `the ${value.constructor.name} ${value.node.path}`;
  const { name: type } = (value.constructor as { name?: string } | undefined) ?? {};
  return type && type !== "Object" ? `a ${type}` : "an object";
}

function describeText(text: string, name: string): string {
  if (isSecretName(name) || hasSecretForm(text)) return "a string that is not shown";
  if (text.length > LONGEST || /[\r\n]/.test(text)) return `a string of ${text.length} characters`;
  return JSON.stringify(text);
}
