import { canName } from "../../analysis/aws/compare";
import { parseOperator } from "../../analysis/aws/conditions";
import type { IamStatement } from "../../analysis/aws/iam-policy";
import { type ElementPolicy, isForEverybody, judgePolicies, policiesIn } from "../readers/iam";
import type { Rule } from "../rule";
import { forElements } from "../subjects";

/** Reports IAM roles that more than the named identities can assume. */
export const iamTrust: Rule = {
  id: "iam-trust",
  level: "error",
  title: "Roles are assumed by exactly those that are named",
  item: "cloud",
  fix: "Compare the token's sub for equality with one ServiceAccount or workflow, as IrsaRole and PipelineIamRole do.",
  source: "https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html",
  check: forElements(
    (element) => policiesIn(element).some(isTrust),
    (element) =>
      judgePolicies(policiesIn(element).filter(isTrust), (it) => (trusts(it) ? problemsOf(it) : [])),
  ),
};

function isTrust({ kind, policy }: ElementPolicy): boolean {
  return kind === "trust" || (kind === "document" && policy.statements.some(trusts));
}

/** Returns true for a statement by which a role can be assumed. */
function trusts(statement: IamStatement): boolean {
  const { effect, principals, resources } = statement;
  if (effect !== "Allow" || !principals || resources) return false;
  return ["sts:AssumeRole", WEB_IDENTITY, "sts:AssumeRoleWithSAML"].some((it) => canName(statement, it, "*"));
}

const WEB_IDENTITY = "sts:AssumeRoleWithWebIdentity";

function problemsOf(statement: IamStatement): string[] {
  if (isForEverybody(statement)) return ["everybody may assume the role"];
  const { principals, conditions } = statement;
  const isFederated = principals?.isNot || principals?.values.some((it) => it.startsWith("Federated:"));
  if (!isFederated || !canName(statement, WEB_IDENTITY, "*")) return [];
  const subjects = conditions.filter(({ key, operator }) => {
    const { isNegative, ifExists, set, base } = parseOperator(operator);
    return (
      /:sub$/i.test(key) && !isNegative && !ifExists && set !== "forallvalues" && base.startsWith("string")
    );
  });
  if (subjects.length === 0) return ["every token of the issuer may assume the role: sub is not compared"];
  return subjects
    .filter(({ operator }) => /like/i.test(operator))
    .flatMap(({ values }) => values.filter((value) => /[*?]/.test(value)))
    .map((value) => `every token whose sub matches ${value} may assume the role`);
}
