import { Token } from "cdktf";
import { keyValuePattern, keyValueSecret, parseKeyValueMount } from "../../constructs/core/key-value-path";

test.each([
  "payment-service/config",
  "config",
  "database/config",
  "Data/config",
  "team a/data",
  "a/data/b",
  "v1/orders",
  "secrets/orders",
])("accepts the secret %s below the mount", (path) => {
  expect(keyValueSecret("secret")(path)).toBe(path);
});

test.each(["data", "metadata", "delete", "undelete", "destroy", "subkeys"])(
  "rejects a secret with the prefix %s/ and names the path without it",
  (endpoint) => {
    const problem = `must be the path below the mount without "${endpoint}/", which is "orders/config"`;
    expect(() => keyValueSecret("secret")(`${endpoint}/orders/config`)).toThrow(problem);
    expect(() => keyValueSecret(Token.asString({}))(`${endpoint}/orders/config`)).toThrow(problem);
    expect(() => keyValueSecret("secret")(endpoint)).toThrow("such as payment-service/config");
  },
);

test.each([
  ["secret", "secret/data/orders/*", "secret/data/"],
  ["secret", "secret/metadata/orders/*", "secret/metadata/"],
  ["secret", "v1/secret/data/orders/*", "v1/secret/data/"],
  ["secret", "v1/secret/orders/*", "v1/secret/"],
  ["secret", "secret/orders/*", "secret/"],
  ["secret", "data/data/orders/*", "data/data/"],
  ["kv.v2/team", "kv.v2/team/data/orders/*", "kv.v2/team/data/"],
])("rejects at the mount %s the pattern %s and names the path below the mount", (mount, pattern, prefix) => {
  expect(() => keyValuePattern(mount)(pattern)).toThrow(
    `must be the path below the mount without "${prefix}", which is "orders/*"`,
  );
});

test("gives an example if the path below the mount is empty", () => {
  expect(() => keyValuePattern("secret")("secret/data/*")).toThrow("such as payment-service/config");
});

test.each([
  ["orders", "orders/*"],
  ["kv.v2", "kvxv2/data/*"],
  ["secret", "*"],
  ["secret", "+/config"],
])("accepts at the mount %s the pattern %s", (mount, pattern) => {
  expect(keyValuePattern(mount)(pattern)).toBe(pattern);
});

test.each(["secret", "data", "team/data", "secret-data"])("accepts the mount %s", (mount) => {
  expect(parseKeyValueMount(mount)).toBe(mount);
});

test("rejects the mount secret/data and names the engine's path", () => {
  expect(() => parseKeyValueMount("secret/data")).toThrow(
    'must be the path of the engine alone, which is "secret"',
  );
});
