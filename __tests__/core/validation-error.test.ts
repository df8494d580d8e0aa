import { TerraformStack, TerraformVariable, Testing } from "cdktf";
import { ValidationError } from "../../constructs/core/validation-error";

const stack = new TerraformStack(Testing.app(), "test");
const { stringValue, numberValue, listValue } = new TerraformVariable(stack, "variable", {});

test.each([
  ["a string", `got a-${stringValue}`, "got a-<token>"],
  ["a number", `got ${numberValue}`, "got <token>"],
  ["a list", `got ${listValue.join(", ")}`, "got <token>"],
])("shows no encoded token of %s", (_title, message, shown) => {
  expect(new ValidationError(stack, message).message).toBe(`${shown} [test]`);
  expect(new ValidationError("Seal.awsKms", message).message).toBe(`${shown} [Seal.awsKms]`);
});
