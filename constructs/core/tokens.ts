import { Token } from "cdktf";

/** Encoding of a list or a map that only Terraform knows, as its only element or key. */
const ELEMENT = /[#*]\{TfToken\[/;

/**
 * Returns true if the value is known at synthesis. Only Terraform knows the value of a token, so checks must accept
 * tokens.
 */
export function isLiteral<T>(value: T | undefined): value is T {
  if (value === undefined || Token.isUnresolved(value)) return false;
  return typeof value !== "string" || !ELEMENT.test(value);
}
