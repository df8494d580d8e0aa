import { existsSync, readdirSync, rmdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { App, TerraformStack } from "cdktf";
import { ValidationError } from "../constructs/core/validation-error";
import { warningsOf } from "../hardening/hardening-aspect";
import { HardeningError } from "../hardening/hardening-error";
import { EnvironmentError, loadEnvironments } from "../platform/load";
import type { EnvironmentDefinition } from "../platform/schema";
import { buildEnvironments } from "./index";
import { LocalStateError, requireReadableState } from "./local-state";
import { PlatformStack } from "./platform-stack";

/**
 * Complete CDK app: builds the platform from the definitions and writes it to the output folder of cdktf.
 * Definition errors are printed without a stack trace. In that case nothing is written, and the exit code is 1.
 */
export function synthesizePlatform(definitions: readonly EnvironmentDefinition[]): void {
  let folders: string[] = [];
  try {
    const environments = loadEnvironments(definitions);
    folders = missingFolders();
    const app = new App();
    buildEnvironments(app, environments);
    requireComplete(app);
    requireReadableStates(app);
    app.synth();
    // The cdktf CLI sets this variable and prints the warnings itself.
    if (process.env.CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS === undefined) {
      for (const warning of warningsOf(app)) console.warn(warning);
    }
  } catch (error) {
    const problem = asProblem(error);
    if (!problem) throw error;
    removeEmpty(folders);
    console.error(problem.message);
    process.exitCode = 1;
  }
}

/**
 * Validates all constructs before the first stack is written. cdktf validates each stack just before it writes that
 * stack, when others may be written already.
 */
function requireComplete(app: App): void {
  const problems = app.node
    .findAll()
    .filter((construct) => !TerraformStack.isStack(construct))
    .flatMap(({ node }) => node.validate().map((problem) => `${node.path}: ${problem}`));
  if (problems.length > 0) throw new EnvironmentError(problems);
}

/** Checks the local state files. Plain cdktf also synthesizes before it runs Terraform, so this check covers it. */
function requireReadableStates(app: App): void {
  for (const stack of app.node.children) {
    if (!(stack instanceof PlatformStack) || stack.stateFile === undefined) continue;
    const folder = resolve(app.outdir, "stacks", stack.node.id);
    requireReadableState(stack.node.id, resolve(folder, stack.stateFile));
  }
}

/** Error to print without a stack trace. @returns undefined for a bug in the app */
function asProblem(error: unknown): Error | undefined {
  if (error instanceof EnvironmentError || error instanceof HardeningError) return error;
  if (error instanceof LocalStateError) return error;
  // Constructs validate some properties only during rendering.
  return error instanceof ValidationError ? new EnvironmentError([error.message]) : undefined;
}

/** Missing folders that `App` creates in its constructor, inner ones first. */
function missingFolders(): string[] {
  const out = process.env.CDKTF_OUTDIR ?? "cdktf.out";
  return [join(out, "stacks"), out].filter((folder) => !existsSync(folder));
}

function removeEmpty(folders: readonly string[]): void {
  for (const folder of folders) {
    if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
  }
}
