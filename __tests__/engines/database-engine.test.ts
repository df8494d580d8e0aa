import { Duration } from "../../constructs/core/duration";
import { DatabaseEngine } from "../../constructs/engines/database-engine";
import { synthesizeVault, vaultStack } from "../support/vault-stack";

test("mounts the engine at database with default TTLs and prevent_destroy", () => {
  const output = synthesizeVault((stack) => new DatabaseEngine(stack, "Database"));
  expect(output.resource("vault_mount")).toMatchObject({
    path: "database",
    type: "database",
    default_lease_ttl_seconds: 3600,
    max_lease_ttl_seconds: 2764800,
    lifecycle: { prevent_destroy: true },
  });
});

test("accepts another path, TTLs and description", () => {
  const output = synthesizeVault(
    (stack) =>
      new DatabaseEngine(stack, "Database", {
        path: "team/database",
        defaultTtl: Duration.minutes(10),
        maxTtl: Duration.hours(24),
        description: "a ${b}",
      }),
  );
  expect(output.resource("vault_mount")).toMatchObject({
    path: "team/database",
    default_lease_ttl_seconds: 600,
    max_lease_ttl_seconds: 86400,
    description: "a $${b}",
  });
});

test("rejects a default TTL above the maximum and prints both", () => {
  expect(
    () =>
      new DatabaseEngine(vaultStack(), "Database", {
        defaultTtl: Duration.hours(2),
        maxTtl: Duration.hours(1),
      }),
  ).toThrow("defaultTtl must be at most maxTtl, got 2h and 1h: Vault would cut it [test/Database]");
});

test("lists connections and roles as configuration and credentials as secrets", () => {
  const engine = new DatabaseEngine(vaultStack(), "Database");
  expect(engine.configurationPaths).toEqual([
    "database/config/*",
    "database/roles/*",
    "database/static-roles/*",
  ]);
  expect(engine.secretPaths).toEqual(["database/creds/*", "database/static-creds/*"]);
});

test("refers to an engine of another stack by its path", () => {
  expect(DatabaseEngine.fromAttributes(vaultStack(), "Imported")).toMatchObject({
    path: "database",
    pathReference: "database",
    maxTtl: Duration.hours(768),
  });
});
