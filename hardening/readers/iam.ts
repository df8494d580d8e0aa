import { TerraformStack } from "cdktf";
import { AwsModel } from "../../analysis/aws/aws-model";
import type { AwsBlock } from "../../analysis/aws/aws-names";
import { parseOperator } from "../../analysis/aws/conditions";
import {
  type IamCondition,
  type IamPolicy,
  type IamStatement,
  parsePolicy,
} from "../../analysis/aws/iam-policy";
import { blocksOf } from "../../analysis/aws/aws-blocks";
import { environmentFrom } from "../../analysis/terraform/model";
import type { Element } from "../element";
import { memo } from "../memo";
import type { Platform } from "../platform";
import { type Verdict, judge, notJudged } from "../rule";
import { blocks } from "./blocks";

/** Policy of an element. */
export interface ElementPolicy {
  /** Kind by its holder. A document can be any of them. */
  readonly kind: "document" | "identity" | "trust" | "bucket" | "key" | "secret";
  /** Statements as AWS reads them. */
  readonly policy: IamPolicy;
}

/** Arguments that contain a policy as JSON, by resource type. */
const ARGUMENTS: Readonly<Record<string, readonly (readonly [string, ElementPolicy["kind"]])[]>> = {
  aws_iam_policy: [["policy", "identity"]],
  aws_iam_role: [
    ["assume_role_policy", "trust"],
    ["inline_policy", "identity"],
  ],
  aws_iam_role_policy: [["policy", "identity"]],
  aws_iam_user_policy: [["policy", "identity"]],
  aws_iam_group_policy: [["policy", "identity"]],
  aws_ssoadmin_permission_set_inline_policy: [["inline_policy", "identity"]],
  aws_kms_key: [["policy", "key"]],
  aws_kms_replica_key: [["policy", "key"]],
  aws_kms_external_key: [["policy", "key"]],
  aws_kms_key_policy: [["policy", "key"]],
  aws_s3_bucket: [["policy", "bucket"]],
  aws_s3_bucket_policy: [["policy", "bucket"]],
  aws_secretsmanager_secret: [["policy", "secret"]],
  aws_secretsmanager_secret_policy: [["policy", "secret"]],
};

/** Reference to a policy document, which is judged where it is written. */
const DOCUMENT = /^\$\{data\.aws_iam_policy_document\.([\w-]+)(\[[^\]]*\])?\.(minified_)?json\}$/;

/** AWS resources of an environment with the policies that decide about them. */
export const awsModelOf = memo((platform: Platform): AwsModel => {
  const stacks = new Map<string, Record<string, Record<string, unknown>>>();
  for (const element of platform.elements) {
    const { block, type, name, body } = element;
    const isRead = /^(resource|data)$/.test(block)
      ? /^(aws_|helm_release$|terraform_data$)/.test(type)
      : /^(provider|variable|locals)$/.test(block);
    if (!isRead) continue;
    const stack = TerraformStack.of(element.construct).node.path;
    const json = stacks.get(stack) ?? {};
    stacks.set(stack, json);
    const section = (json[block] ??= {});
    if (block === "locals") Object.assign(section, body);
    else if (block === "variable") section[name] = body;
    else if (block === "provider") ((section[type] ??= []) as unknown[]).push(body);
    else ((section[type] ??= {}) as Record<string, unknown>)[uniqueName(section[type], name)] = body;
  }
  const named = [...stacks].map(([name, json]) => ({ name, json }));
  return new AwsModel(blocksOf(environmentFrom("", named)));
});

/** Objects of one block that `count` makes have one name. */
function uniqueName(known: unknown, name: string): string {
  const names = Object.keys((known ?? {}) as object);
  return names.includes(name) ? uniqueName(known, `${name}_`) : name;
}

