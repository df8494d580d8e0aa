import { TerraformStack, TerraformVariable, Testing } from "cdktf";
import { FormatError, parseProperty, rejection } from "../../constructs/core/format-error";
import { ValidationError } from "../../constructs/core/validation-error";

const stack = () => new TerraformStack(Testing.app(), "test");
const parseDigits = (text: string) => {
  if (!/^\d+$/.test(text)) throw new FormatError("digits", text.length > 3);
  return Number(text);
};

test("parses a property of a construct", () => {
  expect(parseProperty(stack(), "port", "80", parseDigits)).toBe(80);
});

test("names property, allowed form, received text and construct in the error", () => {
  const attempt = () => parseProperty(stack(), "port", "a", parseDigits);
  expect(attempt).toThrow(new ValidationError("test", 'port must be digits, got "a"'));
  expect(attempt).toThrow(ValidationError);
});

test("does not print text that the parser marks as secret", () => {
  expect(() => parseProperty(stack(), "port", "planted", parseDigits)).toThrow(
    "port must be digits, got a text (not shown) [test]",
  );
});

test("returns nothing for tokens and missing values", () => {
  const scope = stack();
  const { stringValue } = new TerraformVariable(scope, "port", {});
  expect(parseProperty(scope, "port", stringValue, parseDigits)).toBeUndefined();
  expect(parseProperty(scope, "port", `1${stringValue}`, parseDigits)).toBeUndefined();
  expect(parseProperty(scope, "port", undefined, parseDigits)).toBeUndefined();
});

test("rethrows an error of another kind", () => {
  const parse = () => {
    throw new TypeError("fault");
  };
  expect(() => rejection(parse, "a")).toThrow(TypeError);
});
