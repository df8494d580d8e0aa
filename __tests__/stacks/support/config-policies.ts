import { readFileSync } from "node:fs";
import { join } from "node:path";
import { deployPolicy } from "../../../constructs/jobs/bootstrap-policies";
import { production } from "../../../environments/production";
import type { EnvironmentDefinition } from "../../../platform/schema";
import { writePlatform } from "../../support/platform";

/** Login of users in the tests. */
export const oidc = {
  issuer: "https://id.example.com",
  clientId: "vault",
  groups: {
    operator: "vault-operators",
    auditor: "vault-auditors",
    admin: "vault-admins",
    secretWriter: "vault-secret-writers",
  },
};

/** Policy that the bootstrap gives to Terraform. */
export const bootstrapPolicy = deployPolicy();

/** Policies by name in the config layer of production, with human access and one service. */
export function policiesOfConfig(change: Partial<EnvironmentDefinition> = {}): Record<string, string> {
  const app = writePlatform([{ ...production, vault: { ...production.vault, oidc }, ...change }]);
  const file = join(app.outdir, "stacks", "production-config", "cdk.tf.json");
  const { resource } = JSON.parse(readFileSync(file, "utf8"));
  const all = Object.values<{ name: string; policy: string }>(resource.vault_policy);
  return Object.fromEntries(all.map(({ name, policy }) => [name, policy]));
}
