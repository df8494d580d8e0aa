import { Duration } from "../../constructs/core/duration";
import { DatabaseEngine } from "../../constructs/engines/database-engine";
import { synthesizeVault, vaultStack } from "../support/vault-stack";

test("by default the engine is at database, and no plan can remove it", () => {
  const output = synthesizeVault((stack) => new DatabaseEngine(stack, "Database"));
  expect(output.resource("vault_mount")).toMatchObject({
    path: "database",
    type: "database",
    default_lease_ttl_seconds: 3600,
    max_lease_ttl_seconds: 2764800,
    lifecycle: { prevent_destroy: true },
  });
});

test("path, TTLs and description can be chosen", () => {
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

test("a default above the maximum is refused, with both values", () => {
  expect(
    () =>
      new DatabaseEngine(vaultStack(), "Database", {
        defaultTtl: Duration.hours(2),
        maxTtl: Duration.hours(1),
      }),
  ).toThrow("defaultTtl must be at most maxTtl, got 2h and 1h: Vault would cut it [test/Database]");
});

test("a pipeline reads connections and roles, and credentials are secrets", () => {
  const engine = new DatabaseEngine(vaultStack(), "Database");
  expect(engine.configurationPaths).toEqual([
    "database/config/*",
    "database/roles/*",
    "database/static-roles/*",
  ]);
  expect(engine.secretPaths).toEqual(["database/creds/*", "database/static-creds/*"]);
});

test("an engine of another stack is known by its path", () => {
  expect(DatabaseEngine.fromAttributes()).toEqual({
    path: "database",
    pathReference: "database",
    maxTtl: Duration.hours(768),
  });
});
