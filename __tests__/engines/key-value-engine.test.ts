import type { Mount } from "@cdktf/provider-vault/lib/mount";
import { Duration } from "../../constructs/core/duration";
import { KeyValueEngine, type KeyValueEngineProps } from "../../constructs/engines/key-value-engine";
import { synthesizeVault, vaultStack } from "../support/vault-stack";
import { Grantee } from "./support/grantee";

const withProps = (props: KeyValueEngineProps = {}) =>
  synthesizeVault((stack) => new KeyValueEngine(stack, "KeyValue", props));

test("mounts version 2 at secret with ten versions, no expiry and prevent_destroy", () => {
  const output = withProps();
  expect(output.resource("vault_mount")).toMatchObject({
    path: "secret",
    type: "kv",
    options: { version: "2" },
    lifecycle: { prevent_destroy: true },
  });
  const config = output.resource("vault_kv_secret_backend_v2");
  expect(config).toMatchObject({
    mount: expect.stringMatching(/^\$\{vault_mount\.KeyValue_\w+\.path\}$/),
    max_versions: 10,
    cas_required: false,
  });
  expect(config).not.toHaveProperty("delete_version_after");
});

test("accepts another path, versions, CAS and deletion", () => {
  const output = withProps({
    path: "team",
    maxVersions: 3,
    casRequired: true,
    deleteVersionAfter: Duration.days(30),
    description: "a ${b}",
  });
  expect(output.resource("vault_mount")).toMatchObject({ path: "team", description: "a $${b}" });
  expect(output.resource("vault_kv_secret_backend_v2")).toMatchObject({
    max_versions: 3,
    cas_required: true,
    delete_version_after: 2592000,
  });
});

test("grants read only with grantRead, as in the article", () => {
  const stack = vaultStack();
  const grantee = new Grantee(stack);
  const engine = new KeyValueEngine(stack, "KeyValue");
  engine.grantRead(grantee, "payment-service/*");
  expect(grantee.rules).toEqual([
    {
      path: "secret/data/payment-service/*",
      capabilities: ["read"],
      reason: "reads the secrets payment-service/*",
      grantedBy: engine,
    },
  ]);
});

test("grants no read with grantWrite", () => {
  const stack = vaultStack();
  const grantee = new Grantee(stack);
  new KeyValueEngine(stack, "KeyValue").grantWrite(grantee, "payment-service/config");
  expect(grantee.only).toEqual(["secret/data/payment-service/config", ["create", "update", "patch"]]);
});

test("grants writing, listing and soft deletion with grantManage, without read and destroy", () => {
  const stack = vaultStack();
  const grantee = new Grantee(stack);
  const engine = new KeyValueEngine(stack, "KeyValue");
  engine.grantManage(grantee, "payment-service/*");
  expect(Object.fromEntries(grantee.rules.map(({ path, capabilities }) => [path, capabilities]))).toEqual({
    "secret/data/payment-service/*": ["create", "update", "patch", "delete"],
    "secret/metadata/payment-service/*": ["read", "list"],
    "secret/subkeys/payment-service/*": ["read"],
    "secret/delete/payment-service/*": ["update"],
    "secret/undelete/payment-service/*": ["update"],
  });
  expect(() => engine.grantManage(grantee, "*")).toThrow("the path * is every secret of secret");
});

test("lists values and their destruction as secret paths and metadata as inventory", () => {
  const engine = new KeyValueEngine(vaultStack(), "KeyValue");
  expect(engine.secretPaths).toEqual([
    "secret/data/*",
    "secret/subkeys/*",
    "secret/delete/*",
    "secret/undelete/*",
    "secret/destroy/*",
  ]);
  expect(engine.inventoryPaths).toEqual(["secret/metadata/*"]);
});

test("grants every secret only with allowEverySecret", () => {
  const stack = vaultStack();
  const grantee = new Grantee(stack);
  const engine = new KeyValueEngine(stack, "KeyValue");
  expect(() => engine.grantRead(grantee, "*")).toThrow(
    "the path * is every secret of secret: name a prefix, or admit it by allowEverySecret [test/KeyValue]",
  );
  engine.grantRead(grantee, "*", { allowEverySecret: true });
  expect(grantee.only[0]).toBe("secret/data/*");
});

test.each([
  ["data/payment-service/*", "data/"],
  ["subkeys/payment-service/*", "subkeys/"],
  ["secret/data/payment-service/*", "secret/data/"],
  ["secret/payment-service/*", "secret/"],
])("refuses to grant %s and names the path below the mount", (path, prefix) => {
  const stack = vaultStack();
  const engines = [new KeyValueEngine(stack, "KeyValue"), KeyValueEngine.fromAttributes(stack, "Reference")];
  const allowed = `secrets must be the path below the mount without "${prefix}", which is "payment-service/*", got "${path}"`;
  const grantee = new Grantee(stack);
  for (const engine of engines) {
    expect(() => engine.grantRead(grantee, path)).toThrow(allowed);
    expect(() => engine.grantWrite(grantee, path)).toThrow(allowed);
    expect(() => engine.grantManage(grantee, path)).toThrow(allowed);
  }
  expect(grantee.rules).toEqual([]);
});

test("rejects a reference to an engine with a part of its API in the path", () => {
  expect(() => KeyValueEngine.fromAttributes(vaultStack(), "KeyValue", { path: "secret/data" })).toThrow(
    'path must be the path of the engine alone, which is "secret", got "secret/data"',
  );
});

test("grants access to an engine of another stack", () => {
  const stack = vaultStack();
  const grantee = new Grantee(stack);
  const engine = KeyValueEngine.fromAttributes(stack, "KeyValue", { path: "team", casRequired: true });
  engine.grantRead(grantee, "a/*");
  expect(grantee.only[0]).toBe("team/data/a/*");
  expect(engine).toMatchObject({ pathReference: "team", casRequired: true });
  expect(KeyValueEngine.fromAttributes(stack, "Default")).toMatchObject({
    path: "secret",
    casRequired: false,
  });
});

test("accepts a single version", () => {
  expect(withProps({ maxVersions: 1 }).resource("vault_kv_secret_backend_v2").max_versions).toBe(1);
});

test.each([0, 1.5])("rejects %s versions", (maxVersions) => {
  expect(() => withProps({ maxVersions })).toThrow(
    `maxVersions must be a whole number from 1, got ${maxVersions} [test/KeyValue]`,
  );
});

test("rejects a mount path that is taken and names both paths", () => {
  const stack = vaultStack();
  new KeyValueEngine(stack, "One");
  expect(() => new KeyValueEngine(stack, "Two")).toThrow(
    "mount secret is taken: test/One has it already [test/Two]",
  );
});

test("returns the mount from node.defaultChild", () => {
  const output = synthesizeVault((stack) => {
    const engine = new KeyValueEngine(stack, "KeyValue");
    (engine.node.defaultChild as Mount).addOverride("seal_wrap", true);
  });
  expect(output.resource("vault_mount").seal_wrap).toBe(true);
});
