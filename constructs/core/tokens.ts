import { Token } from "cdktf";

/** How cdktf writes a list or a map that only Terraform knows: as its one element or key. */
const ELEMENT = /[#*]\{TfToken\[/;

/** True when the value is known now; a token is only known to Terraform, so checks must let it pass. */
export function isLiteral<T>(value: T | undefined): value is T {
  if (value === undefined || Token.isUnresolved(value)) return false;
  return typeof value !== "string" || !ELEMENT.test(value);
}
