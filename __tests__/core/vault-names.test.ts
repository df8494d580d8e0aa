import { Lazy, TerraformStack, Testing } from "cdktf";
import { Construct } from "constructs";
import { claimMount, claimName, VAULT_CONTEXT } from "../../constructs/core/vault-names";

const two = (context?: string, other = context) => {
  const app = Testing.app();
  return [context, other].map((vault, index) => {
    const stack = new TerraformStack(app, `stack-${index}`);
    if (vault !== undefined) stack.node.setContext(VAULT_CONTEXT, vault);
    return new Construct(stack, "Owner");
  });
};

test("rejects a second claim of a name in a stack and names both paths", () => {
  const [owner] = two();
  claimName(owner, "role", "auth/kubernetes/role/a");
  const rival = new Construct(owner, "Rival");
  expect(() => claimName(rival, "role", "auth/kubernetes/role/a")).toThrow(
    "role auth/kubernetes/role/a is taken: stack-0/Owner has it already [stack-0/Owner/Rival]",
  );
  claimName(rival, "policy", "auth/kubernetes/role/a");
  claimName(rival, "role", "auth/kubernetes/role/b");
});

test("shares names between stacks of one Vault, but not of different Vaults", () => {
  const [one, other] = two("production");
  claimName(one, "role", "a");
  expect(() => claimName(other, "role", "a")).toThrow("stack-0/Owner has it already [stack-1/Owner]");
  const [first, second] = two("production", "staging");
  claimName(first, "role", "a");
  claimName(second, "role", "a");
});

test("rejects a mount that is taken, and mounts inside or around it", () => {
  const [owner] = two();
  claimMount(owner, "secret");
  const rival = new Construct(owner, "Rival");
  expect(() => claimMount(rival, "secret")).toThrow("mount secret is taken: stack-0/Owner has it already");
  expect(() => claimMount(rival, "secret/team")).toThrow(
    "mount secret/team is taken: secret is made by stack-0/Owner has it already",
  );
  claimMount(rival, "secrets");
  claimMount(rival, "team/secret");
  expect(() => claimMount(rival, "team")).toThrow("mount team is taken");
});

test.each(["sys", "identity/x", "cubbyhole", "auth/token", "auth/terraform", "auth"])(
  "rejects the reserved mount %s",
  (path) => {
    expect(() => claimMount(two()[0], path)).toThrow(`mount ${path} is not this stack's`);
  },
);

test.each(["/secret", "secret/", "a//b", "a/../b", "a b", "", "*"])("rejects the mount path %j", (path) => {
  expect(() => claimMount(two()[0], path)).toThrow("a mount's path must be letters, digits, - and _");
});

test("accepts a token whose text would be rejected", () => {
  const [owner] = two();
  const token = Lazy.stringValue({ produce: () => "sys" });
  const claims = (value: string) => [
    () => claimMount(owner, value),
    () => ["first", "second"].forEach(() => claimName(owner, "role", value)),
  ];
  for (const claim of claims(token)) expect(claim).not.toThrow();
  for (const claim of claims("sys")) expect(claim).toThrow();
});
