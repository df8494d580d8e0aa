import { SentinelEndpointPolicy, SentinelRolePolicy } from "../../constructs/enterprise/sentinel-policy";
import { synthesizeVault, vaultStack } from "../support/vault-stack";

const licence = { secretName: "vault-licence", key: "licence" };
const props = { licence, policyName: "hours", code: 'import "time"\nmain = rule { "${x}" is "%{y}" }' };

test("enforces rules as hard-mandatory and escapes Terraform templates in their code", () => {
  const output = synthesizeVault((stack) => {
    new SentinelEndpointPolicy(stack, "Endpoint", { ...props, paths: ["secret/*"] });
    new SentinelRolePolicy(stack, "Role", { ...props, policyName: "role" });
  });
  const expected = {
    enforcement_level: "hard-mandatory",
    policy: 'import "time"\nmain = rule { "$${x}" is "%%{y}" }',
  };
  expect(output.resource("vault_egp_policy")).toMatchObject({
    ...expected,
    name: "hours",
    paths: ["secret/*"],
  });
  expect(output.resource("vault_rgp_policy")).toMatchObject({ ...expected, name: "role" });
});

test("accepts another enforcement level", () => {
  const output = synthesizeVault(
    (stack) => new SentinelRolePolicy(stack, "Role", { ...props, enforcementLevel: "advisory" }),
  );
  expect(output.resource("vault_rgp_policy").enforcement_level).toBe("advisory");
});

test("returns the name and a reference of a role policy", () => {
  const policy = new SentinelRolePolicy(vaultStack(), "Role", props);
  expect(policy.policyName).toBe("hours");
  expect(policy.policyReference).not.toBe("hours");
});

test("rejects a missing licence, main rule or path, and an invalid name", () => {
  const endpoint = (change: object) => () =>
    new SentinelEndpointPolicy(vaultStack(), "Endpoint", { ...props, paths: ["a/*"], ...change });
  expect(endpoint({ licence: undefined })).toThrow("a Sentinel policy needs Vault Enterprise");
  expect(endpoint({ code: "rule {}" })).toThrow('code must have a rule main, got "rule {}" [test/Endpoint]');
  expect(endpoint({ paths: [] })).toThrow("paths must name one at least, got none");
  expect(endpoint({ policyName: "Hours" })).toThrow("policyName must be lower-case");
  expect(() => new SentinelRolePolicy(vaultStack(), "Role", { ...props, licence: undefined })).toThrow(
    "a Sentinel policy needs Vault Enterprise",
  );
});
