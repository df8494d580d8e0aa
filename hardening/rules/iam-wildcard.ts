import { text, texts } from "../readers/blocks";
import { statementsOf } from "../readers/iam";
import type { Rule } from "../rule";
import { all, forElements, forResources } from "../subjects";

const ADMINISTRATORS = /\/(AdministratorAccess|PowerUserAccess|IAMFullAccess)$/;

/** Reports IAM policies that allow all actions on all resources. */
export const iamWildcard: Rule = {
  id: "iam-wildcard",
  level: "error",
  title: "No role may do everything with everything",
  item: "cloud",
  fix: "Name the actions and the resources.",
  source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
  check: all(
    forElements(
      (element) => statementsOf(element).some(({ principals }) => principals.length === 0),
      (element) =>
        statementsOf(element)
          .filter(({ allows, principals }) => allows && principals.length === 0)
          .filter(({ resources, conditions }) => resources.includes("*") && conditions.length === 0)
          .flatMap(({ actions }) => actions.filter((action) => /^(\*|[\w-]+:\*)$/.test(action)))
          .map((action) => `${action} is allowed on everything`),
    ),
    forResources(/^aws_iam_(role|user|group)_policy_attachment$/, ({ body }) => {
      const arn = text(body.policy_arn) ?? "";
      return ADMINISTRATORS.test(arn) ? [`${arn} is attached`] : [];
    }),
    forResources(["aws_iam_role"], ({ body }) =>
      texts(body.managed_policy_arns)
        .filter((arn) => ADMINISTRATORS.test(arn))
        .map((arn) => `${arn} is attached`),
    ),
  ),
};
