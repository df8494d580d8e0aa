import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { PostgresDatabase } from "../../../constructs/engines/postgres-database";
import { HardeningError } from "../../../hardening/hardening-error";
import { EnvironmentError, loadEnvironments } from "../../../platform/load";
import { production } from "../../../environments/production";
import type { Environment } from "../../../platform/schema";
import { buildEnvironments } from "../../../stacks";
import type { Candidate } from "./generate";
import type { StackJson } from "./stack-json";

/** Accepted definition with its synthesized stacks. */
export interface Accepted extends Candidate {
  /** Validated environment with defaults. */
  readonly environment: Environment;
  /** Folder that contains a folder for each stack. */
  readonly folder: string;
  /** Stacks by name. */
  readonly stacks: Readonly<Record<string, StackJson>>;
  /** SQL that a database administrator runs before the first deploy, by the connection's name. */
  readonly setupSql: Readonly<Record<string, string>>;
}

/** Returns true if the error is the rejection of a definition. */
export function isRefusal(error: unknown): boolean {
  return error instanceof EnvironmentError || error instanceof HardeningError;
}

/** Synthesizes a definition. @throws EnvironmentError or HardeningError if it is rejected */
export function synthesized(candidate: Candidate): Accepted {
  const out = mkdtempSync(join(tmpdir(), "definition-"));
  try {
    // A standby of production is validated together with production.
    const beside = candidate.definition.recovers ? [production] : [];
    const environment = loadEnvironments([...beside, candidate.definition]).at(-1)!;
    const app = new App({ outdir: out });
    buildEnvironments(app, [environment]);
    app.synth();
    const folder = join(out, "stacks");
    const stacks = Object.fromEntries(
      readdirSync(folder).map((name) => [
        name,
        JSON.parse(readFileSync(join(folder, name, "cdk.tf.json"), "utf8")) as StackJson,
      ]),
    );
    const databases = app.node.findAll().filter((construct) => construct instanceof PostgresDatabase);
    const setupSql = Object.fromEntries(databases.map((it) => [it.connectionName, it.setupSql]));
    return { ...candidate, environment, folder, stacks, setupSql };
  } catch (error) {
    rmSync(out, { recursive: true });
    throw error;
  }
}
