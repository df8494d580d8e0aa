import { Mount } from "@cdktf/provider-vault/lib/mount";
import { Policy } from "@cdktf/provider-vault/lib/policy";
import { App, TerraformOutput, TerraformStack } from "cdktf";
import { withSharedDependencies } from "../../../stacks/synthesis/shared-dependencies";

function fill(stack: TerraformStack): Policy[] {
  const first = new Mount(stack, "First", { path: "first", type: "kv" });
  const second = new Mount(stack, "Second", { path: "second", type: "kv", dependsOn: [first] });
  new TerraformOutput(stack, "Path", { value: second.path, dependsOn: [second] });
  return ["a", "b"].map((name) => new Policy(stack, name, { name, policy: "", dependsOn: [first, second] }));
}

test("what depends on the same names it by one reference, and comes out as the engine has it", () => {
  const written = (within: <T>(work: () => T) => T) =>
    within(() => {
      const stack = new TerraformStack(new App(), "stack");
      const policies = fill(stack);
      return { policies, json: stack.toTerraform() as unknown };
    });
  const own = written((work) => work());
  const shared = written(withSharedDependencies);
  expect(shared.json).toEqual(own.json);
  expect(own.json).toMatchObject({
    resource: {
      vault_policy: {
        a: { depends_on: ["vault_mount.First", "vault_mount.Second"] },
        b: { depends_on: ["vault_mount.First", "vault_mount.Second"] },
      },
    },
  });
  expect(shared.policies[1].dependsOn).toEqual(shared.policies[0].dependsOn);
  expect(own.policies[1].dependsOn).not.toEqual(own.policies[0].dependsOn);
});

test("the name that a resource is given later is the one that counts", () => {
  const json = withSharedDependencies(() => {
    const stack = new TerraformStack(new App(), "stack");
    const first = new Mount(stack, "First", { path: "first", type: "kv" });
    new Policy(stack, "a", { name: "a", policy: "", dependsOn: [first] });
    first.overrideLogicalId("renamed");
    return stack.toTerraform() as unknown;
  });
  expect(json).toMatchObject({ resource: { vault_policy: { a: { depends_on: ["vault_mount.renamed"] } } } });
});

test("the engine makes references of its own again afterwards, also after something failed", () => {
  expect(() =>
    withSharedDependencies(() => {
      throw new Error("failed");
    }),
  ).toThrow("failed");
  const [a, b] = fill(new TerraformStack(new App(), "stack"));
  expect(a.dependsOn).not.toEqual(b.dependsOn);
});
