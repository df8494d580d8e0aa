import type { AwsBlock, AwsNames } from "./aws-names";
import { type IamPolicy, parsePolicy, policyOfDocument } from "./iam-policy";

/** Documents that no AWS resource and no other document refers to. */
export function unusedDocuments(
  blocks: readonly AwsBlock[],
  names: AwsNames,
): { block: AwsBlock; policy: IamPolicy }[] {
  const used = new Set<string>();
  for (const { kind, type, stack, body } of blocks) {
    if (!type.startsWith("aws_") || kind === "provider") continue;
    for (const [, name] of JSON.stringify(body).matchAll(/data\.aws_iam_policy_document\.([\w-]+)/g))
      used.add(`${stack} ${name}`);
  }
  return blocks
    .filter(({ kind, type }) => kind === "data" && type === "aws_iam_policy_document")
    .filter(({ stack, name }) => !used.has(`${stack} ${name.replace(/\[.*/, "")}`))
    .map((block) => ({ block, policy: documentPolicy(block.attributes, block.stack, names) }));
}

/** Policy of the arguments of a document. */
export function documentPolicy(
  attributes: AwsBlock["attributes"],
  stack: string,
  names: AwsNames,
): IamPolicy {
  return policyOfDocument(names.resolve(attributes, stack), (it) => parsePolicy(names.resolve(it, stack)));
}
