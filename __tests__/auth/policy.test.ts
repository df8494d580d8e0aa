import { Policy as VaultPolicy } from "@cdktf/provider-vault/lib/policy";
import { TerraformStack, Testing } from "cdktf";
import { grantsOf, Policy } from "../../constructs/auth/policy";
import { testWithTerraform } from "../support/terraform";
import { synthesizeVault, vaultStack } from "../support/vault-stack";

const read = { path: "secret/data/a", capabilities: ["read"], reason: "because" } as const;

test("renders grants that are made after the policy", () => {
  const output = synthesizeVault((stack) => {
    const policy = new Policy(stack, "Policy", { policyName: "service" });
    policy.grant(read);
    policy.grant({ ...read, path: "secret/data/b" });
  });
  expect(output.resource("vault_policy")).toMatchObject({
    name: "service",
    policy: `path "secret/data/a" {
  capabilities = ["read"]
}
path "secret/data/b" {
  capabilities = ["read"]
}
`,
  });
});

test("rejects a policy without grants during synthesis", () => {
  expect(() => synthesizeVault((stack) => new Policy(stack, "Policy", { policyName: "service" }))).toThrow(
    "policy service grants nothing, and Vault refuses an empty one; call a grant method, such as keyValueEngine.grantRead() [test/Policy]",
  );
});

test("rejects a conflicting or invalid rule when it is added", () => {
  const policy = new Policy(vaultStack(), "Policy", { policyName: "service" });
  policy.grant(read);
  expect(() => policy.grant({ ...read, capabilities: ["deny"] })).toThrow("two grants contradict each other");
  expect(() => policy.addCustomRule({ ...read, path: "/x" })).toThrow("no leading slash");
  expect(policy.rules).toEqual([read]);
});

test("returns a copy of its rules", () => {
  const policy = new Policy(vaultStack(), "Policy", { policyName: "service" });
  policy.rules.push(read);
  expect(policy.rules).toEqual([]);
});

test("lists each grant, its construct and custom rules in the access map", () => {
  const stack = vaultStack();
  const policy = new Policy(stack, "Policy", { policyName: "service" });
  policy.grant({ ...read, grantedBy: stack });
  policy.addCustomRule({ ...read, path: "sys/health", reason: "by hand" });
  const grant = { policy: "service", capabilities: ["read"] };
  expect(grantsOf(stack)).toEqual([
    { ...grant, path: "secret/data/a", reason: "because", grantedBy: "test", custom: false },
    { ...grant, path: "sys/health", reason: "by hand", grantedBy: "test/Policy", custom: true },
  ]);
});

test("writes the grants to the metadata of the resource", () => {
  const stack = vaultStack();
  const policy = new Policy(stack, "Policy", { policyName: "service" });
  policy.grant({ ...read, grantedBy: stack });
  policy.addCustomRule({ ...read, path: "sys/health", reason: "by hand" });
  const [resource] = Object.values<Record<string, unknown>>(stack.toTerraform().resource.vault_policy);
  expect(resource["//"]).toHaveProperty("grants", [
    { path: "secret/data/a", capabilities: ["read"], reason: "because", grantedBy: "test" },
    {
      path: "sys/health",
      capabilities: ["read"],
      reason: "by hand",
      grantedBy: "test/Policy",
      custom: true,
    },
  ]);
});

testWithTerraform(
  ["vault"],
  "plans a policy whose reasons contain Terraform expressions and quotes",
  (plan) => {
    const stack = vaultStack();
    new Policy(stack, "Policy", { policyName: "service" }).grant({
      ...read,
      reason: 'reads ${file("/etc/passwd")} and %{ if }, as "they" said',
    });
    expect(plan(stack).resources("vault_policy")[0].policy).toContain('path "secret/data/a"');
  },
);

test.each(["Service", "a b", "-a", "ä"])("rejects the name %j, which Vault would change", (policyName) => {
  expect(() => new Policy(vaultStack(), "Policy", { policyName })).toThrow(
    `policyName must be lower-case letters, digits, -, _ and ., got ${JSON.stringify(policyName)} [test/Policy]`,
  );
});

test.each(["root", "default", "terraform-deploy", "terraform-bootstrap"])(
  "rejects the reserved policy name %s",
  (policyName) => {
    expect(() => new Policy(vaultStack(), "Policy", { policyName })).toThrow(
      `policy ${policyName} has another owner`,
    );
  },
);

test("rejects a second policy of the same name, and names both constructs", () => {
  const stack = vaultStack();
  new Policy(stack, "One", { policyName: "service" });
  expect(() => new Policy(stack, "Two", { policyName: "service" })).toThrow(
    "policy service is taken: test/One has it already [test/Two]",
  );
});

test("accepts the same policy name in two stacks", () => {
  const app = Testing.app();
  const stacks = ["one", "two"].map((id) => {
    const stack = new TerraformStack(app, id);
    new Policy(stack, "Policy", { policyName: "service" }).grant(read);
    return stack;
  });
  for (const stack of stacks) {
    const [policy] = Object.values<{ name: string }>(JSON.parse(Testing.synth(stack)).resource.vault_policy);
    expect(policy.name).toBe("service");
  }
});

test("exposes the policy as node.defaultChild", () => {
  const output = synthesizeVault((stack) => {
    const policy = new Policy(stack, "Policy", { policyName: "service" });
    policy.grant(read);
    (policy.node.defaultChild as VaultPolicy).addOverride("namespace", "team");
  });
  expect(output.resource("vault_policy").namespace).toBe("team");
});
