import { parseDocument } from "yaml";
import { received } from "../core/received";
import { durationOf } from "./durations";
import { PolicyError } from "./policy-error";
import { type Block, type Entry, isBlock, parseHcl, type Value } from "./policy-parser";

/** All capabilities, in the order in which they are shown. */
export const VAULT_CAPABILITIES = [
  "create",
  "read",
  "update",
  "patch",
  "delete",
  "list",
  "sudo",
  "subscribe",
  "recover",
  "deny",
] as const;

/** Capability of a policy rule. @see https://developer.hashicorp.com/vault/docs/concepts/policies#capabilities */
export type VaultCapability = (typeof VAULT_CAPABILITIES)[number];

/** Values by the name of the parameter in lower case. An empty list means any value. */
export type Parameters = Readonly<Record<string, readonly unknown[]>>;

/** Conditions of a rule in addition to its capabilities. */
export interface Constraints {
  /** Allowed parameters, with their allowed values. */
  readonly allowedParameters?: Parameters;
  /** Denied parameters, with their denied values. */
  readonly deniedParameters?: Parameters;
  /** Parameters that a request must contain. */
  readonly requiredParameters?: readonly string[];
  /** Shortest TTL of a wrapped response, in seconds. */
  readonly minWrappingTtl?: number;
  /** Longest TTL of a wrapped response, in seconds. */
  readonly maxWrappingTtl?: number;
  /** Names of the required MFA methods. */
  readonly mfaMethods?: readonly string[];
  /** Factors of the control group: the name, and the approvers in parentheses. */
  readonly controlGroup?: readonly string[];
}

/** One `path` block. */
export interface PathRule extends Constraints {
  /** Path without a leading slash. */
  readonly path: string;
  /** Capabilities of the rule. If one is `deny`, all others are dropped. */
  readonly capabilities: readonly VaultCapability[];
}

const KEYS = [
  "comment",
  "policy",
  "capabilities",
  "allowed_parameters",
  "denied_parameters",
  "required_parameters",
  "min_wrapping_ttl",
  "max_wrapping_ttl",
  "mfa_methods",
  "control_group",
  "subscribe_event_types",
];

/** Syntax from before Vault 0.5, which Vault still reads. */
const OLD_POLICIES: Readonly<Record<string, readonly VaultCapability[]>> = {
  deny: ["deny"],
  read: ["read", "list"],
  write: ["create", "read", "update", "delete", "list"],
  sudo: ["create", "read", "update", "delete", "list", "sudo"],
};

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * Parses a policy as Vault does: HCL 1 or JSON, either of them also in Base64.
 * @throws PolicyError for a policy that Vault would reject, and for the few forms that are not supported here
 * @see https://developer.hashicorp.com/vault/docs/concepts/policies
 */
