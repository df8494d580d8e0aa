import { unescaped } from "../../constructs/core/literal";
import type { Element } from "../element";
import { memo } from "../memo";
import { type Block, block, blocks, field, isBlock, isReference, text, texts } from "./blocks";

/** One statement of a policy of AWS. */
export interface Statement {
  readonly allows: boolean;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Who; empty in a policy that an identity has. */
  readonly principals: readonly string[];
  readonly conditions: readonly Condition[];
}

export interface Condition {
  readonly operator: string;
  readonly variable: string;
  readonly values: readonly string[];
}

/** Arguments that hold a policy as JSON. */
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

/** The statements that an element spells out, as a policy document or as JSON. */
export const statementsOf = memo((element: Element): Statement[] => {
  const { block: kind, type, body } = element;
  if (kind === "data" && type === "aws_iam_policy_document") return blocks(body.statement).map(fromDocument);
  if (kind !== "resource") return [];
  return (POLICY_ARGUMENTS[type] ?? []).flatMap((name) => {
    const policies = Array.isArray(body[name]) ? blocks(body[name]).map((it) => it.policy) : [body[name]];
    return policies.flatMap(fromJson);
  });
});

/** True for everybody at AWS. */
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
