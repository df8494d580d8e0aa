import { TransitEngine } from "../../constructs/engines/transit-engine";
import { synthesizeVault, vaultStack } from "../support/vault-stack";

test("mounts the engine at transit with prevent_destroy", () => {
  const output = synthesizeVault((stack) => new TransitEngine(stack, "Transit"));
  expect(output.resource("vault_mount")).toMatchObject({
    path: "transit",
    type: "transit",
    lifecycle: { prevent_destroy: true },
  });
});

test("accepts another path and description", () => {
  const output = synthesizeVault(
    (stack) => new TransitEngine(stack, "Transit", { path: "team/transit", description: "a ${b}" }),
  );
  expect(output.resource("vault_mount")).toMatchObject({ path: "team/transit", description: "a $${b}" });
});

test("lists keys as configuration, and decryption and export as secrets", () => {
  const engine = new TransitEngine(vaultStack(), "Transit");
  expect(engine.configurationPaths).toEqual(["transit/keys/+"]);
  expect(engine.secretPaths).toEqual(
    expect.arrayContaining([
      "transit/decrypt/*",
      "transit/export/*",
      "transit/backup/*",
      "transit/datakey/*",
    ]),
  );
});

test("refers to an engine of another stack by its path", () => {
  expect(TransitEngine.fromAttributes(vaultStack(), "Imported")).toMatchObject({
    path: "transit",
    pathReference: "transit",
  });
});
