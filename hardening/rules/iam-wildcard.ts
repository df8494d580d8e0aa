import type { IamStatement, Selection } from "../../analysis/aws/iam-policy";
import { text, texts } from "../readers/blocks";
import { type ElementPolicy, judgePolicies, limits, policiesIn } from "../readers/iam";
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
      (element) => policiesIn(element).some(isOfIdentity),
      (element) => judgePolicies(policiesIn(element).filter(isOfIdentity), problemsOf),
    ),
    forResources(/^aws_iam_((role|user|group)_policy_attachment|policy_attachment)$/, ({ body }) =>
      attached(text(body.policy_arn) ?? ""),
    ),
    forResources(["aws_iam_role"], ({ body }) => texts(body.managed_policy_arns).flatMap(attached)),
    forResources(/^aws_iam_(role|user|group)_policy_attachments_exclusive$/, ({ body }) =>
      texts(body.policy_arns).flatMap(attached),
    ),
    forResources(["aws_ssoadmin_managed_policy_attachment"], ({ body }) =>
      attached(text(body.managed_policy_arn) ?? ""),
    ),
    // Vault makes credentials with these policies.
    forResources(["vault_aws_secret_backend_role"], ({ body }) => texts(body.policy_arns).flatMap(attached)),
  ),
};

function isOfIdentity({ kind, policy }: ElementPolicy): boolean {
  const isDocument =
    kind === "document" && (policy.unread.length > 0 || policy.statements.some((it) => !it.principals));
  return kind === "identity" || isDocument;
}

function problemsOf({ effect, actions, resources, principals, conditions }: IamStatement): string[] {
  if (effect !== "Allow" || principals || !isEverything(resources) || conditions.some(limits)) return [];
  if (actions.isNot) return ["* is allowed on everything"];
  return actions.values
    .filter((action) => /^(\*+|[\w-]+:\*+)$/.test(action))
    .map((action) => `${action} is allowed on everything`);
}

function isEverything(resources: Selection | undefined): boolean {
  return !resources || resources.isNot || resources.values.some((it) => /^(\*+|arn(:\*+)+)$/.test(it));
}

function attached(arn: string): string[] {
  return ADMINISTRATORS.test(arn) ? [`${arn} is attached`] : [];
}
