/** IAM condition that matches KMS keys with one of the aliases. */
export function keyHasAlias(...values: string[]) {
  return { test: "ForAnyValue:StringEquals", variable: "kms:ResourceAliases", values };
}
