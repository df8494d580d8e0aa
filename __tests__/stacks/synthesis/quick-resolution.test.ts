import {
  App,
  DefaultTokenResolver,
  Fn,
  Lazy,
  StringConcat,
  TerraformOutput,
  TerraformStack,
  Token,
  Tokenization,
} from "cdktf";
import { Mount } from "@cdktf/provider-vault/lib/mount";
import { definitions } from "../../../environments";
import { buildPlatform } from "../../../stacks";
import { withQuickResolution } from "../../../stacks/synthesis/quick-resolution";

const stack = new TerraformStack(new App(), "stack");
const resolve = (value: unknown) =>
  Tokenization.resolve(value, { scope: stack, resolver: new DefaultTokenResolver(new StringConcat()) });
const quickly = (value: unknown) => withQuickResolution(() => resolve(value));

const reference = Token.asAny("${aws_kms_key.Key.arn}");

test.each<[string, unknown]>([
  ["plain values", { text: "a", number: -3.5, yes: true, nothing: null, list: [1, "b", { c: [] }] }],
  ["what is left out", { gone: undefined, list: [undefined, "a"], empty: {} }],
  ["texts of Terraform", ["${var.name}", "%{ if true }", "$${kept}", 'quoted "text"\nin lines', "ümlaut"]],
  ["texts that look like numbers", ["1e+10", "-1.5e+3", "1e+289", "2e5"]],
  ["a date", { since: new Date(0) }],
  ["a reference", { reference }],
  [
    "a reference in a text",
    { text: `arn is ${Token.asString(reference)}, twice ${Token.asString(reference)}` },
  ],
  [
    "a reference as a number",
    { number: Token.asNumber("${var.port}"), text: `port ${Token.asNumber(reference)}` },
  ],
  ["a reference as a list", { list: Token.asList(reference) }],
  ["a reference as a list of numbers", { list: Token.asNumberList(reference) }],
  ["a reference as a map", { map: Token.asStringMap(reference), any: Token.asAnyMap(reference) }],
  ["a reference as a key", { [Token.asString("key")]: "value" }],
  [
    "a value made late",
    { late: Lazy.anyValue({ produce: () => ({ a: [Token.asString(reference), undefined] }) }) },
  ],
  [
    "a value made late with texts of Terraform",
    {
      late: Lazy.anyValue({
        produce: () => ({ "${a}": ["${var.name}", "}", "$${kept}", "1e+5", null, new Date(0)] }),
      }),
    },
  ],
  [
    "texts of Terraform within a function of Terraform",
    { joined: Fn.join("-", ["${var.a}", Token.asString(reference), "}", 'a "quote"', "1e5"]) },
  ],
  [
    "values within a function of Terraform",
    {
      json: Fn.jsonencode({ a: "${var.a}", b: [Token.asString(reference), undefined, 1], c: { d: "plain" } }),
    },
  ],
  [
    "a function of Terraform",
    { joined: Fn.join(",", [Token.asString(reference), "b"]), escaped: Fn.upper("a") },
  ],
])("%s come out as the engine has them", (_, value) => {
  expect(quickly(value)).toStrictEqual(resolve(value));
});

