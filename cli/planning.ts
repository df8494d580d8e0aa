import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../constructs/core/user-error";
import { type Outcome, run } from "./processes";
import { renderColumns, stopwatch } from "../access/table";
import { platformEnvironment, readPlatformFile } from "./platform-file";
import { ExitCode } from "./command";
import { environmentOfStack } from "./project";
import { type SynthesizedStack, configuresVault } from "./stacks";
import { print, printColoured, warn } from "./terminal";
import type { WorkflowIdentity } from "./workflow-identity";

/** Options of `planStacks`. */
export interface PlanningProps {
  /** Aborted by an interruption. */
  readonly signal: AbortSignal;
  /** Identity of the workflow. @default - the credentials of the caller */
  readonly identity?: WorkflowIdentity;
}

interface Row {
  readonly stack: string;
  /** Resources to create, change and destroy. @default - unknown, because the plan failed */
  readonly changes?: Changes;
  readonly result: "no changes" | "changes" | "failed";
  readonly seconds: number;
}

interface Changes {
  readonly add: number;
  readonly change: number;
  readonly destroy: number;
}

/**
 * Plans stacks one after the other, without a state lock. Prints Terraform's plans and then a table.
 * The other stacks are planned even if a plan fails.
 */
export async function planStacks(
  stacks: readonly SynthesizedStack[],
  props: PlanningProps,
): Promise<ExitCode> {
  const rows: Row[] = [];
  for (const stack of stacks) {
    if (props.signal.aborted) break;
    print(`\n== ${stack.name}`);
    rows.push(await plan(stack, props));
  }
  print(`\n${renderTable(rows)}`);
  if (rows.some(({ result }) => result === "failed")) return ExitCode.FAILED;
  return rows.some(({ result }) => result === "changes") ? ExitCode.FOUND : ExitCode.OK;
}

async function plan(stack: SynthesizedStack, { identity }: PlanningProps): Promise<Row> {
  const seconds = stopwatch();
  const planFolder = mkdtempSync(join(tmpdir(), "plan-"));
  try {
    const env = identity ? await identity.environment() : environmentFor(stack.folder);
    const { changes, differs } = await withVault(stack, env, async (variables) => {
      const terraform = terraformIn(stack.folder, variables);
      await terraform(["init", "-input=false"]);
      const file = join(planFolder, "plan");
      await terraform(["plan", "-input=false", "-lock=false", `-out=${file}`], printColoured);
      const { stdout } = await terraform(["show", "-json", file]);
      return readPlan(stdout);
    });
    return { stack: stack.name, changes, result: differs ? "changes" : "no changes", seconds: seconds() };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    warn(error.message);
    return { stack: stack.name, result: "failed", seconds: seconds() };
  } finally {
    // A plan contains values that Terraform hides as sensitive in its output.
    rmSync(planFolder, { recursive: true });
  }
}

/**
 * Runs work for the plan of a stack. A stack that configures Vault is planned with Vault's CA.
 * If there is no Vault yet, the stack is planned as if Vault were empty.
 */
async function withVault<T>(
  stack: SynthesizedStack,
  env: NodeJS.ProcessEnv,
  work: (env: NodeJS.ProcessEnv) => Promise<T>,
): Promise<T> {
  const environment = configuresVault(stack) ? environmentOfStack(stack.name) : undefined;
  if (!environment || environment.kubernetes.vault === "external") return work(env);
  const { hasTerraformLogin, withWayToVault } = await import("./vault-environment.js");
  if (env.TF_VAR_cluster_login === undefined && !(await hasTerraformLogin(environment, env))) {
    warn("note: the cluster layer is not deployed yet, so this is planned as if Vault were empty");
    return work({ ...env, TF_VAR_cluster_login: "false" });
  }
  return withWayToVault(environment, {}, env, work);
}

/**
 * Returns a function that runs Terraform in the folder of a stack. The function throws a UserError if Terraform fails.
 */
function terraformIn(folder: string, env: NodeJS.ProcessEnv) {
  const plain = process.stdout.isTTY && !process.env.NO_COLOR ? [] : ["-no-color"];
  return async (args: readonly string[], onLine?: (line: string) => void): Promise<Outcome> => {
    const [command, ...rest] = args;
    const outcome = await run("terraform", [command, ...plain, ...rest], { cwd: folder, env, onLine }).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code !== "ENOENT") throw error;
        throw new UserError("terraform is not on PATH; plans need Terraform 1.11 or later.");
      },
    );
    if (outcome.code !== 0) throw new UserError(`terraform ${command} failed:\n${outcome.stderr.trim()}`);
    return outcome;
  };
}

/** Variables of the caller. For a stack with local state, those of the local platform, which holds its resources. */
function environmentFor(folder: string): NodeJS.ProcessEnv {
  if (!hasLocalState(folder)) return process.env;
  const platform = readPlatformFile("local");
  if (!platform) throw new UserError("the local platform is not up; npm run local starts it.");
  return { ...platformEnvironment(platform, process.env), TF_IN_AUTOMATION: "1" };
}

/** Returns true for a stack with its state in a file of the local platform. */
export function hasLocalState(folder: string): boolean {
  const { terraform } = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8"));
  return (terraform.backend.local?.path ?? "").includes("/.local/");
}

interface Plan {
  readonly resource_changes?: readonly { change: { actions: string[] } }[];
  readonly output_changes?: Readonly<Record<string, { actions: string[] }>>;
}

/** Reads Terraform's JSON description of a plan. A replacement counts as one resource to create and one to destroy. */
function readPlan(json: string): { changes: Changes; differs: boolean } {
  const { resource_changes = [], output_changes = {} } = JSON.parse(json) as Plan;
  const actions = resource_changes.flatMap(({ change }) => change.actions);
  const count = (wanted: string) => actions.filter((action) => action === wanted).length;
  const changes = { add: count("create"), change: count("update"), destroy: count("delete") };
  const outputs = Object.values(output_changes).flatMap((output) => output.actions);
  const differs = [...actions, ...outputs].some((action) => action !== "no-op" && action !== "read");
  return { changes, differs };
}

function renderTable(rows: readonly Row[]): string {
  const cells = rows.map(({ stack, changes, result, seconds }) => [
    stack,
    ...[changes?.add, changes?.change, changes?.destroy].map((count) => count?.toString() ?? "-"),
    result,
    seconds.toFixed(1),
  ]);
  return renderColumns([["stack", "add", "change", "destroy", "result", "seconds"], ...cells], [1, 2, 3, 5]);
}