/** Policies of an element: a policy document, or JSON in an argument, by whatever expression it is formed. */
export const policiesIn = memo((element: Element): ElementPolicy[] => {
  const { block: kind, type, platform, body } = element;
  if (kind === "data" && type === "aws_iam_policy_document")
    return blockOf(element).map((it) => ({ kind: "document", policy: awsModelOf(platform).documentOf(it) }));
  if (kind !== "resource") return [];
  return (ARGUMENTS[type] ?? []).flatMap(([argument, holder]) => {
    const written = body[argument];
    if (written === undefined || written === null) return [];
    const isInline = type === "aws_iam_role" && argument === "inline_policy";
    const texts = (isInline ? blocks(written).map(({ policy }) => policy) : [written]).filter(
      (it) => it !== undefined && !isDocument(platform, it),
    );
    if (texts.length === 0) return [];
    return blockOf(element).flatMap(({ attributes, stack }): ElementPolicy[] => {
      const value = attributes[argument];
      const values = isInline ? blocks(value).map(({ policy }) => policy) : [value];
      const { names } = awsModelOf(platform);
      return values
        .filter((it) => it !== undefined)
        .map((it) => ({ kind: holder, policy: parsePolicy(names.resolve(it, stack)) }));
    });
  });
});

function isDocument(platform: Platform, value: unknown): boolean {
  const [, name] = DOCUMENT.exec(typeof value === "string" ? value : "") ?? [];
  return name !== undefined && platform.data("aws_iam_policy_document").some((it) => it.name === name);
}

function blockOf({ block, type, name, platform, construct }: Element): AwsBlock[] {
  const stack = TerraformStack.of(construct).node.path;
  return awsModelOf(platform).blocks.filter(
    (it) =>
      it.kind === block && it.type === type && it.stack === stack && it.name.replace(/\[.*/, "") === name,
  );
}

/** Returns true for a statement that admits identities of all accounts. */
export function isForEverybody({ principals, conditions, effect }: IamStatement): boolean {
  if (!principals || effect !== "Allow" || conditions.some(limits)) return false;
  return principals.isNot || principals.values.some((it) => /^AWS:(\*|arn:[\w-]+:(iam|sts)::\*)/.test(it));
}

/** Condition keys that do not identify the caller, or that the caller chooses. */
const ANYONES =
  /^(aws:(securetransport|useragent|referer|currenttime|epochtime|tokenissuetime|requestedregion|calledvia\w*|viaawsservice|principalisawsservice)|s3:|kms:(viaservice|encryption\w*)|secretsmanager:)/i;

/** Returns true for a condition that not everybody can meet. */
export function limits({ operator, key, values }: IamCondition): boolean {
  const { base, ifExists, isNegative, set } = parseOperator(operator);
  if (ifExists || isNegative || set === "forallvalues" || base === "null" || ANYONES.test(key)) return false;
  return !values.some((it) => /^\*+$/.test(it) || /^(0\.0\.0\.0|::)\/0$/.test(it));
}

/** Judges the statements of policies. A policy that cannot be read completely does not hide problems of the others. */
export function judgePolicies(
  policies: readonly ElementPolicy[],
  problemsOf: (statement: IamStatement) => readonly string[],
): Verdict {
  const problems = policies.flatMap(({ policy }) => policy.statements.flatMap(problemsOf));
  return policies.some(isOpen) ? notJudged([NOT_READ], problems) : judge(problems);
}

const NOT_READ = "not judged: a policy is formed by an expression that only Terraform can evaluate";

/** Returns true if Terraform alone knows statements, actions or principals. Attributes of resources are none of these. */
function isOpen({ policy }: ElementPolicy): boolean {
  const isFormed = (texts: readonly string[]) =>
    texts.some((it) => /\{\{terraform [^}]*(\b(var|local|each|count)\.|\()/.test(it));
  return (
    policy.unread.length > 0 ||
    policy.statements.some(
      ({ actions, principals }) => isFormed(actions.values) || isFormed(principals?.values ?? []),
    )
  );
}
