import { type Block, blocks } from "../readers/blocks";
import { isSecretName } from "../../constructs/core/secret-names";
import { mayBeSecret } from "../../constructs/core/secret-values";
import type { Rule } from "../rule";
import { forElements } from "../subjects";

/** Further arguments that contain a secret. */
const FURTHER =
  /^(secret_(string|binary|key|id)|bindpass|credentials(_json)?|.*_private_key_pem|pem_bundle|token_reviewer_jwt)$/;

/** Resource types that other rules cover, or with arguments that are not secrets. */
const ELSEWHERE = /^(kubernetes_|helm_|vault_database_secret)/;

/** Reports secrets in arguments that Terraform keeps in its state. */
export const secretArgument: Rule = {
  id: "secret-argument",
  level: "error",
  title: "No argument that Terraform keeps holds a secret",
  item: "secrets-in-state",
  fix: "Use the write-only argument of that name (_wo) with an ephemeral value, or an identity instead of a secret.",
  source: "https://developer.hashicorp.com/terraform/language/manage-sensitive-data/write-only",
  check: forElements(
    ({ block, type }) => block === "resource" && !ELSEWHERE.test(type),
    ({ type, body }) => [
      ...secretArguments(body).map((name) => `${name} is kept in the state`),
      ...(type === "aws_ssm_parameter" && body.type === "SecureString" && body.value !== undefined
        ? ["value is kept in the state"]
        : []),
    ],
  ),
};

function secretArguments(body: Block): string[] {
  return Object.entries(body).flatMap(([name, value]) => {
    if (name === "//") return [];
    if (typeof value !== "string") return blocks(value).flatMap(secretArguments);
    if (isSecretName(name) || FURTHER.test(name)) return mayBeSecret(value) ? [name] : [];
    if (!/^(data|body|json|\w+_json)$/.test(name)) return [];
    return secretFields(value).map((field) => `${field} in ${name}`);
  });
}

/** Secret fields of JSON, including the argument of `jsonencode`. */
function secretFields(json: string): string[] {
  return [...json.matchAll(/"?([\w-]+)"?\s*[:=]\s*"([^"]+)"/g)]
    .filter(([, name, value]) => isSecretName(name) && mayBeSecret(value))
    .map(([, name]) => name);
}
