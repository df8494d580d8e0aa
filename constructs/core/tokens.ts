import { Token } from "cdktf";

/** True when the value is known now; a token is only known to Terraform, so checks must let it pass. */
export function isLiteral<T>(value: T | undefined): value is T {
  return value !== undefined && !Token.isUnresolved(value);
}
