import { nearest } from "../../constructs/core/nearest";

test.each([
  ["vaultt", "vault"],
  ["maxTTL", "maxTtl"],
  ["tll", "ttl"],
  ["serviceAcount", "serviceAccount"],
])("finds the name nearest to %s", (name, meant) => {
  expect(nearest(name, ["vault", "maxTtl", "ttl", "serviceAccount"])).toBe(meant);
});

test("finds nothing if no name is near", () => {
  expect(nearest("colour", ["vault", "maxTtl"])).toBeUndefined();
  expect(nearest("colour", [])).toBeUndefined();
});
