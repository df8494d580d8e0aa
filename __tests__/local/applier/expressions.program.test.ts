import { parseReference, parseValue } from "../../../local/applier/expressions";

const known: Record<string, unknown> = {
  "var.port": 5432,
  "var.empty": "",
  "var.password": "s3cret",
  "var.login.mount": "terraform",
  "vault_mount.Database-payments-db_1A.path": "database",
  "vault_pki.Import.issuers.0": "first",
};
const evaluate = (value: unknown) => parseValue(value).evaluate((path) => known[path.join(".")]);

test.each([
  ["plain text", "plain text"],
  ["", ""],
  ["${var.port}", 5432],
  ["localhost:${var.port}/${var.login.mount}", "localhost:5432/terraform"],
  ["${vault_mount.Database-payments-db_1A.path}/config", "database/config"],
  ["${vault_pki.Import.issuers[0]}", "first"],
  ['${var.empty == "" ? null : var.empty}', null],
  ['${var.password == "" ? null : var.password}', "s3cret"],
  ['${ var.password != "" ? "given" : "not" }', "given"],
  ["${var.port == 5432 ? true : false}", true],
  ['${"a \\"quoted\\" text"}', 'a "quoted" text'],
  ["$${name} %%{if} $ {x} 100% $$", "${name} %{if} $ {x} 100% $$"],
  ["{{username}}:{{password}}@h:${var.port}", "{{username}}:{{password}}@h:5432"],
  ["line\n${var.port}\nline", "line\n5432\nline"],
])("evaluates %j to %j", (text, value) => {
  expect(evaluate(text)).toEqual(value);
});

test("evaluates expressions in lists and objects, and keeps other values", () => {
  expect(evaluate({ a: ["${var.port}", 1, null, true], b: { c: "${var.login.mount}" } })).toEqual({
    a: [5432, 1, null, true],
    b: { c: "terraform" },
  });
});

test("lists all references before evaluation, those of both branches included", () => {
  const { references } = parseValue(['${a.b.c == "" ? d.e.f[1] : g.h.i}', { x: "${j.k}" }]);
  expect(references).toEqual([
    ["a", "b", "c"],
    ["d", "e", "f", 1],
    ["g", "h", "i"],
    ["j", "k"],
  ]);
});

test("looks up only the branch that is taken", () => {
  const asked: string[] = [];
  parseValue('${var.a == "x" ? var.b : var.c}').evaluate((path) => asked.push(path.join(".")) && "x");
  expect(asked).toEqual(["var.a", "var.b"]);
});

test.each([
  ["${one(ephemeral.x.y[*].token)}", "(ephemeral.x.y[*].token)}"],
  ["${ephemeral.x.y[*].token}", "*].token}"],
  ["%{ if true }x%{ endif }", " if true }x%{ endif }"],
  ["${var.a + 1}", "+ 1}"],
  ['${"a ${var.b}"}', "}"],
  ["${var.a", ""],
  ["${var}", "}"],
  ["${var.a ? 1}", "}"],
])("rejects %j, with the place", (text, place) => {
  expect(() => parseValue(text)).toThrow(
    `"${text}" is more than the applier knows of Terraform's language, at "${place}"`,
  );
});

test("rejects null inside a template, as Terraform does", () => {
  expect(() => evaluate('a ${var.empty == "" ? null : ""}')).toThrow(
    "a template holds null, which is no text",
  );
});

test("parses a reference, and rejects text that is none", () => {
  expect(parseReference("vault_mount.Database-x_1.postgresql[0].version")).toEqual([
    "vault_mount",
    "Database-x_1",
    "postgresql",
    0,
    "version",
  ]);
  expect(() => parseReference("true")).toThrow('"true" is no reference to a resource');
});
