import { policyDifference } from "../../access/unmanaged-contents";
import type { Policy } from "../../analysis/vault/policies";
import { parsePolicy } from "../../constructs/policy/vault-policy";

const known = (text: string): Policy => ({
  name: "ops",
  namespace: "",
  rules: parsePolicy(text),
  writtenBy: "Vault",
  stack: "config",
  grants: [],
});
const read = (path: string) => `path "${path}" { capabilities = ["read"] }`;

describe("policyDifference", () => {
  it.each([
    ["JSON", '{"path": {"a": {"capabilities": ["read"]}}}'],
    ["other spaces and a leading slash", 'path  "/a"  { capabilities=["read"] }'],
  ])("returns nothing for an equal policy in %s", (_, text) => {
    expect(policyDifference(known(read("a")), text)).toBeUndefined();
  });

  it("accepts any name for a token of Terraform, but no wildcard or further capability", () => {
    const code = known(read("identity/{{terraform vault_mount.m.accessor}}/x"));
    expect(policyDifference(code, read("identity/kv_1234/x"))).toBeUndefined();
    for (const path of ["identity/*", "identity/+/x", "identity/a*/x"]) {
      expect(policyDifference(code, read(path))).toContain(`+ ${path} [read]`);
    }
    const other = 'path "identity/kv_1234/x" { capabilities = ["sudo", "read"] }';
    expect(policyDifference(code, other)).toContain("+ identity/kv_1234/x [read, sudo]");
  });

  it("reports a missing rule and a policy that cannot be parsed", () => {
    expect(policyDifference(known(read("a") + "\n" + read("b")), read("a"))).toBe(
      "differs from the code: - b [read]",
    );
    expect(policyDifference(known(read("a")), "path {")).toMatch(/^cannot be read: /);
  });
});
