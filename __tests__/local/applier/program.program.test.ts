import { parseValue } from "../../../local/applier/expressions";
import { Program } from "../../../local/applier/program";

const variable = {
  port: { type: "number", default: 1 },
  on: { type: "bool", default: true },
  login: { type: "object({ role = string })", default: { role: "deploy" } },
  password: { type: "string", ephemeral: true, default: "" },
  token: { type: "string", sensitive: true, default: "planted" },
  plain: { type: "string", default: "shown" },
};
const program = (resource: object, env: Record<string, string> = {}) =>
  new Program({ resource, variable } as ConstructorParameters<typeof Program>[0], env);

const value = (text: string, env?: Record<string, string>) => program({}, env).evaluate(parseValue(text));

test("reads variables from defaults or the environment, by their types", () => {
  expect(["${var.port}", "${var.on}", "${var.login.role}", "${var.plain}"].map((it) => value(it))).toEqual([
    1,
    true,
    "deploy",
    "shown",
  ]);
  const env = { TF_VAR_port: "15432", TF_VAR_on: "false", TF_VAR_plain: "" };
  expect(["${var.port}", "${var.on}", "${var.plain}"].map((it) => value(it, env))).toEqual([
    15432,
    false,
    "",
  ]);
});

test("treats sensitive and ephemeral variables as secrets, unless they are empty", () => {
  expect(program({}).secrets).toEqual(["planted"]);
  expect(program({}, { TF_VAR_password: "s3cret" }).secrets).toEqual(["s3cret", "planted"]);
});

test("rejects unknown variables, unsupported types and missing values", () => {
  expect(() => value("${var.other}")).toThrow("there is no variable other");
  expect(() => value("${var.login.mount}")).toThrow("var.login.mount is not known");
  expect(() => program({}, { TF_VAR_login: "{}" })).toThrow(
    "The variable login is of type object({ role = string }); the applier takes string, number and bool.",
  );
  expect(() => new Program({ variable: { x: { type: "string" } } }, {})).toThrow(
    "The variable x has no value.",
  );
});

test("orders resources after their references and dependencies, then by address", () => {
  const order = program({
    z: { First: {}, Second: { name: "${a.Late.name}" } },
    a: { Late: { depends_on: ["c.Middle"] }, Early: {} },
    c: { Middle: { lifecycle: { replace_triggered_by: ["z.First.block[0].version"] } } },
  }).resources.map(({ address }) => address);
  expect(order).toEqual(["a.Early", "z.First", "c.Middle", "a.Late", "z.Second"]);
});

test("rejects a cycle of resources", () => {
  const circle = { a: { One: { x: "${a.Two.x}" }, Two: { x: "${a.One.x}" }, Three: {} } };
  expect(() => program(circle)).toThrow("These resources refer to each other in a circle: a.One, a.Two");
});

test("reads attributes of other resources, with one nested block as a list of one", () => {
  const { resources } = program({
    a: { One: { block: { version: 3 }, list: ["x", "y"] } },
    b: { Two: { version: "${a.One.block[0].version}", second: "${a.One.list[1]}" } },
  });
  const attributes = new Map([["a.One", { block: { version: 3 }, list: ["x", "y"] }]]);
  expect(program({}).evaluate(resources[1].attributes, attributes)).toEqual({ version: 3, second: "y" });
  expect(() => program({}).evaluate(resources[1].attributes)).toThrow(
    "a.One.block[0].version is not among the resources that the applier writes",
  );
  expect(() => program({}).evaluate(resources[1].attributes, new Map([["a.One", { list: [] }]]))).toThrow(
    "a.One.block[0].version is not known",
  );
});

test("ignores depends_on and lifecycle, and rejects count and for_each", () => {
  const [one] = program({ a: { One: { "//": {}, depends_on: [], lifecycle: {}, name: "x" } } }).resources;
  expect(program({}).evaluate(one.attributes)).toEqual({ name: "x" });
  expect(() => program({ a: { One: { count: 2, for_each: {} } } })).toThrow(
    "a.One has count, for_each, which the applier does not know.",
  );
});

test("rejects an unknown expression with the resource's address", () => {
  expect(() => program({ a: { One: { name: "${upper(var.plain)}" } } })).toThrow(/^a\.One: "\$\{upper/);
});
