import { type NamespacedPath, canBeNamespace } from "../../constructs/core/vault-scope";
import { memo } from "../memo";
import type { Platform } from "../platform";
import { text } from "../readers/blocks";
import { denies, policiesOf } from "../readers/policies";
import { vaultNamespaceOf } from "../readers/vault-namespaces";
import { NOT_APPLICABLE, type Rule, judge } from "../rule";

/** Paths that require a role: `pki/issue/payment-service`. */
const ROLE_PATH = /^[^*+{]+\/(issue|sign|creds|static-creds)\/([^/*+{]+)$/;

/** Resource types of roles, by the path segment before the role's name. */
const ROLES: Readonly<Record<string, readonly string[]>> = {
  issue: ["vault_pki_secret_backend_role", "vault_ssh_secret_backend_role"],
  sign: ["vault_pki_secret_backend_role", "vault_ssh_secret_backend_role"],
  creds: ["vault_database_secret_backend_role", "vault_aws_secret_backend_role"],
  "static-creds": ["vault_database_secret_backend_static_role"],
};

/** Reports policy paths of roles that do not exist. */
export const policyTarget: Rule = {
  id: "policy-target",
  level: "warning",
  title: "The roles that policies name exist",
  item: "least-privilege",
  fix: "Make the role, or take the path out: a policy on nothing is a right on whatever comes there later.",
  source: "https://developer.hashicorp.com/vault/docs/concepts/policies",
  check: (subject) => {
    if (subject.kind !== "element") return NOT_APPLICABLE;
    const { platform } = subject;
    const named = policiesOf(subject)
      .flatMap(({ paths }) => paths)
      .filter((rule) => !denies(rule) && ROLE_PATH.test(rule.target.path));
    // Without a secrets engine in the app, the roles are created elsewhere too.
    if (named.length === 0 || platform.resources("vault_mount").length === 0) return NOT_APPLICABLE;
    return judge(
      named
        .filter(({ target }) => !hasRole(platform, target))
        .map(({ path }) => `${path} names a role that is not made here`),
    );
  },
};

function hasRole(platform: Platform, target: NamespacedPath): boolean {
  const [, verb, role] = ROLE_PATH.exec(target.path) ?? [];
  const namespaces = ROLES[verb].flatMap((type) => rolesOf(platform).get(`${type} ${role}`) ?? []);
  return namespaces.some((namespace) => canBeNamespace(target.namespace, namespace));
}

/** Namespaces of Vault Enterprise that contain a role, by the role's type and name. */
const rolesOf = memo((platform: Platform): Map<string, string[]> => {
  const types = [...new Set(Object.values(ROLES).flat())];
  const roles = new Map<string, string[]>();
  for (const element of platform.resources(...types)) {
    const key = `${element.type} ${text(element.body.name)}`;
    roles.set(key, [...(roles.get(key) ?? []), vaultNamespaceOf(element)]);
  }
  return roles;
});
