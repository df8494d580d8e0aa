import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { places } from "./places";
import { type Row, stopwatch } from "../access/table";
import { Terraform, cannotInstall, copyForPlan } from "./terraform";

type Say = (text: string) => void;

/** Plans without a login token from the cluster, which does not exist yet. */
const FROM_NOTHING = { TF_VAR_cluster_login: "false" };

const LOCK = ".terraform.lock.hcl";

/** Validates and plans a stack as if nothing existed. Skips it with a message if something it needs is missing here. */
export async function planStack(stack: string, env: NodeJS.ProcessEnv, say: Say): Promise<Row> {
  const seconds = stopwatch();
  say(`${stack}: init, validate, plan`);
  const folder = join(places.run, "plans", stack);
  copyForPlan(join(places.out, "stacks", stack), folder);
  const shared = join(places.run, "plans", `providers-${digestOfProviders(folder)}`);
  const terraform = new Terraform(folder, { ...env, ...FROM_NOTHING, TF_DATA_DIR: join(shared, "data") });
  const missing = await initialise(terraform, folder, shared);
  if (missing.length > 0) return skipped(stack, missing, seconds(), say);
  await terraform.validate();
  const planned = await terraform.planFromNothing();
  if (typeof planned === "number") {
    return { stack, resources: planned, done: "validated and planned from nothing", seconds: seconds() };
  }
  const charts = planned.missingCharts.join(", ");
  say(
    `${stack}: planned not, Helm cannot reach the repositories of ${charts} here; name a mirror in the environment (mirrors.charts).`,
  );
  return { stack, done: `validated; not planned: no chart ${charts}`, seconds: seconds() };
}

/**
 * Initialises a copy of a stack. Stacks with the same providers share them, because Terraform reads each provider
 * completely to verify it.
 * @returns the providers that Terraform cannot install here
 */
async function initialise(terraform: Terraform, folder: string, shared: string): Promise<string[]> {
  if (existsSync(join(shared, LOCK))) {
    copyFileSync(join(shared, LOCK), join(folder, LOCK));
    return [];
  }
  mkdirSync(shared, { recursive: true });
  const missing = await terraform.init();
  if (missing.length === 0) copyFileSync(join(folder, LOCK), join(shared, LOCK));
  return missing;
}

function digestOfProviders(folder: string): string {
  const { terraform } = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8"));
  return createHash("sha256").update(JSON.stringify(terraform.required_providers)).digest("hex").slice(0, 12);
}

/** Prints the providers that a skipped stack needs. */
function skipped(stack: string, missing: readonly string[], seconds: number, say: Say): Row {
  say(`${stack}: skipped, ${cannotInstall(missing)}`);
  return { stack, done: `skipped: no ${missing.join(", ")}`, seconds };
}
