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
])("the text %p stays a text for a reader of YAML 1.1", (text) =>
  expect(parse(renderHelmValues({ text }), { version: "1.1" })).toEqual({ text }),
);

test("a long line is not folded and a repeated object is written out", () => {
  const object = { line: "word ".repeat(100).trim() };
  const text = renderHelmValues({ first: object, second: object });
  expect(text.split("\n")).toHaveLength(5);
  expect(text).not.toMatch(/[&*]/);
});

test("what Terraform would read as a template is escaped", () => {
  expect(renderHelmValues({ text: "a ${b} %{c}" })).toBe("text: a $${b} %%{c}\n");
});

describe("values are read again", () => {
  const values = {
    text: "a ${b} %{c}",
    number: 1,
    list: [{ key: "yes" }, null, false],
    nothing: undefined,
    empty: {},
  };

  test("as a reader of YAML would read them", () => {
    const text = renderHelmValues(values);
    expect(parseHelmValues(text)).toStrictEqual(parse(text.replace(/([$%])\1/g, "$1"), { version: "1.1" }));
  });

  test("as they were rendered, whatever became of the object", () => {
    const object = { replicas: 3 };
    const text = renderHelmValues(object);
    object.replicas = 1;
    expect(parseHelmValues(text)).toEqual({ replicas: 3 });
    (parseHelmValues(text) as typeof object).replicas = 5;
    expect(parseHelmValues(text)).toEqual({ replicas: 3 });
  });

  test("from the text where it is another's, or holds what Terraform alone knows", () => {
    expect(parseHelmValues("replicas: 3 # three\ntext: $${b}\n")).toEqual({ replicas: 3, text: "${b}" });
    const text = renderHelmValues({ key: Token.asString("${var.key}") }).replace(/\$\{.*\}/, "${var.key}");
    expect(parseHelmValues(text)).toEqual({ key: "${var.key}" });
  });
});
