import {
  grantAdmin,
  grantAuditor,
  grantDeploy,
  grantOperator,
  grantPlan,
} from "../../constructs/auth/access-levels";
import { KubernetesAuth } from "../../constructs/auth/kubernetes-auth";
import { Policy } from "../../constructs/auth/policy";
import type { IGrantee } from "../../constructs/auth/policy-rule";
import { Duration } from "../../constructs/core/duration";
import { KeyValueEngine } from "../../constructs/engines/key-value-engine";
import { vaultStack } from "../support/vault-stack";

/** Capabilities by path that an access level grants. */
function rulesOf(level: typeof grantPlan): Record<string, string> {
  const stack = vaultStack();
  const policy = new Policy(stack, "Policy", { policyName: "level" });
  const grantee = Object.assign(policy, {
    tokenMaxTtl: Duration.hours(1),
    isPeriodic: false,
  }) satisfies IGrantee;
  level(grantee, [new KubernetesAuth(stack, "Auth"), new KeyValueEngine(stack, "KeyValue")]);
  return Object.fromEntries(policy.rules.map(({ path, capabilities }) => [path, capabilities.join()]));
}

const levels = { grantPlan, grantDeploy, grantOperator, grantAuditor, grantAdmin };

test.each(Object.entries(levels))("%s denies access to secrets", (_name, level) => {
  expect(rulesOf(level)).toMatchObject({ "secret/data/*": "deny", "secret/subkeys/*": "deny" });
});

test.each([
  ["grantPlan", grantPlan],
  ["grantAuditor", grantAuditor],
  ["grantOperator", grantOperator],
] as const)("%s grants no write access to configuration", (_name, level) => {
  const writing = Object.entries(rulesOf(level)).filter(([, list]) =>
    /create|update|patch|delete/.test(list),
  );
  const allowed =
    level === grantOperator
      ? ["sys/leases/lookup", "sys/leases/revoke", "sys/leases/revoke-prefix/*", "sys/step-down"]
      : level === grantAuditor
        ? ["sys/audit-hash/*"]
        : [];
  expect(writing.map(([path]) => path)).toEqual(allowed);
});

test("grants a plan pipeline read access to configuration, with sudo where Vault requires it", () => {
  expect(rulesOf(grantPlan)).toMatchObject({
    "secret/config": "read,list",
    "auth/kubernetes/role/*": "read,list",
    "sys/auth/kubernetes": "read,list,sudo",
    "sys/audit": "read,sudo",
  });
});

test("grants a deploy pipeline every path, and denies those that the bootstrap owns", () => {
  expect(rulesOf(grantDeploy)).toMatchObject({
    "*": "create,read,update,patch,delete,list,sudo",
    "auth/terraform/*": "deny",
    "sys/auth/terraform": "deny",
    "sys/auth/terraform/*": "deny",
    "sys/mounts/auth/terraform/*": "deny",
    "sys/audit/bootstrap-file": "deny",
    "sys/policies/acl/terraform-*": "deny",
    "sys/policy/terraform-*": "deny",
  });
});

test("denies a deploy pipeline every spelling of the name of a bootstrap policy", () => {
  const beginnings = Object.keys(rulesOf(grantDeploy))
    .filter((path) => path.startsWith("sys/policies/acl/"))
    .map((path) => path.slice("sys/policies/acl/".length, -1));
  // Covers every name that Vault would lower to terraform-..., but no other lowercase name.
  for (let mixture = 0; mixture < 2 ** "terraform".length; mixture++) {
    const name = [..."terraform"]
      .map((letter, index) => (mixture & (2 ** index) ? letter.toUpperCase() : letter))
      .join("");
    expect(beginnings.some((beginning) => `${name}-deploy`.startsWith(beginning))).toBe(true);
  }
  for (const name of [" terraform-deploy", "/terraform-deploy", "./terraform-deploy"])
    expect(beginnings.some((beginning) => name.startsWith(beginning))).toBe(true);
  for (const other of ["tax", "terra", "terraform", "team-a"])
    expect(beginnings.filter((beginning) => other.startsWith(beginning))).toEqual([]);
});

test.each([
  ["grantDeploy", grantDeploy],
  ["grantAdmin", grantAdmin],
] as const)(
  "%s grants listing secrets, and denies destroying them, creating tokens, remounts and sys/raw",
  (_name, level) => {
    expect(rulesOf(level)).toMatchObject({
      "secret/metadata/*": "read,list",
      "secret/delete/*": "deny",
      "secret/destroy/*": "deny",
      "auth/token/create*": "deny",
      "sys/remount*": "deny",
      "sys/raw*": "deny",
    });
  },
);

test("adds no rule on bootstrap or identity paths to grantAdmin", () => {
  const paths = Object.keys(rulesOf(grantAdmin));
  expect(paths.filter((path) => /terraform|bootstrap|^identity/.test(path))).toEqual([]);
});
