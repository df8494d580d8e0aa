import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { ITEMS } from "../../hardening/items";
import { rules } from "../../hardening/rules";

const FOLDER = join(__dirname, "../../hardening/rules");
const ids = rules.map(({ id }) => id);
const idsOf = (item: string) => rules.filter((rule) => rule.item === item).map(({ id }) => id);

/** Items of the article's lists, and flaws of its examples that a naive build would copy, each with its rules. */
const CHECKLIST: Record<string, string[]> = {
  "auto-unseal": ["auto-unseal", "seal-credentials", "seal-identity", "unseal-keys-on-disk"],
  tls: ["mutual-tls", "plaintext-vault-address", "tls-enabled", "tls-min-version", "tls-skip-verify"],
  audit: [
    "audit-devices",
    "audit-log-raw",
    "audit-prevent-destroy",
    "audit-remote-socket",
    "audit-shipping",
    "audit-syslog",
  ],
  "root-token": [
    "recovery-shares-encryption",
    "root-policy",
    "root-revocation",
    "unauthenticated-generate-root",
  ],
  namespaces: ["team-isolation"],
  "disaster-recovery": ["disaster-recovery"],
  backup: ["backup-schedule", "restore-drill"],
  sentinel: ["organizational-rules"],
  "resource-limits": ["pod-resource-limits", "vault-resource-limits"],
  "network-policies": [
    "instance-metadata",
    "network-policies",
    "network-policy-clients",
    "network-policy-open",
  ],
};

const ANTI_PATTERNS: Record<string, string[]> = {
  "secrets-in-images": ["secret-in-arguments"],
  "secrets-in-environment": ["secret-in-environment", "secret-variable-from-kubernetes"],
  "secrets-in-git": ["secret-in-code", "secret-in-config-map"],
  "static-credentials": [
    "approle-secret-id",
    "aws-access-key",
    "kubernetes-reviewer-token",
    "shared-identity",
    "static-auth-method",
    "static-vault-token",
    "vault-provider-token",
    "vault-token-resource",
  ],
};

const HARDENING: Record<string, string[]> = {
  "least-privilege": [
    "aws-role-wildcard",
    "jwt-role-unbound",
    "kubernetes-role-audience",
    "kubernetes-role-wildcard",
    "pki-acme",
    "pki-any-name",
    "policy-escalation",
    "policy-sudo",
    "policy-target",
    "policy-whole-mount",
    "policy-wildcard",
    "pull-request-role",
    "rbac-vault-namespace",
    "workload-privileges",
  ],
  "short-lived": ["certificate-ttl", "lease-ttl", "periodic-token", "token-ttl"],
  "secrets-in-state": [
    "database-password-in-state",
    "generated-secret",
    "helm-secret-values",
    "kubernetes-secret-in-state",
    "kv-secret-in-state",
    "secret-argument",
    "secret-data-source",
  ],
  "kubernetes-secrets": [
    "cluster-secrets-encryption",
    "eks-cluster-admin",
    "eso-shared-store",
    "rbac-cluster-secret-readers",
    "rbac-secret-readers",
  ],
  databases: [
    "database-custom-sql",
    "database-grants",
    "database-password-hash",
    "database-root-rotation",
    "database-sslmode",
    "database-superuser",
  ],
  cloud: [
    "bucket-encryption",
    "bucket-public",
    "guarded-objects",
    "iam-trust",
    "iam-wildcard",
    "kms-deletion",
    "kms-rotation",
    "resource-policies",
  ],
  "supply-chain": ["chart-pinned", "chart-source", "image-pinned"],
  server: [
    "eso-api-version",
    "helm-values-unknown",
    "injector-fail-open",
    "raft-retry-join",
    "user-lockout",
    "vault-dev-mode",
    "vault-exposed",
    "vault-image-programs",
    "vault-pod-hardening",
    "vault-server-options",
    "vault-storage",
  ],
};

const DEFECTS: [string, string[]][] = [
  ["the backup runs aws in Vault's image", ["vault-image-programs"]],
  ["VAULT_TOKEN comes from a static Secret", ["static-vault-token"]],
  ["servers join and snapshots are saved by http", ["plaintext-vault-address"]],
  ["External Secrets has the version v1beta1", ["eso-api-version"]],
  ["the syslog device is in a container", ["audit-syslog"]],
  ["grants are on tables only, revocation in public only", ["database-grants"]],
  ["a policy names a PKI role that nobody makes", ["policy-target"]],
  ["the keys are in a file on a disk", ["unseal-keys-on-disk"]],
  ["the password of the connection is in the state", ["database-password-in-state"]],
  ["one device, no TLS, no retry_join", ["audit-devices", "tls-enabled", "raft-retry-join"]],
];

const listed = (list: string) => ITEMS.filter((item) => item.list === list).map(({ id }) => id);

test("lists the items of the article and of Vault's hardening in order", () => {
  expect(listed("checklist")).toEqual(Object.keys(CHECKLIST));
  expect(listed("anti-pattern")).toEqual(Object.keys(ANTI_PATTERNS));
  expect(listed("hardening")).toEqual(Object.keys(HARDENING));
});

test.each(Object.entries({ ...CHECKLIST, ...ANTI_PATTERNS, ...HARDENING }))(
  "assigns exactly the expected rules to %s",
  (item, expected) => expect(idsOf(item)).toEqual(expected),
);

test("has no other rules and keeps the order of the lists", () => {
  expect(ids).toEqual(Object.values({ ...CHECKLIST, ...ANTI_PATTERNS, ...HARDENING }).flat());
});

test.each(DEFECTS)("has a rule for the flaw: %s", (_defect, expected) => {
  for (const id of expected) expect(ids).toContain(id);
});

test("assigns the deciding rule of each checklist item to that item", () => {
  for (const item of ITEMS) {
    if (item.list === "checklist") expect(idsOf(item.id)).toContain(item.decidedBy);
  }
});

test("keeps each rule in a file with its id", () => {
  const files = readdirSync(FOLDER).filter((file) => file !== "index.ts");
  expect(files.sort()).toEqual(ids.map((id) => `${id}.ts`).sort());
  for (const id of ids) expect(readFileSync(join(FOLDER, `${id}.ts`), "utf8")).toContain(`id: "${id}"`);
});

test.each(rules.map((rule) => [rule.id, rule] as const))(
  "gives %s a title, a fix and a source in the expected form",
  (_id, rule) => {
    expect(rule.title).toMatch(/^[A-Z].*[^.]$/);
    expect(rule.fix).toMatch(/^[A-Z].+\.$/);
    expect(rule.source).toMatch(/^https:\/\/\S+$/);
  },
);

test("tests each rule with describeRule", () => {
  const folder = join(__dirname, "rules");
  const tests = readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8"));
  const isTested = (id: string) => tests.some((text) => text.includes(`describeRule("${id}"`));
  expect(ids.filter((id) => !isTested(id))).toEqual([]);
});
