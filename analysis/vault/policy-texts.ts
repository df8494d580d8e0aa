import { normalApiPath } from "./api-paths";

/** Text of a policy, with its name. */
export interface PolicyText {
  /** Name of the policy, in lower case. */
  readonly name: string;
  /** Text of the policy; not a string if only Terraform knows it. */
  readonly text: unknown;
}

/** Arguments of a resource or data source, as Terraform passes them on. */
type Arguments = Readonly<Record<string, unknown>>;

/**
 * Policies that a resource of the Vault provider writes: `vault_policy`, and writes on the paths of policies.
 * @see https://developer.hashicorp.com/vault/api-docs/system/policies
 */
export function policyTextsOf(type: string, body: Arguments): PolicyText[] {
  // Vault converts policy names to lower case.
  const written = (name: unknown, text: unknown) => [{ name: String(name).toLowerCase(), text }];
  if (type === "vault_policy") return written(body.name, body.policy);
  if (!/^vault_(generic_(endpoint|secret)|kv_secret)$/.test(type)) return [];
  const path = normalApiPath(String(body.path));
  const [, api, name] = /^sys\/(policy|policies\/acl)\/([^/]+)$/.exec(path) ?? [];
  if (name === undefined) return [];
  const data = jsonOf(body.data_json);
  // The older path also accepts the older name of the parameter.
  return written(name, data?.policy || (api === "policy" ? data?.rules : undefined));
}

/**
 * Text of a `vault_policy_document` as the provider renders it, without escapes.
 * @see https://registry.terraform.io/providers/hashicorp/vault/latest/docs/data-sources/policy_document
 */
export function policyDocumentText(rules: readonly Arguments[]): string {
  return rules
    .map(({ path, capabilities }) => {
      const listed = [capabilities].flat().map((capability) => `"${String(capability)}"`);
      return `path "${String(path)}" {\n  capabilities = [${listed.join(", ")}]\n}\n`;
    })
    .join("\n");
}

/** Data of a generic endpoint; undefined if only Terraform knows it. */
export function jsonOf(text: unknown): Arguments | undefined {
  try {
    return JSON.parse(String(text)) as Arguments;
  } catch {
    return undefined;
  }
}