export function parsePolicy(text: string): PathRule[] {
  const packed = text.replace(/[\r\n]/g, "");
  const source = BASE64.test(packed) ? Buffer.from(packed, "base64").toString("utf8") : text;
  return /^\s*\{/.test(source) ? rulesOfJson(source) : rulesOf(parseHcl(source));
}

function rulesOf({ entries }: Block): PathRule[] {
  return entries.flatMap(({ name, labels, value, line }) => {
    if (name === "name") return [];
    if (name !== "path")
      throw new PolicyError(`line ${line}: only path blocks stand in a policy, got ${received(name)}`);
    const path = labels[0] ?? "path";
    if (!isBlock(value)) throw new PolicyError(`line ${line}: path "${path}" must be a block`);
    return [ruleOf(path, value)];
  });
}

/**
 * Reads the rules of a policy in JSON.
 * @throws PolicyError for a repeated name, because other readers would drop one
 */
function rulesOfJson(source: string): PathRule[] {
  let json: unknown;
  try {
    json = JSON.parse(source);
  } catch (error) {
    throw new PolicyError(`neither HCL nor JSON: ${(error as Error).message}`);
  }
  const [duplicate] = parseDocument(source).errors;
  if (duplicate) throw new PolicyError(duplicate.message.split("\n")[0]);
  const { entries } = blockOf(json as object);
  const paths = entries.filter(({ name }) => name === "path").flatMap(({ value }) => blocksOf(value));
  const other = entries.find(({ name }) => name !== "path" && name !== "name");
  if (other) throw new PolicyError(`only path and name stand in a policy, got ${received(other.name)}`);
  return paths.flatMap((block) =>
    block.entries.flatMap(({ name, value }) =>
      blocksOf(value).map((body) => ruleOf(name, requireFlat(name, body))),
    ),
  );
}

/** Blocks of a JSON value: JSON has lists of objects instead of repeated blocks. */
function blocksOf(value: Value): Block[] {
  const blocks = Array.isArray(value) ? (value as Value[]) : [value];
  return blocks.map((block) => {
    if (!isBlock(block)) throw new PolicyError(`a path must be an object, got ${received(block)}`);
    return block;
  });
}

/** Rejects an object that contains only objects, because Vault treats it as one more level of names. */
function requireFlat(path: string, body: Block): Block {
  if (body.entries.length > 0 && body.entries.every(({ value }) => isBlock(value))) {
    throw new PolicyError(`path "${path}" must have capabilities`);
  }
  return body;
}

function blockOf(json: object): Block {
  return {
    entries: Object.entries(json).map(([name, value]) => ({
      name,
      labels: [],
      value: valueOf(value),
      line: 1,
    })),
  };
}

function valueOf(json: unknown): Value {
  if (json === null) throw new PolicyError("null is no value of a policy");
  if (Array.isArray(json)) return json.map(valueOf);
  return typeof json === "object" ? blockOf(json) : (json as string | number | boolean);
}

function ruleOf(written: string, { entries }: Block): PathRule {
  requireTemplate(written);
  const refuse = (message: string): never => {
    throw new PolicyError(`path "${written}": ${message}`);
  };
  const unknown = entries.find(({ name }) => !KEYS.includes(name));
  if (unknown) refuse(`unknown key ${unknown.name}; allowed: ${KEYS.join(", ")}`);
  const labelled = entries.find(({ labels }) => labels.length > 0);
  if (labelled) refuse(`${labelled.name} has no labels`);
  const path = written.replace(/^\//, "");
  if (path.includes("+*")) refuse("+* is no wildcard");
  const all = (name: string) => entries.filter((entry) => entry.name === name);
  const last = (name: string): Entry | undefined => all(name).at(-1);

  const capabilities = all("capabilities").flatMap(strings);
  const old = last("policy")?.value ?? "";
  if (old !== "") {
    if (typeof old !== "string" || !Object.hasOwn(OLD_POLICIES, old)) {
      refuse(`unknown policy ${JSON.stringify(old)}; allowed: ${Object.keys(OLD_POLICIES).join(", ")}`);
    }
    if (old === "deny") capabilities.length = 0;
    capabilities.push(...OLD_POLICIES[old as string]);
  }
  for (const capability of capabilities) {
    if (capability === "deny") return { path, capabilities: ["deny"] };
    if (!(VAULT_CAPABILITIES as readonly string[]).includes(capability))
      refuse(`unknown capability ${capability}`);
  }
  const minWrappingTtl = wrappingTtl(last("min_wrapping_ttl"), refuse);
  const maxWrappingTtl = wrappingTtl(last("max_wrapping_ttl"), refuse);
  if (minWrappingTtl && maxWrappingTtl && maxWrappingTtl < minWrappingTtl) {
    refuse(`max_wrapping_ttl ${maxWrappingTtl} s is less than min_wrapping_ttl ${minWrappingTtl} s`);
  }
  const factors = all("control_group").flatMap(({ value }) => (isBlock(value) ? factorsOf(value) : []));
  return {
    path,
    capabilities: VAULT_CAPABILITIES.filter((capability) => capabilities.includes(capability)),
    ...filled("allowedParameters", parameters(all("allowed_parameters"))),
    ...filled("deniedParameters", parameters(all("denied_parameters"))),
    ...filled("requiredParameters", all("required_parameters").flatMap(strings)),
    ...filled("mfaMethods", all("mfa_methods").flatMap(strings)),
    ...filled("controlGroup", factors),
    ...(minWrappingTtl && { minWrappingTtl }),
    ...(maxWrappingTtl && { maxWrappingTtl }),
  };
}

/** Requires that `{{` and `}}` come in pairs. */
function requireTemplate(path: string): void {
  const [first, ...others] = path.split("{{");
  if (first.includes("}}") || others.some((part) => part.split("}}").length !== 2)) {
    throw new PolicyError(`path "${path}": unbalanced {{ and }}`);
  }
}

function strings({ name, value, line }: Entry): string[] {
  if (!Array.isArray(value) || value.some((item) => typeof item !== "string")) {
    throw new PolicyError(`line ${line}: ${name} must be a list of strings`);
  }
  return value as string[];
}

/** Merges blocks of one name, and the values of each parameter. */
function parameters(entries: readonly Entry[]): Parameters {
  const result: Record<string, readonly unknown[]> = {};
  for (const { name, value, line } of entries) {
    if (!isBlock(value)) throw new PolicyError(`line ${line}: ${name} must be a block`);
    for (const parameter of value.entries) {
      if (!Array.isArray(parameter.value)) {
        throw new PolicyError(`line ${parameter.line}: the values of ${parameter.name} must be a list`);
      }
      const key = parameter.name.toLowerCase();
      result[key] = [...(Object.hasOwn(result, key) ? result[key] : []), ...(parameter.value as Value[])];
    }
  }
  return result;
}

function wrappingTtl(entry: Entry | undefined, refuse: (message: string) => never): number | undefined {
  if (!entry) return undefined;
  const seconds = durationOf(entry.value);
  return seconds ?? refuse(`${entry.name} must be a duration, got ${received(entry.value)}`);
}

function factorsOf(group: Block): string[] {
  const ttl = group.entries.filter(({ name }) => name === "ttl").map(({ value }) => `ttl ${textOf(value)}`);
  const described = (name: string, value: Value) => {
    const parts = [...(isBlock(value) && value.entries.length > 0 ? [textOf(value)] : []), ...ttl];
    return parts.length > 0 ? `${name} (${parts.join(", ")})` : name;
  };
  return group.entries
    .filter(({ name }) => name === "factor")
    .flatMap(({ labels, value }) => {
      if (labels.length > 0) return [described(labels[0], value)];
      return isBlock(value) ? value.entries.map((factor) => described(factor.name, factor.value)) : [];
    });
}

/** Content of a factor in one line, with the names in alphabetical order. */
function textOf(value: Value): string {
  if (!isBlock(value)) return Array.isArray(value) ? value.map(textOf).sort().join(" or ") : String(value);
  return value.entries
    .map(({ name, labels, value: inner }) => [name, ...labels, textOf(inner)].join(" "))
    .sort()
    .join(", ");
}

function filled<Name extends keyof Constraints>(name: Name, value: NonNullable<Constraints[Name]>) {
  return Object.keys(value).length > 0 ? { [name]: value } : {};
}
