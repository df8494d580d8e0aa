import { describeRule } from "../support/describe-rule";
import { allow, configMap, data, nothing, policy, resource, together } from "../support/plain";

const own = allow("secret/data/payment-service/*", "read");

describeRule("policy-sudo", {
  compliant: {
    "a policy without it": own,
    "looking at what Vault guards even from looks": together(
      allow("sys/audit", "read", "sudo"),
      allow("sys/auth/kubernetes", "read", "sudo"),
      allow("auth/token/accessors", "list", "sudo"),
    ),
    "a denial": allow("sys/*", "deny", "sudo"),
  },
  violated: {
    "sudo by which something is changed": [
      allow("sys/auth/*", "update", "sudo"),
      "policy p: sudo on sys/auth/* opens what Vault protects as root's",
    ],
    "sudo on what holds everything": [
      allow("sys/raw/*", "read", "sudo"),
      "policy p: sudo on sys/raw/* opens what Vault protects as root's",
    ],
    "sudo on everything, if only to read": [
      allow("*", "read", "sudo"),
      "policy p: sudo on * opens what Vault protects as root's",
    ],
    "an old policy": [
      policy('path "sys/rotate" {\n  policy = "sudo"\n}'),
      "policy p: sudo on sys/rotate opens what Vault protects as root's",
    ],
    "a policy document": [
      data("vault_policy_document", { rule: [{ path: "sys/seal", capabilities: ["update", "sudo"] }] }),
      expect.stringMatching(/^policy R\d+: sudo on sys\/seal opens what Vault protects as root's$/) as never,
    ],
    "a policy in a ConfigMap": [
      configMap("policies", { "deploy.hcl": 'path "sys/seal" {\n  capabilities = ["sudo", "update"]\n}' }),
      "policy deploy.hcl: sudo on sys/seal opens what Vault protects as root's",
    ],
    "a policy in JSON": [
      policy(JSON.stringify({ path: { "sys/seal": { capabilities: ["sudo"] } } })),
      "policy p: sudo on sys/seal opens what Vault protects as root's",
    ],
  },
  notApplicable: {
    "what is no policy": nothing,
    "a policy that only Terraform knows": resource("vault_policy", { name: "p", policy: "${var.policy}" }),
    "a script with a policy": configMap("scripts", { "a.sh": 'path "*" {\ncapabilities = ["sudo"] }' }),
  },
});

describeRule("policy-wildcard", {
  compliant: {
    "a prefix of one mount": own,
    "a denial of everything": allow("*", "deny"),
    "a part of Vault's own API": allow("sys/auth/*", "read"),
    "comments and templates": policy(
      '# path "*" {}\npath "secret/data/{{identity.entity.name}}/*" { /* own */ capabilities = ["read"] // last\n}',
    ),
  },
  violated: {
    everything: [allow("*", "read", "list"), "policy p: * gives read, list nearly everywhere"],
    "every mount": [allow("+/data/app", "read"), "policy p: +/data/app gives read nearly everywhere"],
    "every mount of a kind": [allow("secret*", "read"), "policy p: secret* gives read nearly everywhere"],
    "all of Vault's own API": [allow("sys/*", "update"), "policy p: sys/* gives update nearly everywhere"],
    "all auth methods": [allow("auth/+", "read"), "policy p: auth/+ gives read nearly everywhere"],
  },
  notApplicable: { "what is no policy": nothing },
});

describeRule("policy-escalation", {
  compliant: {
    secrets: own,
    "reading policies": allow("sys/policies/acl/*", "read", "list", "sudo"),
    "one's own login": allow("auth/token/renew-self", "update"),
    logins: allow("auth/kubernetes/login", "update"),
  },
  violated: {
    "writing policies": [
      allow("sys/policies/acl/*", "create", "update"),
      "policy p: writing sys/policies/acl/* gives rights (sys/policies/+/+)",
    ],
    "writing some policies": [
      allow("sys/policies/acl/team-*", "update"),
      "policy p: writing sys/policies/acl/team-* gives rights (sys/policies/+/+)",
    ],
    "a pattern that covers them": [
      allow("sys/pol*", "update"),
      "policy p: writing sys/pol* gives rights (sys/policies/+/+)",
    ],
    "writing roles of any auth method": [
      allow("auth/+/role/app", "update"),
      "policy p: writing auth/+/role/app gives rights (auth/+/role/+)",
    ],
    "joining groups": [
      allow("identity/group/name/*", "update"),
      "policy p: writing identity/group/name/* gives rights (identity/group*)",
    ],
    "all that a mount has": [
      allow("auth/kubernetes/*", "create"),
      "policy p: writing auth/kubernetes/* gives rights (auth/+/role/+)",
    ],
  },
  notApplicable: { "what is no policy": nothing },
});

describeRule("policy-whole-mount", {
  compliant: {
    "a prefix": own,
    "a list of names": allow("secret/metadata/*", "list"),
    "Vault's own": allow("sys/auth/*", "read"),
  },
  violated: {
    "all secrets": [allow("secret/data/*", "read"), "policy p: secret/data/* is every secret of the mount"],
    "all credentials": [
      allow("database/creds/+", "read"),
      "policy p: database/creds/+ is every secret of the mount",
    ],
    "all of an old engine": [allow("kv/*", "read"), "policy p: kv/* is every secret of the mount"],
  },
  notApplicable: { "what is no policy": nothing },
});

const mount = resource("vault_mount", { path: "pki", type: "pki" });

describeRule("policy-target", {
  compliant: {
    "a role that is made here": together(
      mount,
      resource("vault_pki_secret_backend_role", { name: "app" }),
      resource("vault_database_secret_backend_role", { name: "app" }),
      policy(
        'path "pki/issue/app" { capabilities = ["update"] }\npath "database/creds/app" { capabilities = ["read"] }',
      ),
    ),
  },
  violated: {
    "a role of nobody": [
      together(mount, allow("pki/issue/payment-service", "create", "update")),
      "pki/issue/payment-service names a role that is not made here",
    ],
    "a role of another engine": [
      together(
        mount,
        resource("vault_pki_secret_backend_role", { name: "app" }),
        allow("database/creds/app", "read"),
      ),
      "database/creds/app names a role that is not made here",
    ],
  },
  notApplicable: {
    "a stack that makes no engine": allow("pki/issue/payment-service", "update"),
    "a policy that names no role": together(mount, own),
  },
});
