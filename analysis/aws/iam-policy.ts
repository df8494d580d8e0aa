import { hasUnknown } from "./pattern";

/** Values of `Action` and the like, or everything except the values of `NotAction` and the like. */
export interface Selection {
  /** True for NotAction, NotResource and NotPrincipal. */
  readonly isNot: boolean;
  /** Patterns. Principals are written with their type: `AWS:*`, `Service:s3.amazonaws.com`. */
  readonly values: readonly string[];
}

/** Condition of a statement. All conditions of a statement must hold; one of its values is sufficient. */
export interface IamCondition {
  /** Operator as written, such as `ForAnyValue:StringEqualsIfExists`. */
  readonly operator: string;
  /** Condition key as written, such as `aws:PrincipalArn`. */
  readonly key: string;
  /** Values to compare with. */
  readonly values: readonly string[];
}

/** Statement of an IAM policy. */
export interface IamStatement {
  /** Identifier. @default - none */
  readonly sid?: string;
  /** Effect of the statement. */
  readonly effect: "Allow" | "Deny";
  /** Actions. */
  readonly actions: Selection;
  /** Resources. @default - none: the resource that the policy is attached to */
  readonly resources?: Selection;
  /** Principals. @default - none: the identity that the policy is attached to */
  readonly principals?: Selection;
  /** Conditions. */
  readonly conditions: readonly IamCondition[];
  /** True if the policy's Version supports policy variables. */
  readonly hasVariables: boolean;
}

/** Policy that was read. */
export interface IamPolicy {
  /** Statements in their order. */
  readonly statements: readonly IamStatement[];
  /** Texts that could not be read as statements. If there are any, the policy can mean more than its statements. */
  readonly unread: readonly string[];
}

/** Policy without statements. */
export const NO_POLICY: IamPolicy = { statements: [], unread: [] };

type Json = Readonly<Record<string, unknown>>;

/** Joins policies: an identity has all of its policies together. */
export function joinPolicies(policies: readonly IamPolicy[]): IamPolicy {
  return {
    statements: policies.flatMap(({ statements }) => statements),
    unread: policies.flatMap(({ unread }) => unread),
  };
}

/**
 * Reads a policy as AWS does: one value or a list, elements in any case of `Effect`'s siblings, without a Version.
 * A value that is not a policy document is returned as unread text.
 * @param value JSON text, or the object
 */
export function parsePolicy(value: unknown): IamPolicy {
  if (value === undefined || value === null || value === "") return NO_POLICY;
  let document = value;
  if (typeof value === "string") {
    try {
      document = JSON.parse(value);
    } catch {
      return { statements: [], unread: [value] };
    }
  }
  if (!isObject(document)) return { statements: [], unread: [String(value)] };
  const hasVariables = document.Version === "2012-10-17";
  const statements = list(document.Statement);
  if (statements.length === 0) return { statements: [], unread: [JSON.stringify(document)] };
  return joinPolicies(statements.map((statement) => parseStatement(statement, hasVariables)));
}

function parseStatement(statement: unknown, hasVariables: boolean): IamPolicy {
  const unread = { statements: [], unread: [textOf(statement)] };
  if (!isObject(statement)) return unread;
  const { Effect: effect, Sid: sid } = statement;
  if (effect !== "Allow" && effect !== "Deny") return unread;
  const actions = selection(statement, "Action");
  const known = [
    "Sid",
    "Effect",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Principal",
    "NotPrincipal",
  ];
  if (!actions || Object.keys(statement).some((key) => key !== "Condition" && !known.includes(key)))
    return unread;
  const conditions = parseConditions(statement.Condition);
  if (!conditions) return unread;
  return {
    statements: [
      {
        ...(typeof sid === "string" && sid !== "" ? { sid } : {}),
        effect,
        actions,
        resources: selection(statement, "Resource"),
        principals: principals(statement),
        conditions,
        hasVariables,
      },
    ],
    unread: [],
  };
}

function selection(statement: Json, name: string): Selection | undefined {
  const isNot = statement[name] === undefined;
  const value = isNot ? statement[`Not${name}`] : statement[name];
  return value === undefined ? undefined : { isNot, values: list(value).map(textOf) };
}

function principals(statement: Json): Selection | undefined {
  const isNot = statement.Principal === undefined;
  const value = isNot ? statement.NotPrincipal : statement.Principal;
  if (value === undefined) return undefined;
  const values = isObject(value)
    ? Object.entries(value).flatMap(([type, ids]) => list(ids).map((id) => principalText(type, textOf(id))))
    : list(value).map((id) => principalText("AWS", textOf(id)));
  return { isNot, values };
}

