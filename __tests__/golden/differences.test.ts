import fc from "fast-check";
import { differences, isSame } from "./support/differences";
import type { Json } from "./support/json";

const none = { added: {}, changed: {}, removed: [] };

test("lists keys that are added, changed and removed by their paths", () => {
  const from = { resource: { a: { days: 30, tags: { "of a": 1 } }, b: {} } };
  const to = { resource: { a: { days: 7, tags: {} }, c: { name: "c" } } };
  expect(differences(from, to)).toEqual({
    added: { "resource.c": { name: "c" } },
    changed: { "resource.a.days": { from: 30, to: 7 } },
    removed: ['resource.a.tags["of a"]', "resource.b"],
  });
});

test("shows lines that are inserted and replaced at their positions", () => {
  const from = ["a", "b", "c", "d"];
  expect(differences({ text: from }, { text: ["new", "a", "x", "y", "d"] })).toEqual({
    ...none,
    changed: {
      "text[0+]": { from: [], to: ["new"] },
      "text[1-2]": { from: ["b", "c"], to: ["x", "y"] },
    },
  });
});

test.each(["sid", "name", "alias"])("compares items that have the same %s, at whatever position", (key) => {
  const from = [
    { [key]: "first", value: 1 },
    { [key]: "second", value: 2 },
  ];
  expect(differences({ env: from }, { env: [{ [key]: "second", value: 3 }] })).toEqual({
    ...none,
    changed: {
      "env[0]": { from: [{ [key]: "first", value: 1 }], to: [] },
      'env["second"].value': { from: 2, to: 3 },
    },
  });
});

test("compares items without a name pairwise when there are as many of them", () => {
  expect(differences({ rule: [{ days: 1 }, { days: 2 }] }, { rule: [{ days: 1 }, { days: 3 }] })).toEqual({
    ...none,
    changed: { "rule[1].days": { from: 2, to: 3 } },
  });
});

test("shows another order of the same items", () => {
  expect(isSame(differences(["a", "b"], ["b", "a"]))).toBe(false);
});

const json = fc.jsonValue({ maxDepth: 3, noUnicodeString: true }) as fc.Arbitrary<Json>;

test("finds nothing in a value and its copy", () => {
  fc.assert(
    fc.property(json, (value) => expect(isSame(differences(value, structuredClone(value)))).toBe(true)),
  );
});

test("finds something in two values that are not equal", () => {
  const small = fc.array(
    fc.constantFrom<Json>(1, "a", { name: "a" }, { name: "a", value: 1 }, { value: 1 }, [1]),
    {
      maxLength: 4,
    },
  );
  fc.assert(
    fc.property(small, small, (from, to) => {
      expect(isSame(differences(from, to))).toBe(JSON.stringify(from) === JSON.stringify(to));
    }),
  );
});