test.each<[string, unknown]>([
  ["a function", { a: { b: [() => 1] } }],
  ["a construct", { a: { b: stack } }],
  ["a map that stands for one reference as a text", { a: { b: Token.STRING_MAP_TOKEN_VALUE } }],
  ["a map that stands for one reference as a number", { a: { b: Token.NUMBER_MAP_TOKEN_VALUE } }],
  ["a list that stands for one reference as a text", { a: Token.asList(reference)[0] }],
])("%s is refused in the engine's words", (_, value) => {
  const message = (attempt: () => unknown): string => {
    try {
      return `no error, but ${JSON.stringify(attempt())}`;
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect(message(() => resolve(value))).not.toMatch(/^no error/);
  expect(message(() => quickly(value))).toBe(message(() => resolve(value)));
});

test("what is plain is given back as it is, and what holds a reference is not changed itself", () => {
  const plain = { list: [{ a: 1 }], text: "a" };
  const value = { plain, late: [Lazy.stringValue({ produce: () => "now" })], gone: undefined };
  const resolved = quickly(value) as typeof value;
  expect(resolved).toStrictEqual({ plain, late: ["now"] });
  expect(resolved.plain).toBe(plain);
  expect(value).toHaveProperty("gone");
  expect(value.late[0]).toMatch(/TfToken/);
});

test("overrides of a stack may hold references, and a text that stands twice is resolved once", () => {
  const times = jest.fn(() => "late");
  const written = (within: <T>(work: () => T) => T) =>
    within(() => {
      const own = new TerraformStack(new App(), "own");
      const late = Lazy.stringValue({ produce: times });
      new TerraformOutput(own, "First", { value: late, staticId: true });
      new TerraformOutput(own, "Second", { value: late, staticId: true });
      own.addOverride("locals.arn", Token.asString(reference));
      own.addOverride("locals.list", [{ late }]);
      return own.toTerraform() as unknown;
    });
  const expected = written((work) => work());
  times.mockClear();
  expect(written(withQuickResolution)).toEqual(expected);
  expect(times).toHaveBeenCalledTimes(1);
  expect(expected).toMatchObject({ locals: { arn: "${aws_kms_key.Key.arn}", list: [{ late: "late" }] } });
});

test("overrides of a stack may reach into a resource", () => {
  const written = (within: <T>(work: () => T) => T) =>
    within(() => {
      const own = new TerraformStack(new App(), "own");
      new Mount(own, "Secret", { path: "secret", type: "kv", options: { version: "2" } });
      new Mount(own, "Other", { path: "other", type: "kv" });
      own.addOverride("resource.vault_mount.Secret.options.extra", "yes");
      own.addOverride("data.vault_policy_document.Late.rule", [{ path: Token.asString(reference) }]);
      return own.toTerraform() as unknown;
    });
  const expected = written((work) => work());
  expect(written(withQuickResolution)).toEqual(expected);
  expect(expected).toMatchObject({
    resource: { vault_mount: { Secret: { path: "secret", options: { version: "2", extra: "yes" } } } },
    data: { vault_policy_document: { Late: { rule: [{ path: "${aws_kms_key.Key.arn}" }] } } },
  });
});

test("what several elements say of one resource is merged as the engine merges it", () => {
  const written = (within: <T>(work: () => T) => T) =>
    within(() => {
      const own = new TerraformStack(new App(), "own");
      for (const [id, path, options] of [
        ["First", "first", { version: "2" }],
        ["Second", undefined, { other: "yes" }],
        ["Third", "third", undefined],
      ] as const) {
        const mount = new Mount(own, id, { path: path as string, type: "kv", options });
        mount.overrideLogicalId("Shared");
      }
      return own.toTerraform() as unknown;
    });
  const expected = written((work) => work());
  expect(written(withQuickResolution)).toEqual(expected);
  expect(expected).toMatchObject({
    resource: { vault_mount: { Shared: { path: "third", options: { version: "2", other: "yes" } } } },
  });
});

test("a stack that is put together twice is the same both times", () => {
  const own = new TerraformStack(new App(), "own");
  new Mount(own, "Secret", { path: "secret", type: "kv", options: { version: "2" } });
  const [first, second] = withQuickResolution(() => [own.toTerraform(), own.toTerraform()] as unknown[]);
  expect(first).toEqual(own.toTerraform());
  expect(second).toEqual(first);
});

test("every stack of the platform is the same without it", () => {
  const output = (within: <T>(work: () => T) => T) =>
    within(() => {
      const app = new App();
      buildPlatform(app, definitions);
      return app.node
        .findAll()
        .filter(TerraformStack.isStack)
        .map((each) => JSON.stringify(each.toTerraform()));
    });
  expect(output(withQuickResolution)).toEqual(output((work) => work()));
});

test("the engine resolves by itself again afterwards, also after something failed", () => {
  const { resolve: own } = Tokenization;
  withQuickResolution(() => expect(Tokenization.resolve).not.toBe(own));
  expect(() =>
    withQuickResolution(() => {
      throw new Error("failed");
    }),
  ).toThrow("failed");
  expect(Tokenization.resolve).toBe(own);
});
