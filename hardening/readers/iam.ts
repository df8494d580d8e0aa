import { unescaped } from "../../constructs/core/literal";
import type { Element } from "../element";
import { memo } from "../memo";
import { type Block, block, blocks, field, isBlock, isReference, text, texts } from "./blocks";

/** Statement of an AWS policy. */
export interface Statement {
  /** True for Allow, false for Deny. */
  readonly allows: boolean;
  /** Actions of the statement; `*` for a statement with NotAction. */
  readonly actions: readonly string[];
  /** Resources of the statement; `*` for a statement with NotResource. */
  readonly resources: readonly string[];
  /** Principals; empty in an identity-based policy. */
  readonly principals: readonly string[];
  /** Conditions, all of which must be true. */
  readonly conditions: readonly Condition[];
}

/** Condition of a statement. */
export interface Condition {
  /** Operator such as `StringEquals`. */
  readonly operator: string;
  /** Condition key, such as `aws:PrincipalArn`. */
  readonly variable: string;
  /** Values to compare with. */
  readonly values: readonly string[];
}

/** Arguments that contain a policy as JSON, by resource type. */
const POLICY_ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  aws_iam_policy: ["policy"],
  aws_iam_role: ["assume_role_policy", "inline_policy"],
  aws_iam_role_policy: ["policy"],
  aws_iam_user_policy: ["policy"],
  aws_iam_group_policy: ["policy"],
  aws_kms_key: ["policy"],
  aws_kms_key_policy: ["policy"],
  aws_s3_bucket: ["policy"],
  aws_s3_bucket_policy: ["policy"],
  aws_secretsmanager_secret: ["policy"],
  aws_secretsmanager_secret_policy: ["policy"],
};

/** Statements that an element contains, as a policy document or as JSON. */
export const statementsOf = memo((element: Element): Statement[] => {
  const { block: kind, type, body } = element;
  if (kind === "data" && type === "aws_iam_policy_document") return blocks(body.statement).map(fromDocument);
  if (kind !== "resource") return [];
  return (POLICY_ARGUMENTS[type] ?? []).flatMap((name) => {
    const policies = Array.isArray(body[name]) ? blocks(body[name]).map((it) => it.policy) : [body[name]];
    return policies.flatMap(fromJson);
  });
});

/** Returns true for a principal that matches all AWS accounts. */
export function isEverybody(principal: string): boolean {
  return principal === "*" || /^arn:[\w-]+:(iam|sts)::\*/.test(principal);
}

function fromDocument(statement: Block): Statement {
  return {
    allows: (text(statement.effect) ?? "Allow") === "Allow",
    actions: [...texts(statement.actions), ...texts(statement.not_actions).map(() => "*")],
    resources: [...texts(statement.resources), ...texts(statement.not_resources).map(() => "*")],
    principals: blocks(statement.principals).flatMap(({ identifiers }) => texts(identifiers)),
    conditions: blocks(statement.condition).map(({ test, variable, values }) => ({
      operator: text(test) ?? "",
      variable: text(variable) ?? "",
      values: texts(values),
    })),
  };
}

function fromJson(policy: unknown): Statement[] {
  const json = text(policy);
  if (json === undefined || isReference(json) || !/^\s*\{/.test(json)) return [];
  return blocks((JSON.parse(unescaped(json)) as Block).Statement).map((statement) => ({
    allows: statement.Effect === "Allow",
    actions: [...texts(statement.Action), ...texts(statement.NotAction).map(() => "*")],
    resources: [...texts(statement.Resource), ...texts(statement.NotResource).map(() => "*")],
    principals: principalsOf(field(statement, "Principal")),
    conditions: Object.entries(block(statement.Condition)).flatMap(([operator, variables]) =>
      Object.entries(block(variables)).map(([variable, values]) => ({
        operator,
        variable,
        values: texts(values),
      })),
    ),
  }));
}

function principalsOf(principal: unknown): string[] {
  return isBlock(principal) ? Object.values(principal).flatMap(texts) : texts(principal);
}
