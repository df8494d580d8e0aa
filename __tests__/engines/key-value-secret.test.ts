import { TerraformStack } from "cdktf";
import { EphemeralVariable } from "../../constructs/core/ephemeral-variable";
import { KeyValueEngine } from "../../constructs/engines/key-value-engine";
import { KeyValueSecret, type KeyValueSecretProps } from "../../constructs/engines/key-value-secret";
import { synthesizeVault } from "../support/vault-stack";

const value = (stack: TerraformStack) =>
  new EphemeralVariable(stack, "Key", { variableName: "stripe", description: "key" }).stringValue;

const withProps = (change: Partial<KeyValueSecretProps> = {}, casRequired = false) =>
  synthesizeVault((stack) => {
    const engine = new KeyValueEngine(stack, "KeyValue", { casRequired });
    const values = { stripe_api_key: value(stack) };
    new KeyValueSecret(stack, "Secret", { engine, secretPath: "payment-service/config", values, ...change });
  }).resource("vault_kv_secret_v2");

test("writes values with a write-only argument and disables reading", () => {
  const secret = withProps();
  expect(secret).toMatchObject({
    name: "payment-service/config",
    data_json_wo: '${jsonencode({"stripe_api_key" = var.stripe})}',
    data_json_wo_version: 1,
    disable_read: true,
  });
  expect(secret).not.toHaveProperty("data_json");
  expect(secret).not.toHaveProperty("options");
});

test("sets cas to the previous version if the engine requires it", () => {
  expect(withProps({ version: 3 }, true)).toMatchObject({ data_json_wo_version: 3, options: { cas: "2" } });
});

test("rejects a literal value and does not print it", () => {
  const build = () => withProps({ values: { stripe_api_key: "sk_live_secret" } });
  expect(build).toThrow("the value of stripe_api_key must be a reference to an ephemeral variable");
  expect(build).not.toThrow("sk_live");
});

test.each<[string, Partial<KeyValueSecretProps>, string]>([
  [
    "a leading slash",
    { secretPath: "/a" },
    'names separated by single slashes, such as payment-service/config, got "/a"',
  ],
  ["an empty segment", { secretPath: "a//b" }, 'got "a//b"'],
  ["a parent", { secretPath: "a/../b" }, 'got "a/../b"'],
  [
    "a path with a part of the API",
    { secretPath: "data/orders/config" },
    'secretPath must be the path below the mount without "data/", which is "orders/config", got "data/orders/config"',
  ],
  [
    "a path with the mount",
    { secretPath: "secret/orders/config" },
    'secretPath must be the path below the mount without "secret/", which is "orders/config"',
  ],
  ["a wildcard", { secretPath: "a/*" }, 'got "a/*"'],
  ["no value", { values: {} }, "values must hold one at least, got none"],
  ["version zero", { version: 0 }, "version must be a whole number from 1, got 0"],
])("rejects %s", (_title, change, message) => {
  expect(() => withProps(change)).toThrow(message);
  expect(() => withProps(change)).toThrow("[test/Secret]");
});
