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
])("%j is %j", (text, value) => {
  expect(evaluate(text)).toEqual(value);
});

test("lists and objects hold expressions, and other values stay as they are", () => {
  expect(evaluate({ a: ["${var.port}", 1, null, true], b: { c: "${var.login.mount}" } })).toEqual({
    a: [5432, 1, null, true],
    b: { c: "terraform" },
  });
});

test("all references are known before anything is evaluated, those of both branches included", () => {
  const { references } = parseValue(['${a.b.c == "" ? d.e.f[1] : g.h.i}', { x: "${j.k}" }]);
  expect(references).toEqual([
    ["a", "b", "c"],
    ["d", "e", "f", 1],
    ["g", "h", "i"],
    ["j", "k"],
  ]);
});

test("only the branch that is taken is looked up", () => {
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
])("%j is refused, with the place", (text, place) => {
  expect(() => parseValue(text)).toThrow(
    `"${text}" is more than the applier knows of Terraform's language, at "${place}"`,
  );
});

test("null in the middle of a text is refused, as Terraform does", () => {
  expect(() => evaluate('a ${var.empty == "" ? null : ""}')).toThrow(
    "a template holds null, which is no text",
  );
});

test("a reference may stand by itself", () => {
  expect(parseReference("vault_mount.Database-x_1.postgresql[0].version")).toEqual([
    "vault_mount",
    "Database-x_1",
    "postgresql",
    0,
    "version",
  ]);
  expect(() => parseReference("true")).toThrow('"true" is no reference to a resource');
});
