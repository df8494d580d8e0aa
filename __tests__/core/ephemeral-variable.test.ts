import { EphemeralVariable } from "../../constructs/core/ephemeral-variable";
import { TerraformOutput, TerraformStack, Testing } from "cdktf";

const variable = (optional?: boolean) => {
  const stack = new TerraformStack(Testing.app(), "test");
  const made = new EphemeralVariable(stack, "Some", {
    variableName: "secret",
    description: "a ${b}",
    optional,
  });
  new TerraformOutput(stack, "value", { value: made.valueOrNull });
  return JSON.parse(Testing.synth(stack));
};

test("creates a sensitive, ephemeral variable with its name and without a default", () => {
  expect(variable().variable).toEqual({
    secret: { type: "string", ephemeral: true, sensitive: true, description: "a $${b}" },
  });
});

test("returns null for an optional variable without a value", () => {
  const output = variable(true);
  expect(output.variable.secret.default).toBe("");
  expect(output.output.value.value).toBe('${var.secret == "" ? null : var.secret}');
});
