import { readFileSync } from "node:fs";
import { join } from "node:path";
import { deployPolicy } from "../../../constructs/jobs/bootstrap-policies";
import { production } from "../../../environments/production";
import type { EnvironmentDefinition } from "../../../platform/schema";
import { writePlatform } from "../../support/platform";

/** Where people of the tests log in. */
export const oidc = {
  issuer: "https://id.example.com",
  clientId: "vault",
  groups: {
    operator: "vault-operators",
    auditor: "vault-auditors",
    admin: "vault-admins",
    keeper: "vault-keepers",
  },
};

/** What Terraform may do as the bootstrap lets it. */
export const bootstrapPolicy = deployPolicy();

/** Policies by their names, as production's config layer with people and one service gives them to Vault. */
export function policiesOfConfig(change: Partial<EnvironmentDefinition> = {}): Record<string, string> {
  const app = writePlatform([{ ...production, vault: { ...production.vault, oidc }, ...change }]);
  const file = join(app.outdir, "stacks", "production-config", "cdk.tf.json");
  const { resource } = JSON.parse(readFileSync(file, "utf8"));
  const all = Object.values<{ name: string; policy: string }>(resource.vault_policy);
  return Object.fromEntries(all.map(({ name, policy }) => [name, policy]));
}
