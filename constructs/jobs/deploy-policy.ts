import { readFileSync } from "node:fs";
import { join } from "node:path";
import { rulesOnParent } from "../auth/in-namespaces";
import { renderPolicy } from "../auth/policy-rule";

const BLOCK = /^path "(?<path>[^"]+)" \{\n[^]*?^\}\n/gm;

const OF_ROOT = [
  // Everywhere already, and on `teams/+/*` Vault would prefer it to some of the denials.
  "*",
  // The canary is the root namespace's; elsewhere this would be the value of some secret.
  "secret/data/vault-platform/canary",
];

/**
 * What Terraform may do in Vault, as the bootstrap writes it.
 * @param namespacesBelow as of `GrantScope`: what is denied is denied in these, too
 */
export function deployPolicy(namespacesBelow?: string): string {
  const own = readFileSync(join(__dirname, "scripts", "deploy-policy.hcl"), "utf8");
  if (namespacesBelow === undefined) return own;
  const there = [...own.matchAll(BLOCK)]
    .filter(({ groups }) => !OF_ROOT.includes(groups!.path))
    .map(([block]) => block.replace('path "', `path "${namespacesBelow}/+/`));
  return [
    own,
    `# The same in each namespace below ${namespacesBelow}.\n`,
    ...there,
    `# ${namespacesBelow} itself is there for these: logins and policies of its own would reach into them.\n`,
    renderPolicy(rulesOnParent(namespacesBelow)),
  ].join("\n");
}
