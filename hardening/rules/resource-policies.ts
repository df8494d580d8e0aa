import type { IamStatement } from "../../analysis/aws/iam-policy";
import { type ElementPolicy, isForEverybody, judgePolicies, policiesIn } from "../readers/iam";
import type { Rule } from "../rule";
import { forElements } from "../subjects";

/** Reports policies of KMS keys and secrets that admit everybody, or that cannot be read. */
export const resourcePolicies: Rule = {
  id: "resource-policies",
  level: "error",
  title: "Keys and secrets of AWS admit only those that are named",
  item: "cloud",
  fix: "Name the principals, or compare aws:PrincipalArn; write the policy so that it can be read before the apply.",
  source: "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html",
  check: forElements(
    (element) => policiesIn(element).some(isOfKeyOrSecret),
    (element) => judgePolicies(policiesIn(element).filter(isOfKeyOrSecret), problemsOf),
  ),
};

function problemsOf(statement: IamStatement): string[] {
  const { isNot, values } = statement.actions;
  return isForEverybody(statement)
    ? [`the policy allows everybody ${isNot ? "everything but " : ""}${values.join(", ")}`]
    : [];
}

function isOfKeyOrSecret({ kind, policy }: ElementPolicy): boolean {
  const concerns = ({ actions, principals }: IamStatement) =>
    principals !== undefined && actions.values.some((it) => /^(kms|secretsmanager):/i.test(it));
  return kind === "key" || kind === "secret" || (kind === "document" && policy.statements.some(concerns));
}
