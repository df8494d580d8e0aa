/** Text of a policy by its name. */
export interface PolicyText {
  readonly name: string;
  /** Not a string where only Terraform knows it. */
  readonly text: unknown;
}

/** Arguments of a resource or data source, as Terraform passes them on. */
type Arguments = Readonly<Record<string, unknown>>;

/**
 * Policies that a resource of Vault's provider writes: `vault_policy`, and `vault_generic_endpoint` on the paths of
 * policies.
 * @see https://developer.hashicorp.com/vault/api-docs/system/policies
 */
export function policyTextsOf(type: string, body: Arguments): PolicyText[] {
  // Vault lowers the case of a policy's name.
  const written = (name: unknown, text: unknown) => [{ name: String(name).toLowerCase(), text }];
  if (type === "vault_policy") return written(body.name, body.policy);
  if (type !== "vault_generic_endpoint") return [];
  const path = String(body.path).replace(/^\/+|\/+$/g, "");
  const [, api, name] = /^sys\/(policy|policies\/acl)\/([^/]+)$/.exec(path) ?? [];
  if (name === undefined) return [];
  const data = jsonOf(body.data_json);
  // The older path also reads the older name of the parameter.
  return written(name, data?.policy || (api === "policy" ? data?.rules : undefined));
}

/**
 * Text of a `vault_policy_document`, as the provider writes it: without escapes.
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

/** What a generic endpoint writes; undefined where only Terraform knows it. */
export function jsonOf(text: unknown): Arguments | undefined {
  try {
    return JSON.parse(String(text)) as Arguments;
  } catch {
    return undefined;
  }
}
