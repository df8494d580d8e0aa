import { TerraformStack, Testing } from "cdktf";
import { isUnknown } from "../../analysis/terraform/unknown";
import type { Element } from "../../hardening/element";
import { evaluate } from "../../hardening/evaluate";
import { Platform } from "../../hardening/platform";
import { rules } from "../../hardening/rules";

type Blocks = Readonly<Record<string, unknown>>;

function stackOf(blocks: Blocks): TerraformStack {
  const stack = new TerraformStack(Testing.app(), "test");
  for (const [kind, content] of Object.entries(blocks)) stack.addOverride(kind, content);
  return stack;
}

const elementsOf = (blocks: Blocks): readonly Element[] =>
  new Platform(undefined, [stackOf(blocks)]).elements.filter(({ block }) => block === "resource");

const problemsOf = (blocks: Blocks, ruleId: string) =>
  evaluate(
    stackOf(blocks).node.root,
    rules.filter(({ id }) => id === ruleId),
  ).errors.map(({ problem }) => problem);

describe("existence of an element", () => {
  const audit = (repetition: object): Blocks => ({
    variable: { on: { default: true }, open: {} },
    resource: { vault_audit: { File: { type: "file", ...repetition } } },
  });

  it.each([
    ["is certain without a count", {}, ["yes"]],
    ["is certain for each object of a count", { count: 2 }, ["yes", "yes"]],
    ["is certain for each key", { for_each: { a: 1 } }, ["yes"]],
    ["is open for an unknown count", { count: "${var.open}" }, ["perhaps"]],
  ])("%s", (_what, repetition, expected) => {
    expect(elementsOf(audit(repetition)).map(({ existence }) => existence)).toEqual(expected);
  });

  it.each([
    { count: 0 },
    { count: "0" },
    { count: "${var.on ? 0 : 1}" },
    { for_each: "${toset([])}" },
    { for_each: [] },
  ])("ends with %j: rules do not see the block", (repetition) => {
    expect(elementsOf(audit(repetition))).toEqual([]);
  });
});

describe("body of an element", () => {
  const bodyOf = (resource: object, further: Blocks = {}) => {
    const [{ body, values }] = elementsOf({ ...further, resource: { vault_policy: { App: resource } } });
    return { body, values };
  };
  const definitions = {
    variable: { open: {}, given: { default: null }, once: { default: "", ephemeral: true } },
    locals: { raw: "T", policy: 'path "*" {}', alias: "${aws_s3_bucket.Logs.id}" },
  };

  it.each([
    ["a local value", "${local.raw}", "T"],
    ["a merged map", '${merge({a = 1}, {log_raw = "1"})}', { a: 1, log_raw: "1" }],
    ["a function", '${format("sys/%s/x", "policies/acl")}', "sys/policies/acl/x"],
    ["an escape", "$${a} ${local.raw}", "$${a} T"],
    ["a function that returns an escape", '${join("", ["$$", "{a}"])}', "$$${a}"],
    ["a reference to a resource", "${aws_s3_bucket.Logs.id}", "${aws_s3_bucket.Logs.id}"],
    ["another name of a reference", "${local.alias}", "${aws_s3_bucket.Logs.id}"],
    ["an unknown value", "${var.open}", "${var.open}"],
    ["a value that each run gives", "${var.given}", "${var.given}"],
    ["an ephemeral value", "${var.once}", "${var.once}"],
    ["an unknown part of a text", '${join("/", ["a", var.open])}', "a/${var.open}"],
    ["a call that nobody can evaluate", '${file("a")}', '${file("a")}'],
    ["a text that is no template", "${DB_PASSWORD:-x}", "${DB_PASSWORD:-x}"],
  ])("has %s in the notation of Terraform JSON", (_what, value, expected) => {
    expect(bodyOf({ value }, definitions).body).toEqual({ value: expected });
  });

  it("has the values beside it, with what is unknown marked", () => {
    const { values } = bodyOf({ a: "${local.raw}", b: "$${a}", c: "${var.open}" }, definitions);

    expect([values.a, values.b, isUnknown(values.c)]).toEqual(["T", "${a}", true]);
  });

  it("differs between the objects of a for_each", () => {
    const elements = elementsOf({
      resource: {
        vault_policy: { App: { for_each: { a: "x", b: "y" }, name: "${each.key}", policy: "${each.value}" } },
      },
    });

    expect(elements.map(({ body }) => [body.name, body.policy])).toEqual([
      ["a", "x"],
      ["b", "y"],
    ]);
  });
});

describe("rules on evaluated blocks", () => {
  const ADMIN = 'path "*" { capabilities = ["create", "read", "update", "delete", "sudo"] }';

  it.each([
    [
      "a local value",
      { locals: { p: ADMIN }, resource: { vault_policy: { X: { name: "x", policy: "${local.p}" } } } },
    ],
    [
      "a generic endpoint with jsonencode",
      {
        locals: { p: ADMIN },
        resource: {
          vault_generic_endpoint: {
            X: {
              path: '${format("sys/policies/acl/%s", "x")}',
              data_json: "${jsonencode({policy = local.p})}",
            },
          },
        },
      },
    ],
    [
      "a for_each",
      {
        resource: {
          vault_policy: { X: { for_each: { x: ADMIN }, name: "${each.key}", policy: "${each.value}" } },
        },
      },
    ],
  ])("find a policy in %s", (_what, blocks) => {
    expect(problemsOf(blocks, "policy-wildcard")).not.toEqual([]);
  });

  it("find a switch in a local value", () => {
    const blocks = {
      locals: { options: { log_raw: "true" } },
      resource: {
        vault_audit: { X: { type: "file", options: '${merge(local.options, {file_path = "/x"})}' } },
      },
    };

    expect(problemsOf(blocks, "audit-log-raw")).not.toEqual([]);
  });
});
