import { differences } from "../../../local/applier/differences";

test.each([
  [{ ttl: "72h" }, { ttl: 259200 }],
  [{ ttl: 3600 }, { ttl: "1h0m0s" }],
  [{ ttl: "24h0m0s" }, { ttl: "24h0m0s" }],
  [{ ttl: "90m" }, { ttl: 5400 }],
  [{ max: "2592000" }, { max: 2592000 }],
  [{ on: "true" }, { on: true }],
  [{ text: "" }, {}],
  [{ text: null, other: undefined }, {}],
  [
    { list: ["a", "b"], inner: { x: 1 } },
    { list: ["a", "b"], inner: { x: 1, y: 2 }, default: 3 },
  ],
])("finds no difference between %j and Vault's %j", (wanted, found) => {
  expect(differences(wanted, found)).toEqual([]);
});

test.each([
  [{ ttl: "72h" }, { ttl: 72 }, ["ttl"]],
  [{ ttl: "1h" }, { ttl: "1m" }, ["ttl"]],
  [{ on: false }, { on: true }, ["on"]],
  [{ on: false }, {}, ["on"]],
  [{ text: "" }, { text: "h" }, ["text"]],
  [{ list: ["a", "b"] }, { list: ["b", "a"] }, ["list"]],
  [{ list: ["a"] }, { list: ["a", "b"] }, ["list"]],
  [{ list: [] }, {}, ["list"]],
  [
    { inner: { x: 1, y: [{ z: 1 }] }, b: 1 },
    { inner: { x: 2, y: [{ z: 2 }] }, b: 1 },
    ["inner.x", "inner.y"],
  ],
  [{ inner: { x: 1 } }, null, ["inner.x"]],
])("finds the differences between %j and Vault's %j: %j", (wanted, found, fields) => {
  expect(differences(wanted, found)).toEqual(fields);
});
