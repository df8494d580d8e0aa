/** A condition that is true for a KMS key that has one of the aliases. */
export function keyHasAlias(...values: string[]) {
  return { test: "ForAnyValue:StringEquals", variable: "kms:ResourceAliases", values };
}
