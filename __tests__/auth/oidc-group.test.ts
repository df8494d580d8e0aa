import { OidcAuth } from "../../constructs/auth/oidc-auth";
import { OidcGroup, type OidcGroupProps } from "../../constructs/auth/oidc-group";
import { Policy } from "../../constructs/auth/policy";
import { Duration } from "../../constructs/core/duration";
import { synthesizeVault, vaultStack } from "../support/vault-stack";

const oidc = {
  issuer: "https://id.example.com",
  clientId: "vault",
  addresses: ["https://vault.example.com"],
};
const rule = { path: "sys/health", capabilities: ["read"], reason: "looks" } as const;

const withProps = (change: Partial<OidcGroupProps> = {}) =>
  synthesizeVault((stack) => {
    const auth = new OidcAuth(stack, "Oidc", oidc);
    new OidcGroup(stack, "Group", { auth, groupName: "operator", group: "Vault ${x}", ...change }).grant(
      rule,
    );
  });

test("grants the policy to members of the identity provider's group", () => {
  const output = withProps({ additionalPolicies: [Policy.fromPolicyName(vaultStack(), "Shared", "shared")] });
  expect(output.resource("vault_identity_group")).toMatchObject({
    name: "operator",
    type: "external",
    policies: [expect.stringMatching(/^\$\{vault_policy\.Group_Policy_\w+\.name\}$/), "shared"],
  });
  expect(output.resource("vault_identity_group_alias")).toMatchObject({
    name: "Vault $${x}",
    mount_accessor: expect.stringMatching(/\.accessor\}$/),
    canonical_id: expect.stringMatching(/^\$\{vault_identity_group\..*\.id\}$/),
  });
  expect(output.resource("vault_jwt_auth_backend_role").bound_claims).toEqual({ groups: "Vault $${x}" });
});

test("takes its token max TTL from the login, and lists the group in the access map", () => {
  const stack = vaultStack();
  const auth = new OidcAuth(stack, "Oidc", { ...oidc, loginMaxTtl: Duration.hours(4) });
  const group = new OidcGroup(stack, "Group", { auth, groupName: "operator", group: "operators" });
  expect(group).toMatchObject({ tokenMaxTtl: Duration.hours(4), isPeriodic: false });
  group.addCustomRule(rule);
  expect(group.policy.rules).toHaveLength(1);
});

test("grants the policy to each of several groups, and keeps the first group's resources", () => {
  const one = withProps({ group: "admins" });
  const output = withProps({ group: ["admins", "/vault/admins", "alice@example.com"] });
  const [first, ...others] = output.resources("vault_identity_group");
  expect(first).toEqual(one.resource("vault_identity_group"));
  expect(others.map(({ name }) => name)).toEqual(["operator: /vault/admins", "operator: alice@example.com"]);
  for (const other of others) expect(other.policies).toEqual(first.policies);
  const aliases = output.resources("vault_identity_group_alias");
  expect(aliases.map(({ name }) => name).sort()).toEqual(["/vault/admins", "admins", "alice@example.com"]);
  expect(new Set(aliases.map(({ canonical_id }) => canonical_id)).size).toBe(3);
  expect(output.resource("vault_jwt_auth_backend_role").bound_claims).toEqual({
    groups: "admins,/vault/admins,alice@example.com",
  });
});

test.each(["", " ", "a,b", " a"])("rejects the group %j", (group) => {
  expect(() => withProps({ group })).toThrow(
    `group must be a group of the identity provider, or a list of groups, without commas and outer spaces, got "${group}" [test/Group]`,
  );
});

test("rejects an empty list of groups", () => {
  expect(() => withProps({ group: [] })).toThrow(
    "group must be a group of the identity provider, or a list of groups, without commas and outer spaces, got [] [test/Group]",
  );
});

test("rejects a group name if the identity provider sends object ids", () => {
  const stack = vaultStack();
  const auth = new OidcAuth(stack, "Oidc", {
    ...oidc,
    issuer: "https://login.microsoftonline.com/0cda5a64-26c0-4d2a-9b3b-4c6f1f6f6f03/v2.0",
    scopes: ["profile"],
    providerConfig: { provider: "azure" },
  });
  expect(() => new OidcGroup(stack, "One", { auth, groupName: "admin", group: "admins" })).toThrow(
    'groups must be object ids of groups with providerConfig azure: Microsoft Graph gives no names, got "admins"',
  );
});

test("rejects a second OidcGroup for the same group or with the same name", () => {
  const stack = vaultStack();
  const auth = new OidcAuth(stack, "Oidc", oidc);
  new OidcGroup(stack, "One", { auth, groupName: "operator", group: "operators" });
  expect(() => new OidcGroup(stack, "Two", { auth, groupName: "other", group: "operators" })).toThrow(
    "group auth/oidc/group/operators is taken: test/One has it already [test/Two]",
  );
  expect(() => new OidcGroup(stack, "Small", { auth, groupName: "small", group: "OPERATORS" })).toThrow(
    "group auth/oidc/group/operators is taken: test/One has it already [test/Small]",
  );
  expect(() => new OidcGroup(stack, "Three", { auth, groupName: "operator", group: "x" })).toThrow(
    "group operator is taken: test/One has it already [test/Three]",
  );
});
