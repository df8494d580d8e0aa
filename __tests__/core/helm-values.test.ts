import { Token } from "cdktf";
import { parse } from "yaml";
import { parseHelmValues, renderHelmValues } from "../../constructs/core/helm-values";

test.each([
  "yes",
  "on",
  "N",
  "0123",
  "0o17",
  "1_000",
  "1e3",
  "1:30",
  "2001-01-01",
  "~",
  "=",
  "null",
  "true",
  "",
])("keeps the text %p a string for a YAML 1.1 parser", (text) =>
  expect(parse(renderHelmValues({ text }), { version: "1.1" })).toEqual({ text }),
);

test("renders values as JSON", () => {
  const object = { line: "one\ntwo" };
  const values = { first: object, second: object };
  expect(JSON.parse(renderHelmValues(values))).toEqual(values);
});

test("escapes text that Terraform would read as a template", () => {
  expect(renderHelmValues({ text: "a ${b} %{c}" })).toBe('{\n  "text": "a $${b} %%{c}"\n}');
});

test.each(["\x7f", "\x85", "\x9f", "\u2028", "\u2029", "\ufeff", "\uffff"])(
  "escapes the character %j, which a YAML parser reads as a line break or rejects",
  (character) => {
    const text = renderHelmValues({ text: `a${character}b` });
    expect(text).toMatch(/^[\n\x20-\x7e]+$/);
    expect(parse(text)).toEqual({ text: `a${character}b` });
  },
);

describe("parseHelmValues", () => {
  const values = {
    text: "a ${b} %{c}",
    number: 1,
    list: [{ key: "yes" }, null, false],
    nothing: undefined,
    empty: {},
  };

  test("reads rendered values as a YAML parser does", () => {
    const text = renderHelmValues(values);
    expect(parseHelmValues(text)).toStrictEqual(parse(text.replace(/([$%])\1/g, "$1"), { version: "1.1" }));
  });

  test("returns values as rendered, even if the object changes afterwards", () => {
    const object = { replicas: 3 };
    const text = renderHelmValues(object);
    object.replicas = 1;
    expect(parseHelmValues(text)).toEqual({ replicas: 3 });
    (parseHelmValues(text) as typeof object).replicas = 5;
    expect(parseHelmValues(text)).toEqual({ replicas: 3 });
  });

  test("parses text that was written by hand or contains Terraform expressions", () => {
    expect(parseHelmValues("replicas: 3 # three\ntext: $${b}\n")).toEqual({ replicas: 3, text: "${b}" });
    expect(parseHelmValues("{replicas: 3, text: yes}")).toEqual({ replicas: 3, text: true });
    expect(parseHelmValues('{"key":"${f("a")}","text":"\\"b\\""}')).toEqual({
      key: '${f("a")}',
      text: '"b"',
    });
    const text = renderHelmValues({ key: Token.asString("${var.key}") });
    expect(parseHelmValues(text.replace(/\$\{TfToken[^}]*\}/, "${var.key}"))).toEqual({ key: "${var.key}" });
  });
});
