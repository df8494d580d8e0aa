import type { Json } from "../terraform/blocks";

/**
 * HCL text that the data source `vault_policy_document` renders.
 * @see https://registry.terraform.io/providers/hashicorp/vault/latest/docs/data-sources/policy_document
 */
export function policyDocument(document: Json): string {
  return blocks(document.rule).map(ruleText).join("\n");
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
  const entries = blocks(value).map(
    ({ key, value: values }) => `${JSON.stringify(key)} = ${JSON.stringify(values ?? [])}`,
  );
  return entries.length > 0 ? `${name} = {\n${entries.join("\n")}\n}` : "";
}

/** Blocks of an attribute as a list. Terraform JSON allows a single block without a list. */
function blocks(value: unknown): Json[] {
  return value === undefined || value === null
    ? []
    : Array.isArray(value)
      ? (value as Json[])
      : [value as Json];
}
