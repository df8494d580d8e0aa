import { PasswordPolicy, type PasswordPolicyProps } from "../../constructs/auth/password-policy";
import { synthesizeVault } from "../support/vault-stack";

const withProps = (change: Partial<PasswordPolicyProps> = {}) =>
  synthesizeVault(
    (stack) => new PasswordPolicy(stack, "Passwords", { passwordPolicyName: "database", ...change }),
  ).resource("vault_password_policy");

test("generates 32 characters with all character classes and no symbols that need quoting, by default", () => {
  expect(withProps()).toMatchObject({
    name: "database",
    policy: `length = 32
rule "charset" {
  charset   = "abcdefghijklmnopqrstuvwxyz"
  min-chars = 1
}
rule "charset" {
  charset   = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
  min-chars = 1
}
rule "charset" {
  charset   = "0123456789"
  min-chars = 1
}
rule "charset" {
  charset   = "-_.~"
  min-chars = 1
}
`,
  });
});

test("sets length and symbols", () => {
  const { policy } = withProps({ length: 40, symbols: "%{" });
  expect(policy).toContain("length = 40");
  expect(policy).toContain('charset   = "%%{"');
});

test.each<[string, Partial<PasswordPolicyProps>, string]>([
  ["a short password", { length: 19 }, "length must be a whole number from 20 to 100, got 19"],
  ["an endless password", { length: 101 }, "got 101"],
  ["no symbols", { symbols: "" }, "symbols must be a string that is not empty"],
  ["letters among the symbols", { symbols: "-a" }, 'got "-a"'],
  ["what HCL reads in its own way", { symbols: "$" }, 'got "$"'],
  ["a wrong name", { passwordPolicyName: "Database" }, "passwordPolicyName must be lower-case"],
])("rejects %s", (_title, change, message) => {
  expect(() => withProps(change)).toThrow(message);
  expect(() => withProps(change)).toThrow("[test/Passwords]");
});
