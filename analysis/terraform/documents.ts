import { type Json, objectsOf } from "./blocks";
import { Unknown, hasUnknown } from "./unknown";

/**
 * Texts that data sources of policies compute from their arguments alone, by type and attribute.
 * The arguments are evaluated; a text with an unknown part is unknown, with the known parts around its symbol.
 */
export function documentOf(type: string, attribute: string, body: Json): unknown {
  if (type === "vault_policy_document" && attribute === "hcl") {
    return isReadable(body.rule) ? marked(vaultPolicy(body), body) : undefined;
  }
  if (type !== "aws_iam_policy_document" || !/^(minified_)?json$/.test(attribute)) return undefined;
  if (
    !isReadable(body.statement) ||
    !isReadable(body.source_policy_documents) ||
    !isReadable(body.override_policy_documents)
  )
    return undefined;
  const document = iamPolicy(body);
  return document && marked(JSON.stringify(document, null, attribute === "json" ? 2 : undefined), body);
}

/** Returns false for blocks of an unknown number. */
function isReadable(value: unknown): boolean {
  return !(value instanceof Unknown);
}

function marked(text: string, body: Json): string | Unknown {
  return hasUnknown(body) ? new Unknown(text) : text;
}

/**
 * HCL text that the data source `vault_policy_document` renders.
 * @see https://registry.terraform.io/providers/hashicorp/vault/latest/docs/data-sources/policy_document
 */
function vaultPolicy({ rule }: Json): string {
  return objectsOf(rule).map(ruleText).join("\n");
}

function ruleText(rule: Json): string {
  const lines = [
    `capabilities = ${JSON.stringify(rule.capabilities ?? [])}`,
    parameters("allowed_parameters", rule.allowed_parameter),
    parameters("denied_parameters", rule.denied_parameter),
    rule.required_parameters && `required_parameters = ${JSON.stringify(rule.required_parameters)}`,
    rule.min_wrapping_ttl && `min_wrapping_ttl = ${JSON.stringify(rule.min_wrapping_ttl)}`,
    rule.max_wrapping_ttl && `max_wrapping_ttl = ${JSON.stringify(rule.max_wrapping_ttl)}`,
  ];
  return `path ${JSON.stringify(rule.path)} {\n${lines.filter(Boolean).join("\n")}\n}`;
}

function parameters(name: string, value: unknown): string {
  const entries = objectsOf(value).map(
    ({ key, value: values }) => `${JSON.stringify(key)} = ${JSON.stringify(values ?? [])}`,
  );
  return entries.length > 0 ? `${name} = {\n${entries.join("\n")}\n}` : "";
}

/**
 * JSON document that the data source `aws_iam_policy_document` renders.
 * @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
 * @returns undefined if a document that it includes is unknown
 */
function iamPolicy(body: Json): Json | undefined {
  const sources = documentsIn(body.source_policy_documents);
  const overrides = documentsIn(body.override_policy_documents);
  if (!sources || !overrides) return undefined;
  const own = {
    Version: body.version ?? "2012-10-17",
    Id: body.policy_id,
    Statement: objectsOf(body.statement).map(statement),
  };
  const statements = [...sources, own, ...overrides].reduce<Json[]>(
    (before, { Statement }) => withStatements(before, objectsOf(Statement)),
    [],
  );
  return { ...Object.assign({}, ...sources, own, ...overrides), Statement: statements } as Json;
}

/** Statements with others added. One with the `Sid` of an earlier one replaces it. */
function withStatements(before: readonly Json[], added: readonly Json[]): Json[] {
  const replaced = new Set(added.map(({ Sid }) => Sid).filter(Boolean));
  return [...before.filter(({ Sid }) => !replaced.has(Sid)), ...added];
}

function documentsIn(value: unknown): Json[] | undefined {
  const texts = [value ?? []].flat();
  if (texts.some((text) => typeof text !== "string")) return undefined;
  try {
    return texts.filter((text) => text !== "").map((text) => JSON.parse(text as string) as Json);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

function statement(block: Json): Json {
  const entries: [name: string, value: unknown][] = [
    ["Sid", block.sid],
    ["Effect", block.effect ?? "Allow"],
    ["Action", oneOrMany(block.actions)],
    ["NotAction", oneOrMany(block.not_actions)],
    ["Resource", oneOrMany(block.resources)],
    ["NotResource", oneOrMany(block.not_resources)],
    ["Principal", principals(block.principals)],
    ["NotPrincipal", principals(block.not_principals)],
    ["Condition", conditions(block.condition)],
  ];
  return Object.fromEntries(
    entries.filter(([, value]) => value !== undefined && value !== null && value !== ""),
  );
}

/** A list with one element is a text. Variables are written with `&`, because Terraform would evaluate them. */
function oneOrMany(value: unknown): unknown {
  if (value === undefined || value === null) return undefined;
  const texts = [value]
    .flat()
    .map((text: unknown) => (typeof text === "string" ? text.replaceAll("&{", "${") : text));
  if (texts.length === 0) return undefined;
  return texts.length === 1 ? texts[0] : texts;
}

function principals(value: unknown): unknown {
  const blocks = objectsOf(value);
  if (blocks.length === 0) return undefined;
  if (blocks.length === 1 && blocks[0].type === "*" && oneOrMany(blocks[0].identifiers) === "*") return "*";
  const byType: Record<string, unknown[]> = {};
  for (const { type, identifiers } of blocks) (byType[String(type)] ??= []).push(...[identifiers].flat());
  return Object.fromEntries(Object.entries(byType).map(([type, names]) => [type, oneOrMany(names)]));
}

function conditions(value: unknown): unknown {
  const blocks = objectsOf(value);
  if (blocks.length === 0) return undefined;
  const byTest: Record<string, Record<string, unknown[]>> = {};
  for (const { test, variable, values } of blocks) {
    ((byTest[String(test)] ??= {})[String(variable)] ??= []).push(...[values].flat());
  }
  return Object.fromEntries(
    Object.entries(byTest).map(([test, variables]) => [
      test,
      Object.fromEntries(Object.entries(variables).map(([name, all]) => [name, oneOrMany(all)])),
    ]),
  );
}