/** Principal in one spelling: an account is written as the ARN of its root. */
export function principalText(type: string, id: string): string {
  if (id === "*" || type === "*") return "AWS:*";
  return /^\d{12}$/.test(id) && type === "AWS" ? `AWS:arn:aws:iam::${id}:root` : `${type}:${id}`;
}

function parseConditions(value: unknown): IamCondition[] | undefined {
  if (value === undefined || value === null) return [];
  if (!isObject(value)) return undefined;
  return Object.entries(value).flatMap(([operator, keys]) =>
    isObject(keys)
      ? Object.entries(keys).map(([key, values]) => ({ operator, key, values: list(values).map(textOf) }))
      : [{ operator, key: textOf(keys), values: [] }],
  );
}

/**
 * Policy of the data source `aws_iam_policy_document`, as the provider renders it.
 * @param document arguments of the data source
 * @param resolve policy of an expression in source_policy_documents and override_policy_documents
 * @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
 */
export function policyOfDocument(document: Json, resolve: (value: unknown) => IamPolicy): IamPolicy {
  const hasVariables = document.version === undefined || document.version === "2012-10-17";
  const own = joinPolicies(list(document.statement).map((it) => parseBlock(it, hasVariables)));
  const sources = ["source_policy_documents", "source_json"].flatMap((name) => list(document[name]));
  const overrides = ["override_policy_documents", "override_json"].flatMap((name) => list(document[name]));
  return [...sources.map(resolve), own, ...overrides.map(resolve)].reduce(override, NO_POLICY);
}

/** A later statement replaces an earlier one with the same Sid. */
function override(earlier: IamPolicy, later: IamPolicy): IamPolicy {
  const statements = [...earlier.statements];
  for (const statement of later.statements) {
    const index = statements.findIndex(({ sid }) => sid !== undefined && sid === statement.sid);
    if (index < 0) statements.push(statement);
    else statements[index] = statement;
  }
  return { statements, unread: [...earlier.unread, ...later.unread] };
}

function parseBlock(value: unknown, hasVariables: boolean): IamPolicy {
  const unread = { statements: [], unread: [textOf(value)] };
  if (!isObject(value)) return unread;
  const effect = value.effect ?? "Allow";
  if (effect !== "Allow" && effect !== "Deny") return unread;
  const pick = (name: string): Selection | undefined => {
    const [values, not] = [list(value[name]), list(value[`not_${name}`])];
    if (values.length > 0) return { isNot: false, values: values.map(variableText) };
    return not.length > 0 ? { isNot: true, values: not.map(variableText) } : undefined;
  };
  const named = (name: string): Selection | undefined => {
    const blocks = list(value[name]).filter(isObject);
    return blocks.length === 0
      ? undefined
      : {
          isNot: name.startsWith("not_"),
          values: blocks.flatMap(({ type, identifiers }) =>
            list(identifiers).map((id) => principalText(textOf(type), variableText(id))),
          ),
        };
  };
  const actions = pick("actions");
  const isDynamic =
    "dynamic" in value ||
    [value.condition, value.principals].flat().some((it) => it !== undefined && !isObject(it));
  if (!actions || isDynamic) return unread;
  return {
    statements: [
      {
        ...(typeof value.sid === "string" && value.sid !== "" ? { sid: value.sid } : {}),
        effect,
        actions,
        resources: pick("resources"),
        principals: named("principals") ?? named("not_principals"),
        conditions: list(value.condition)
          .filter(isObject)
          .map(({ test, variable, values }) => ({
            operator: textOf(test),
            key: textOf(variable),
            values: list(values).map(variableText),
          })),
        hasVariables,
      },
    ],
    unread: [],
  };
}

/** Text of the data source: `&{` stands for `${`, because Terraform evaluates `${`. */
function variableText(value: unknown): string {
  return textOf(value).replaceAll("&{", "${");
}

/** Returns true if a part of the policy is known to Terraform only. */
export function isUncertain({ statements, unread }: IamPolicy): boolean {
  return unread.length > 0 || hasUnknown(JSON.stringify(statements));
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function list(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function textOf(value: unknown): string {
  return typeof value === "string"
    ? value
    : typeof value === "object"
      ? JSON.stringify(value)
      : String(value);
}
