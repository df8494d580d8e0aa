import { type Grant, recordGrant } from "./grant";
import { checkArguments } from "../core/field";
import type { IPolicyTarget } from "./policy-target";
import { configured, grantee as GRANTEE, grantScope } from "./fields";
import { type GrantScope, everywhere, rulesOnParent } from "./in-namespaces";
import type { Capability, IGrantee, PolicyRule } from "./policy-rule";

/** All capabilities except deny. */
const EVERYTHING: readonly Capability[] = ["create", "read", "update", "patch", "delete", "list", "sudo"];

/** Paths that the bootstrap owns: Terraform's auth mount, the first audit device and the policies `terraform-*`. */
const PROTECTED_PATHS = [
  "auth/terraform/*",
  "sys/auth/terraform",
  "sys/auth/terraform/*",
  "sys/mounts/auth/terraform/*",
  "sys/audit/bootstrap-file",
  "sys/audit/bootstrap-file/*",
  // Vault strips slashes before the path of a mount.
  "sys/auth//*",
  "sys/mounts//*",
  ...["sys/policies/acl", "sys/policy"].flatMap((path) =>
    spellings("terraform-").map((name) => `${path}/${name}*`),
  ),
];

/** Paths that bypass a denial. Neither Terraform nor an administrator needs them. */
const BYPASS_PATHS: readonly [path: string, reason: string][] = [
  ["auth/token/create*", "would give a token the policies of somebody else"],
  ["sys/remount*", "would move a mount away from what is denied there"],
  ["sys/raw*", "reads and writes storage beneath all policies"],
  ["sys/sync/*", "copies secrets to other places"],
];

/** Further bypass paths. Administrators of Vault need them, pipelines do not. */
const ADMIN_ONLY_PATHS: readonly [path: string, reason: string][] = [
  ["sys/storage/raft/snapshot*", "is all of Vault's data, and puts back that of another time"],
  ["sys/replication/*", "copies all of Vault's data to another Vault"],
  ["identity/mfa/method/totp/admin-*", "gives out the second factor of a person"],
  ["sys/mfa/method/totp/+/admin-*", "gives out the second factor of a person"],
];

/**
 * Paths of entities. The policies of an entity apply to its token at once. Only logins create
 * entities, Terraform does not.
 */
const ENTITIES = ["identity/entity*", "identity/alias*", "identity/persona*"];

/**
 * Paths of groups. The policies of a group apply to its members' tokens at once. Terraform creates groups; the
 * identity provider defines their members.
 */
const GROUPS = ["identity/group", "identity/group/id/*", "identity/group/name/*"];

/** Configuration that belongs to no single mount. */
const COMMON_CONFIGURATION = [
  "sys/auth",
  "sys/mounts",
  "sys/mounts/*",
  "sys/policies/acl/*",
  "sys/policies/password/*",
  "sys/quotas/*",
  "identity/group/*",
  "identity/group-alias/*",
  "identity/mfa/*",
];

/**
 * Allows a pipeline to compare Vault with the CDK app. The pipeline can read configuration. It cannot read a secret
 * or a credential by any path.
 * @param parts the configured parts of Vault; access to their secrets is denied
 */
export function grantPlan(grantee: IGrantee, parts: readonly IPolicyTarget[], scope: GrantScope = {}): Grant {
  checkGrant("grantPlan", grantee, parts, scope);
  const reason = "compares the configuration with the program";
  return recordGrant(grantee, (recorder) => {
    for (const each of everywhere(recorder, scope)) {
      for (const path of configurationOf(parts)) allow(each, path, ["read", "list"], reason);
      // Vault requires sudo on this path even to read.
      allow(each, "sys/audit", ["read", "sudo"], "compares the audit devices with the program");
      denySecrets(each, parts);
    }
    seeNamespaces(recorder, scope, reason);
  });
}

/**
 * Allows a pipeline to change Vault. This is as strong as root, because policies and auth roles can grant any
 * permission. The denials prevent accidental access to secrets and to the paths of the bootstrap. An intentional
 * bypass requires a policy change, which the audit log shows.
 * @param parts the configured parts of Vault; access to their secrets is denied
 */
