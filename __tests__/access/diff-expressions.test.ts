import type { TerraformStack } from "cdktf";
import { changesOf as changesBetween } from "./support/changes";

type Blocks = Readonly<Record<string, unknown>>;

const build = (blocks: Blocks) => (stack: TerraformStack) => {
  for (const [kind, content] of Object.entries(blocks)) stack.addOverride(kind, content);
};

const changesOf = (before: Blocks, after: Blocks) => changesBetween(build(before), build(after));

const ADMIN = 'path "*" { capabilities = ["read", "sudo"] }';
const policy = (further: object = {}): Blocks => ({
  variable: { on: { default: true } },
  locals: { policy: ADMIN },
  resource: { vault_policy: { Admin: { name: "admin", policy: ADMIN, ...further } } },
});
const withEndpoint = (path: string, data: string): Blocks => ({
  ...policy(),
  resource: {
    ...(policy().resource as object),
    vault_generic_endpoint: { Evil: { path, data_json: data } },
  },
});

describe("access diff reads expressions", () => {
  it.each([
    ["format", '${format("auth/%s/role/evil", "kubernetes")}'],
    ["join", '${join("/", ["auth", "kubernetes", "role", "evil"])}'],
    ["a condition", '${true ? "auth/kubernetes/role/evil" : "secret/x"}'],
  ])(
    "finds a role of a generic endpoint whose data is by jsonencode and whose path is by %s",
    (_what, path) => {
      const role = { token_policies: ["admin"], bound_service_account_names: ["*"] };
      const plain = changesOf(policy(), withEndpoint("auth/kubernetes/role/evil", JSON.stringify(role)));
      const data = '${jsonencode({token_policies = ["admin"], bound_service_account_names = ["*"]})}';

      expect(plain.join("\n")).toContain("evil");
      expect(changesOf(policy(), withEndpoint(path, data))).toEqual(plain);
    },
  );

  it.each([
    ["a policy that a count adds", policy({ count: 0 }), policy()],
    [
      "a policy that a condition adds",
      policy({ count: "${var.on ? 0 : 1}" }),
      policy({ count: "${var.on ? 1 : 0}" }),
    ],
    ["a policy that a key adds", policy({ for_each: [] }), policy({ for_each: ["a"] })],
  ])("finds %s", (_what, before, after) => {
    expect(changesOf(before, after)).not.toEqual([]);
    expect(changesOf(after, before)).not.toEqual([]);
  });

  it.each([
    ["a local value", policy({ policy: "${local.policy}" })],
    ["a function", policy({ policy: '${join("", [local.policy, ""])}' })],
  ])("finds no change when a text is replaced by %s", (_what, after) => {
    expect(changesOf(policy(), after)).toEqual([]);
  });

  it.each([
    ["added", {}, { count: 1 }],
    ["removed", { count: 1 }, {}],
  ])("finds no loss when a count of one is %s: Terraform moves the object", (_what, before, after) => {
    const mount = (repetition: object): Blocks => ({
      resource: { vault_mount: { Kv: { path: "secret", type: "kv", ...repetition } } },
    });

    expect(changesOf(mount(before), mount(after)).join("\n")).not.toContain("destroy");
  });
});
