import { identitiesOf } from "../../constructs/auth/identity";
import { OidcAuth } from "../../constructs/auth/oidc-auth";
import { OidcGroup, type OidcGroupProps } from "../../constructs/auth/oidc-group";
import { policyFromName } from "../../constructs/auth/policy";
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

test("members of the identity provider's group get the policy", () => {
  const output = withProps({ additionalPolicies: [policyFromName("shared")] });
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

test("a lease may last as long as a login", () => {
  const stack = vaultStack();
  const auth = new OidcAuth(stack, "Oidc", { ...oidc, loginMaxTtl: Duration.hours(4) });
  const group = new OidcGroup(stack, "Group", { auth, groupName: "operator", group: "operators" });
  expect(group).toMatchObject({ tokenMaxTtl: Duration.hours(4), isPeriodic: false });
  expect(identitiesOf(stack)).toEqual([
    { mount: "auth/oidc", role: "operator", subject: "group operators", policies: ["operator"] },
  ]);
  group.addCustomRule(rule);
  expect(group.policy.rules).toHaveLength(1);
});

test.each(["a,b", ",a"])("the group %j is refused", (group) => {
  expect(() => withProps({ group })).toThrow(
    `group must be one group of the identity provider, without commas, got "${group}" [test/Group]`,
  );
});

test("one group of the identity provider, or one name, cannot be given twice", () => {
  const stack = vaultStack();
  const auth = new OidcAuth(stack, "Oidc", oidc);
  new OidcGroup(stack, "One", { auth, groupName: "operator", group: "operators" });
  expect(() => new OidcGroup(stack, "Two", { auth, groupName: "other", group: "operators" })).toThrow(
    "group auth/oidc/group/operators is taken: test/One has it already [test/Two]",
  );
  expect(() => new OidcGroup(stack, "Three", { auth, groupName: "operator", group: "x" })).toThrow(
    "group operator is taken: test/One has it already [test/Three]",
  );
});