export function grantDeploy(
  grantee: IGrantee,
  parts: readonly IPolicyTarget[],
  scope: GrantScope = {},
): Grant {
  checkGrant("grantDeploy", grantee, parts, scope);
  return recordGrant(grantee, (recorder) => {
    allowEverything(recorder, "changes the configuration; as strong as root, because it writes policies");
    for (const each of everywhere(recorder, scope)) {
      keepFromSecrets(each, parts);
      for (const path of PROTECTED_PATHS) allow(each, path, ["deny"], "belongs to the bootstrap");
      for (const [path, reason] of ADMIN_ONLY_PATHS) allow(each, path, ["deny"], reason);
      for (const path of ENTITIES) {
        narrow(each, path, "sees who is known; policies of its own entity would be its own at once");
      }
      for (const path of GROUPS) {
        each.grant({
          path,
          capabilities: ["create", "read", "update", "delete", "list"],
          reason: "makes groups of people, and no member of them",
          deniedParameters: { member_entity_ids: [], member_group_ids: [] },
        });
      }
    }
    keepOutOf(recorder, scope);
  });
}

/**
 * Allows operators to run Vault: its health, leases, servers and mounts. It allows no secrets.
 * @param parts the configured parts of Vault; access to their secrets is denied
 */
export function grantOperator(
  grantee: IGrantee,
  parts: readonly IPolicyTarget[],
  scope: GrantScope = {},
): Grant {
  checkGrant("grantOperator", grantee, parts, scope);
  const look: readonly [string, string][] = [
    ["sys/health", "sees whether Vault is well"],
    ["sys/metrics", "sees how busy Vault is"],
    ["sys/host-info", "sees the servers"],
    ["sys/ha-status", "sees the servers"],
    ["sys/storage/raft/configuration", "sees the servers"],
    ["sys/storage/raft/autopilot/*", "sees the servers"],
    ["sys/auth", "sees the auth mounts"],
    ["sys/mounts", "sees the mounts"],
    ["sys/quotas/*", "sees the quotas"],
    ["sys/internal/counters/*", "sees how much is used"],
  ];
  return recordGrant(grantee, (recorder) => {
    for (const each of everywhere(recorder, scope)) {
      for (const [path, reason] of look) allow(each, path, ["read", "list"], reason);
      allow(each, "sys/leases/lookup", ["update"], "looks up a lease");
      allow(each, "sys/leases/lookup/*", ["list", "sudo"], "finds leases");
      allow(each, "sys/leases/revoke", ["update"], "ends a lease that leaked");
      allow(each, "sys/leases/revoke-prefix/*", ["update", "sudo"], "ends leases that leaked");
      allow(each, "sys/step-down", ["update", "sudo"], "hands over to another server before maintenance");
      denySecrets(each, parts);
    }
    seeNamespaces(recorder, scope, "sees the namespaces");
  });
}

/**
 * Allows auditors to see all permissions and to search the audit log. It allows no secrets and no changes.
 * @param parts the configured parts of Vault; access to their secrets is denied
 */
export function grantAuditor(
  grantee: IGrantee,
  parts: readonly IPolicyTarget[],
  scope: GrantScope = {},
): Grant {
  checkGrant("grantAuditor", grantee, parts, scope);
  return recordGrant(grantee, (recorder) => {
    for (const each of everywhere(recorder, scope)) {
      for (const path of configurationOf(parts)) allow(each, path, ["read", "list"], "sees who may do what");
      for (const path of ["identity/entity/*", "identity/entity-alias/*", "sys/internal/counters/*"]) {
        allow(each, path, ["read", "list"], "sees who is known and how much is used");
      }
      allow(each, "sys/audit", ["read", "sudo"], "sees the audit devices");
      allow(each, "sys/audit-hash/*", ["update"], "finds a known value in the audit log by its hash");
      denySecrets(each, parts);
    }
    seeNamespaces(recorder, scope, "sees the namespaces");
  });
}

/**
 * Allows administrators to do everything except use secrets. An administrator can get that access too by a policy
 * change, which the audit log shows. Use it together with `LoginMfa`.
 * @param parts the configured parts of Vault; access to their secrets is denied
 */
