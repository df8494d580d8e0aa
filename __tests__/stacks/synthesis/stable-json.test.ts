import { createRequire } from "node:module";
import { App, TerraformStack } from "cdktf";
import { production } from "../../../environments/production";
import { buildPlatform } from "../../../stacks";
import { stableJson } from "../../../stacks/synthesis/stable-json";

const ofTheEngine = createRequire(require.resolve("cdktf"));
const { name: engine } = ofTheEngine("cdktf/package.json") as { name: string };

/**
 * As cdktf writes it, byte for byte, but for what is empty. Its fork cdktn writes by another package, which is left to
 * do so: the same JSON.
 */
function expectSame(value: unknown): void {
  const json = stableJson(value)!;
  if (engine === "cdktf") {
    const stringify = ofTheEngine("json-stable-stringify") as (value: unknown, options: object) => string;
    // No text of JSON has a line break.
    expect(json).toBe(stringify(value, { space: 2 }).replace(/([[{])\n *([\]}])/g, "$1$2"));
  } else {
    expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
  }
}

test.each<[string, unknown]>([
  ["keys in any order", { b: 1, a: { "10x": "x", "9x": "y", Z: 0, ä: 1, a: { c: 1, d: [{ f: 1, e: 2 }] } } }],
  ["what is empty", { list: [], object: {}, text: "", nested: [[], {}] }],
  ["what JSON does not have", { gone: undefined, list: [undefined, () => 1], never: NaN, far: -Infinity }],
  ["texts that JSON escapes", { 'a "key"': "line\nbreak\t\\ \u0000 \u2028 ümlaut \ud800" }],
  ["values that say themselves what they are in JSON", { since: new Date(0), own: { toJSON: () => [1] } }],
  ["a text", "text"],
  ["nothing", null],
])("%s are written as the engine writes them", (_, value) => {
  expectSame(value);
});

test("keys that are numbers come first, by their size", () => {
  expect(stableJson({ b: 1, 10: 1, 9: 1 })).toBe('{\n  "9": 1,\n  "10": 1,\n  "b": 1\n}');
});

test("what is given stays as it is", () => {
  const value = { b: [{ d: 1, c: 2 }], a: 1 };
  stableJson(value);
  expect(JSON.stringify(value)).toBe('{"b":[{"d":1,"c":2}],"a":1}');
});

test("so is every stack of an environment", () => {
  const app = new App();
  buildPlatform(app, [production]);
  for (const stack of app.node.findAll().filter(TerraformStack.isStack)) {
    expectSame(stack.toTerraform());
  }
});
