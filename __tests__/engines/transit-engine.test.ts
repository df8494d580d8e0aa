import { TransitEngine } from "../../constructs/engines/transit-engine";
import { synthesizeVault, vaultStack } from "../support/vault-stack";

test("by default the engine is at transit, and no plan can remove it", () => {
  const output = synthesizeVault((stack) => new TransitEngine(stack, "Transit"));
  expect(output.resource("vault_mount")).toMatchObject({
    path: "transit",
    type: "transit",
    lifecycle: { prevent_destroy: true },
  });
});

test("path and description can be chosen", () => {
  const output = synthesizeVault(
    (stack) => new TransitEngine(stack, "Transit", { path: "team/transit", description: "a ${b}" }),
  );
  expect(output.resource("vault_mount")).toMatchObject({ path: "team/transit", description: "a $${b}" });
});

test("a pipeline reads what keys are like, and to decrypt, export and sign are secrets", () => {
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

test("an engine of another stack is known by its path", () => {
  expect(TransitEngine.fromAttributes()).toEqual({ path: "transit", pathReference: "transit" });
});
