import { blocksOf } from "../../analysis/terraform/blocks";
import { StackEvaluator } from "../../analysis/terraform/stack-evaluator";
import { hasUnknown, isUnknown, symbolic } from "../../analysis/terraform/unknown";
import { DEFINITIONS, EXPRESSIONS } from "./support/expressions";

const evaluator = new StackEvaluator(
  blocksOf({
    ...DEFINITIONS,
    variable: { ...DEFINITIONS.variable, open: {} },
    resource: { vault_mount: { Kv: { path: "secret" } } },
  }),
);
const evaluate = (text: string) => evaluator.evaluate(text);

describe("expressions", () => {
  it.each(EXPRESSIONS)("evaluates %s as Terraform does", (text, expected) => {
    expect(evaluate(text)).toEqual(expected);
  });

  it.each([
    '${file("policy.hcl")}',
    '${templatefile("a", {})}',
    "${timestamp()}",
    "${uuid()}",
    '${provider::aws::arn_parse("x")}',
    "${nonexistent(1)}",
    "${var.open}",
    "${var.missing}",
    "${local.missing}",
    "${module.network.id}",
    "${data.aws_region.here.name}",
    "${path.module}",
    "${terraform.workspace}",
    "${vault_mount.Kv.accessor}",
    "${vault_mount.Kv}",
    "${lower(var.open)}",
    "${var.open ? 1 : 2}",
    "${var.open == null}",
    "${[for item in var.open : item]}",
    "${var.open[*].id}",
    '${try(var.open.name, "x")}',
    "${can(var.open.name)}",
    "${length(var.open)}",
    '${contains([var.open], "x")}',
    '${coalesce(var.open, "x")}',
    "${toset([var.open])}",
    "${{(var.open) = 1}}",
    "${merge(var.open, {a = 1})}",
    "${local.list[var.open]}",
    "${local.place.missing}",
    '${tonumber("x")}',
    "${upper()}",
    "${1 +}",
    "${",
    '${element(["a", "b"], -1)}',
    "${12345678901234567890}",
    "${1 / 3 < 0.34}",
    "${2 / 3 == 0.666666666666667}",
    "${0.10000000000000000001 == 0.1}",
    "${9007199254740991 + 2 == 9007199254740991 + 1}",
    '${toset(["a"]) == ["a"]}',
    '${["a"] == tolist(["a"])}',
    '${length("e\u0301")}',
    '${substr("e\u0301x", 0, 1)}',
    '${strrev("e\u0301")}',
    '${trimspace("\ufeff")}',
    '${lower("\u0130")}',
    '${regexall(".", "\r")}',
    '${regexall("\\s", "\u00a0")}',
    '${regexall("(?=a)", "a")}',
    '${format("%.2f", 0.125)}',
    '${regex("(?i)a", "A")}',
    "%{ if true }no end",
    "%{ for a in [1] }",
    `\${${"(".repeat(20_000)}1${")".repeat(20_000)}}`,
  ])("leaves %# unknown", (text) => {
    expect(isUnknown(evaluate(text))).toBe(true);
  });

  it.each([
    ["a text around it", "a/${var.open}/b", "a/{{terraform var.open}}/b"],
    ["join", '${join("/", ["a", var.open])}', "a/{{terraform var.open}}"],
    ["format", '${format("%s/%s", "a", var.open)}', "a/{{terraform var.open}}"],
    [
      "jsonencode",
      '${jsonencode({path = "a", key = var.open})}',
      '{"key":"{{terraform var.open}}","path":"a"}',
    ],
    ["a condition in a template", "a%{ if var.open }b%{ endif }", "a{{terraform var.open}}"],
    ["a failing part", '${local.name}/${tonumber("x")}', "kv/{{terraform tonumber('x')}}"],
  ])("keeps the known parts of a text: %s", (_what, text, expected) => {
    expect(isUnknown(evaluate(text))).toBe(true);
    expect(symbolic(evaluate(text))).toBe(expected);
  });

  it.each([
    ["${length([var.open, 1])}", 2],
    ['${contains([var.open, "x"], "x")}', true],
    ["${keys({a = var.open})}", ["a"]],
    ['${lookup({a = 1, b = var.open}, "a")}', 1],
    ['${coalesce("x", var.open)}', "x"],
    ["${merge({a = 1}, {b = var.open}).a}", 1],
    ["${concat([1], [var.open])[0]}", 1],
    ["${false && var.open}", false],
    ["${var.open || true}", true],
    ['${try(local.place.missing, "x")}', "x"],
    ["${true ? 1 : var.open}", 1],
  ])("finds what an unknown part does not change: %s", (text, expected) => {
    expect(evaluate(text)).toEqual(expected);
  });

  it("keeps an unknown part within a list or object", () => {
    const value = evaluate('${concat(["a"], [var.open])}');

    expect(isUnknown(value)).toBe(false);
    expect(hasUnknown(value)).toBe(true);
    expect(symbolic(value)).toEqual(["a", "{{terraform var.open}}"]);
  });
});
