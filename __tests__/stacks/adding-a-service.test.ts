import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type App, Testing } from "cdktf";
import { production } from "../../environments/production";
import type { EnvironmentDefinition } from "../../platform/schema";
import { buildPlatform } from "../../stacks";

type Json = Record<string, unknown>;

/** New service with one of each possible resource. */
const ledger: NonNullable<EnvironmentDefinition["services"]>[number] = {
  name: "ledger",
  namespace: "production",
  team: "payments",
  databases: [{ name: "payments-db", secret: "ledger-database" }],
  certificates: ["ledger.production.svc"],
  encryptionKey: true,
  deployment: { image: "myorg/ledger:v2.0.0", command: ["/app/ledger"] },
  secrets: [{ name: "ledger-secrets", secret: "ledger/config", keys: [{ name: "key", key: "key" }] }],
};

/** Synthesized resources and other blocks by stack, type and ID. */
function written(definition: EnvironmentDefinition): Map<string, unknown> {
  const app = Testing.app() as App;
  buildPlatform(app, [definition]);
  app.synth();
  const folder = join(app.outdir, "stacks");
  const stacks = readdirSync(folder).map((stack): [string, Json] => [
    stack,
    JSON.parse(readFileSync(join(folder, stack, "cdk.tf.json"), "utf8")),
  ]);
  return new Map(stacks.flatMap(([stack, json]) => parts(stack, json)));
}

/** Blocks of a stack, without comments. */
function parts(stack: string, { resource = {}, "//": _comments, ...others }: Json): [string, unknown][] {
  const below = (path: string, json: unknown) =>
    Object.entries(json as Json).map(([key, value]): [string, unknown] => [`${path} ${key}`, value]);
  return [...below(stack, resource), ...below(stack, others)].flatMap(([path, byId]) => below(path, byId));
}

describe.each<[string, "one" | "team", string, string]>([
  ["in one piece", "one", "payments", ""],
  ["in shards, to a team", "team", "payments", "-payments"],
  ["in shards, with a team of its own", "team", "ledger", "-ledger"],
])("a service added %s", (_, shards, team, shard) => {
  const before = { ...production, shards };
  const after = { ...before, services: [...production.services!, { ...ledger, team }] };
  const [old, now] = [written(before), written(after)];
  const isNewStack = (path: string) =>
    team === "ledger" && /^production-(config|workloads)-ledger /.test(path);
  const added = [...now.keys()].filter((path) => !old.has(path));

  test("creates one resource of each kind, all under the service's name", () => {
    const resources = added
      .filter((path) => /^\S+ (vault|kubernetes|helm)_/.test(path))
      .map((path) => path.split(" "));
    const count: Record<string, number> = {};
    for (const [stack, type] of resources) count[`${stack} ${type}`] = (count[`${stack} ${type}`] ?? 0) + 1;
    expect(count).toEqual({
      [`production-config${shard} vault_kubernetes_auth_backend_role`]: 1,
      [`production-config${shard} vault_policy`]: 1,
      [`production-config${shard} vault_database_secret_backend_role`]: 1,
      [`production-config${shard} vault_pki_secret_backend_role`]: 1,
      [`production-config${shard} vault_transit_secret_backend_key`]: 1,
      [`production-workloads${shard} kubernetes_service_account_v1`]: 1,
      [`production-workloads${shard} kubernetes_deployment_v1`]: 1,
      [`production-workloads${shard} kubernetes_network_policy_v1`]: 1,
      [`production-workloads${shard} kubernetes_pod_disruption_budget_v1`]: 1,
      [`production-workloads${shard} kubernetes_role_v1`]: 1,
      [`production-workloads${shard} kubernetes_role_binding_v1`]: 1,
      [`production-workloads${shard} helm_release`]: 1,
    });
    for (const path of added.filter((it) => !isNewStack(it))) {
      expect(path).toMatch(/^production-(config|workloads)\S* \w+ production-ledger_/);
    }
  });

  test("removes nothing", () => {
    expect([...old.keys()].filter((path) => !now.has(path))).toEqual([]);
  });

  test("changes only the allowed roles of its database's connection", () => {
    const changed = [...old.keys()].filter(
      (path) => JSON.stringify(old.get(path)) !== JSON.stringify(now.get(path)),
    );
    expect(changed).toEqual([
      expect.stringMatching(
        /^production-config vault_database_secret_backend_connection Database-payments-db_/,
      ),
    ]);
    const [connection] = changed;
    const allowed_roles = ["ledger-role", "payment-service-role"];
    expect(now.get(connection)).toEqual({ ...(old.get(connection) as Json), allowed_roles });
  });
});
