import { isEverybody, statementsOf } from "../readers/iam";
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
    (element) => trusts(element).length > 0,
    (element) =>
      trusts(element).flatMap(({ actions, principals, conditions }) => {
        if (principals.some(isEverybody) && conditions.length === 0) return ["everybody may assume the role"];
        if (!actions.includes("sts:AssumeRoleWithWebIdentity")) return [];
        const subjects = conditions.filter(({ variable }) => variable.endsWith(":sub"));
        if (subjects.length === 0)
          return ["every token of the issuer may assume the role: sub is not compared"];
        return subjects
          .filter(({ operator }) => operator.includes("Like"))
          .flatMap(({ values }) => values.filter((value) => /[*?]/.test(value)))
          .map((value) => `every token whose sub matches ${value} may assume the role`);
      }),
  ),
};

function trusts(element: Parameters<typeof statementsOf>[0]) {
  return statementsOf(element).filter(
    ({ allows, actions }) => allows && actions.some((action) => action.startsWith("sts:AssumeRole")),
  );
}
