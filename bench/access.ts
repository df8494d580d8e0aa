import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { VaultProvider } from "@cdktf/provider-vault/lib/provider";
import { App, LocalBackend, TerraformStack } from "cdktf";
import { K8sAuthBinding } from "../constructs/auth/k8s-auth-binding";
import { KubernetesAuth } from "../constructs/auth/kubernetes-auth";
import { Duration } from "../constructs/core/duration";
import { DatabaseEngine } from "../constructs/engines/database-engine";
import { DynamicPostgresRole } from "../constructs/engines/dynamic-postgres-role";
import { KeyValueEngine } from "../constructs/engines/key-value-engine";
import { PostgresDatabase } from "../constructs/engines/postgres-database";
import { renderColumns } from "../access/table";
import { median } from "./measure";

const SERVICES = 1000;
const RUNS = 3;
const root = resolve(__dirname, "..");

/** Adds permissions to a service, besides those for its own secrets. */
type Extra = (binding: K8sAuthBinding, keyValue: KeyValueEngine, index: number) => void;

/** Synthesizes a platform in which each service has a login, secrets and a database role. */
function synthesize(folder: string, extra: Extra = () => undefined): void {
  const app = new App({ outdir: folder, skipValidation: true });
  const stack = new TerraformStack(app, "production-config");
  new LocalBackend(stack, { path: "state" });
  new VaultProvider(stack, "Vault", {});
  const auth = new KubernetesAuth(stack, "KubernetesAuth");
  const keyValue = new KeyValueEngine(stack, "KeyValue");
  const engine = new DatabaseEngine(stack, "DatabaseEngine");
  const database = PostgresDatabase.fromAttributes(stack, "ImportedDatabase", {
    engine,
    connectionName: "payments-db",
    database: "payments",
  });
  for (let index = 0; index < SERVICES; index++) {
    const name = `service-${index}`;
    const binding = new K8sAuthBinding(stack, name, {
      auth,
      serviceAccount: { namespace: "production", name },
    });
    keyValue.grantRead(binding, `${name}/*`);
    new DynamicPostgresRole(stack, `${name}-role`, {
      database,
      roleName: name,
      maxTtl: Duration.hours(24),
    }).grantCredentials(binding);
    extra(binding, keyValue, index);
  }
  app.synth();
}

/** Runs the command several times. @returns wall times in seconds, from its start to its end */
function compare(before: string, after: string): number[] {
  return Array.from({ length: RUNS }, () => {
    const start = process.hrtime.bigint();
    const args = [
      "--import",
      "tsx",
      "cli/main.ts",
      "access",
      "diff",
      "--dir",
      after,
      "--base-dir",
      before,
      "--format",
      "markdown",
    ];
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
    if (status === null || status === 1) throw new Error(`access failed:\n${stderr}`);
    return Number(process.hrtime.bigint() - start) / 1e9;
  });
}

const folder = mkdtempSync(join(tmpdir(), "bench-access-"));
try {
  const changes: Readonly<Record<string, Extra>> = {
    nothing: () => undefined,
    "one service reads more": (binding, keyValue, index) => {
      if (index === 0) keyValue.grantRead(binding, "shared/*");
    },
    "every service reads more": (binding, keyValue) => keyValue.grantRead(binding, "shared/*"),
    "every service gets 20 paths": (binding, keyValue) => {
      for (let path = 0; path < 20; path++) keyValue.grantRead(binding, `shared-${path}/+/config`);
    },
  };
  const before = join(folder, "before");
  synthesize(before);
  const rows = Object.entries(changes).map(([title, extra], index) => {
    const after = join(folder, `after-${index}`);
    synthesize(after, extra);
    const seconds = compare(before, after);
    return [
      title,
      ...[Math.min(...seconds), median(seconds), Math.max(...seconds)].map((value) => value.toFixed(2)),
    ];
  });
  console.log(`access diff of ${SERVICES} services, ${RUNS} runs, seconds of wall time`);
  console.log(renderColumns([["what changes", "min", "median", "max"], ...rows], [1, 2, 3]));
} finally {
  rmSync(folder, { recursive: true });
}
