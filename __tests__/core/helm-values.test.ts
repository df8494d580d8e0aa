import { parse } from "yaml";
import { renderHelmValues } from "../../constructs/core/helm-values";

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
