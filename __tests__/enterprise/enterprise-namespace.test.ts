import { EnterpriseNamespace } from "../../constructs/enterprise/enterprise-namespace";
import { synthesizeVault, vaultStack } from "../support/vault-stack";

const licence = { secretName: "vault-licence", key: "licence" };

test("a namespace has a name, and no plan can remove it with all that is in it", () => {
  const output = synthesizeVault(
    (stack) => new EnterpriseNamespace(stack, "Team", { licence, path: "payments" }),
  );
  expect(output.resource("vault_namespace")).toMatchObject({
    path: "payments",
    lifecycle: { prevent_destroy: true },
  });
});

test.each([
  [undefined, "none"],
  [{ secretName: "", key: "licence" }, '{"secretName":"","key":"licence"}'],
  [{ secretName: "a", key: "" }, '{"secretName":"a","key":""}'],
])("without a licence (%j) it is refused", (wrong, got) => {
  expect(() => new EnterpriseNamespace(vaultStack(), "Team", { licence: wrong, path: "payments" })).toThrow(
    `a namespace needs Vault Enterprise: licence must name a Secret and its key, got ${got} [test/Team]`,
  );
});

test.each(["root", "sys", "identity", "Team", "a/b", ""])("the name %j is refused", (path) => {
  expect(() => new EnterpriseNamespace(vaultStack(), "Team", { licence, path })).toThrow(
    `path must be lower-case letters, digits and - and none of Vault's own, got "${path}" [test/Team]`,
  );
});

test("a name that is taken is refused, with both paths", () => {
  const stack = vaultStack();
  new EnterpriseNamespace(stack, "One", { licence, path: "payments" });
  expect(() => new EnterpriseNamespace(stack, "Two", { licence, path: "payments" })).toThrow(
    "namespace payments is taken: test/One has it already [test/Two]",
  );
});