export function grantAdmin(
  grantee: IGrantee,
  parts: readonly IPolicyTarget[],
  scope: GrantScope = {},
): Grant {
  checkGrant("grantAdmin", grantee, parts, scope);
  return recordGrant(grantee, (recorder) => {
    allowEverything(recorder, "administers Vault; as strong as root, because it writes policies");
    for (const each of everywhere(recorder, scope)) keepFromSecrets(each, parts);
    keepOutOf(recorder, scope);
  });
}

function checkGrant(by: string, grantee: IGrantee, parts: readonly IPolicyTarget[], scope: GrantScope): void {
  checkArguments(by, { grantee: [grantee, GRANTEE], parts: [parts, configured], scope: [scope, grantScope] });
}

/** Paths that Terraform reads. */
function configurationOf(parts: readonly IPolicyTarget[]): string[] {
  return unique([...COMMON_CONFIGURATION, ...parts.flatMap(({ configurationPaths }) => configurationPaths)]);
}

/**
 * Allows every path in every namespace. Child namespaces get no separate rule: Vault would prefer it to some denials.
 */
function allowEverything(grantee: IGrantee, reason: string): void {
  grantee.grant({
    path: "*",
    capabilities: EVERYTHING,
    reason,
    allowSudo: true,
    allowEveryMount: true,
  });
}

/** Allows the grantee to list the namespaces. */
function seeNamespaces(grantee: IGrantee, { namespacesBelow: parent }: GrantScope, reason: string): void {
  if (parent === undefined) return;
  for (const path of ["sys/namespaces/*", `${parent}/sys/namespaces/*`])
    allow(grantee, path, ["read", "list"], reason);
}

/** Restricts the parent namespace for a grantee that may do everything else. */
function keepOutOf(grantee: IGrantee, { namespacesBelow: parent }: GrantScope): void {
  for (const rule of parent === undefined ? [] : rulesOnParent(parent)) grantee.grant(rule);
}

/** Denies secrets and bypass paths to a grantee that may do everything else. */
function keepFromSecrets(grantee: IGrantee, parts: readonly IPolicyTarget[]): void {
  denySecrets(grantee, parts);
  for (const path of unique(parts.flatMap(({ inventoryPaths = [] }) => inventoryPaths))) {
    narrow(grantee, path, "sees which secrets there are, and destroys none");
  }
  for (const [path, reason] of BYPASS_PATHS) allow(grantee, path, ["deny"], reason);
}

/** Denies secrets explicitly, so that another policy of the same identity cannot allow them. */
function denySecrets(grantee: IGrantee, parts: readonly IPolicyTarget[]): void {
  for (const path of unique(parts.flatMap(({ secretPaths }) => secretPaths))) {
    allow(grantee, path, ["deny"], "gives out secrets, uses them or destroys them");
  }
}

/** Reduces a wider grant to read and list. */
function narrow(grantee: IGrantee, path: string, reason: string): void {
  grantee.grant({ path, capabilities: ["read", "list"], reason, narrows: true });
}

function allow(
  grantee: IGrantee,
  path: string,
  capabilities: PolicyRule["capabilities"],
  reason: string,
): void {
  // Vault requires sudo below sys/auth, even to read.
  const guarded = path.startsWith("sys/auth/") && !capabilities.includes("deny");
  grantee.grant({
    path,
    capabilities: guarded ? [...capabilities, "sudo"] : capabilities,
    reason,
    allowSudo: guarded || capabilities.includes("sudo"),
  });
}

/**
 * Prefixes that cover all policy names that Vault resolves to a name with this prefix. Vault compares paths letter by
 * letter. It then lowers the case of the name, strips spaces around it, and finds `/name` and `./name` in its cache
 * as `name`.
 */
function spellings(name: string): string[] {
  const capitals = [...name].flatMap((letter, index) =>
    letter === letter.toUpperCase() ? [] : [name.slice(0, index) + letter.toUpperCase()],
  );
  return [name, " ", "/", ".", ...capitals];
}

function unique(paths: readonly string[]): string[] {
  return [...new Set(paths)];
}
