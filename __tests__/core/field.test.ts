import { Lazy, TerraformStack, TerraformVariable, Testing, Token } from "cdktf";
import { Construct } from "constructs";
import { Duration } from "../../constructs/core/duration";
import {
  anyText,
  checkArguments,
  checkProps,
  flag,
  list,
  number,
  object,
  oneOf,
  record,
  reference,
  text,
  whole,
} from "../../constructs/core/field";
import { duration } from "../../constructs/core/fields";
import { received } from "../../constructs/core/received";
import { ValidationError } from "../../constructs/core/validation-error";

const stack = new TerraformStack(Testing.app(), "test");
const variable = new TerraformVariable(stack, "variable", {});

interface Nested {
  readonly images: { readonly vault: string; readonly awsCli?: string };
  readonly ttl?: Duration;
}

const nested = object<Nested>(() => ({
  images: object<Nested["images"]>(() => ({ vault: text, awsCli: text.optional() })),
  ttl: duration.optional(),
}));

const check = (value: unknown) => () => checkProps("test/Part", nested, value as Nested);

test("accepts an object with fitting properties, with the optional ones omitted or undefined", () => {
  expect(check({ images: { vault: "vault:1" } })).not.toThrow();
  expect(check({ images: { vault: "vault:1", awsCli: undefined }, ttl: Duration.hours(1) })).not.toThrow();
});

test.each([
  [undefined, "props must be an object, got nothing"],
  [null, "props must be an object, got null"],
  [[], "props must be an object, got []"],
  [{}, "images must be an object, got nothing"],
  [{ images: { vault: 5 } }, "images.vault must be a string that is not empty, got 5"],
  [{ images: { vault: "" } }, 'images.vault must be a string that is not empty, got ""'],
  [{ images: { vault: null } }, "images.vault must be a string that is not empty, got null"],
  [{ images: { vault: "v", awsCli: null } }, "images.awsCli must be a string that is not empty, got null"],
  [{ images: { vault: "v", awsCLI: "a" } }, "there is no property images.awsCLI, did you mean awsCli?"],
  [{ images: { vault: "v" }, tll: 5 }, "there is no property tll, did you mean ttl?"],
  [{ images: { vault: "v" }, colour: 5 }, "there is no property colour; properties: images, ttl"],
  [{ images: { vault: "v" }, ttl: "1h" }, 'ttl must be a Duration, such as Duration.hours(1), got "1h"'],
  [{ images: { vault: "v" }, ttl: {} }, "ttl must be a Duration, such as Duration.hours(1), got {}"],
])("refuses %j and names the property, the allowed value and the received one", (value, message) => {
  expect(check(value)).toThrow(ValidationError);
  expect(check(value)).toThrow(`${message} [test/Part]`);
});

test("resolves the fields of an object once, on first use", () => {
  const late = jest.fn(() => ({ name: text }));
  const field = object<{ name: string }>(late);
  expect(late).not.toHaveBeenCalled();
  checkProps("x", field, { name: "a" });
  checkProps("x", field, { name: "b" });
  expect(late).toHaveBeenCalledTimes(1);
});

const IPlace = reference<{ path: string; node: object }>("a place, such as a Place", () => ({ path: text }));

test.each([
  [undefined, "place must be a place, such as a Place, got nothing"],
  [{}, "place must be a place, such as a Place, got {}"],
  ["secret", 'place must be a place, such as a Place, got "secret"'],
  [{ path: "" }, 'place.path must be a string that is not empty, got ""'],
])("refuses %j as a reference", (value, message) => {
  expect(() => checkArguments(stack, { place: [value, IPlace] })).toThrow(message);
});

test("accepts a reference with additional members, including those of its class", () => {
  class Place extends Construct {
    get path() {
      return "secret";
    }
  }
  checkArguments(stack, { place: [new Place(stack, "Place"), IPlace] });
});

test.each([
  ["a list", list(text), "a", 'x must be a list, got "a"'],
  ["an element", list(text), ["a", 5], "x[1] must be a string that is not empty, got 5"],
  ["an empty list", list(text, 1), [], "x must name one at least, got none"],
  ["a record", record(flag), ["a"], 'x must be an object, got ["a"]'],
  ["a value of a record", record(flag), { a: "yes" }, 'x.a must be true or false, got "yes"'],
  ["a choice", oneOf("ec", "rsa"), "EC", 'x must be "ec" or "rsa", got "EC"'],
  ["a fraction", whole(1), 1.5, "x must be a whole number from 1, got 1.5"],
  ["a text of digits", whole(1, 9), "5", 'x must be a whole number from 1 to 9, got "5"'],
  ["what is no number", number, NaN, "x must be a number, got NaN"],
  ["a number", anyText, 5, "x must be a string, got 5"],
  ["blanks", text, "  ", 'x must be a string that is not empty, got "  "'],
])("refuses %s", (_title, field, value, message) => {
  expect(() => checkArguments("Part", { x: [value, field] })).toThrow(`${message} [Part]`);
});

const tokens: [string, unknown, typeof text | typeof number][] = [
  ["a string", variable.stringValue, text],
  ["a string around one", `a-${variable.stringValue}`, text],
  ["a number", variable.numberValue, whole(1, 5) as never],
  ["a list", variable.listValue, list(text) as never],
  ["a map", Token.asStringMap(variable.value), record(text) as never],
  ["a late string", Lazy.stringValue({ produce: () => "a" }), text],
];

test.each(tokens)(
  "accepts a token in place of %s, but not if the value must be known",
  (title, token, field) => {
    const aToken = "a token, whose value Terraform alone knows";
    checkArguments("Part", { x: [token, field] });
    const known = () => checkArguments("Part", { x: [token, field.known()] });
    expect(known).toThrow(
      `x must be known at synthesis, got ${title.endsWith("around one") ? '"a-<token>"' : aToken} [Part]`,
    );
  },
);

test("rejects a value that fails a condition and accepts tokens", () => {
  const even = whole(0).that("even", (value) => value % 2 === 0);
  checkArguments("Part", { x: [variable.numberValue, even] });
  expect(() => checkArguments("Part", { x: [3, even] })).toThrow("x must be even, got 3");
});

test.each([
  ["password", "hunter2", "a value that may be a secret (not shown)"],
  ["host", "postgres://admin:hunter2@db", '"postgres://(not shown)@db"'],
  ["certificate", "-----BEGIN CERTIFICATE-----\nMII", "a string of 2 lines (not shown)"],
  ["name", "a".repeat(201), "a string of 201 characters (not shown)"],
  ["name", () => {}, "a function"],
  ["name", new Construct(stack, "Some"), "the Construct test/Some"],
  ["name", new Date(0), "a Date"],
  ["name", Symbol("a"), "a symbol"],
  ["name", variable.value, "a token, whose value Terraform alone knows"],
])("describes a value of %s without a secret or an encoded token", (name, value, shown) => {
  expect(received(value, name)).toBe(shown);
});
