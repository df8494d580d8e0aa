import { existsSync, readdirSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { App, TerraformStack } from "cdktf";
import { ValidationError } from "../constructs/core/validation-error";
import { warningsOf } from "../constructs/hardening/hardening-aspect";
import { HardeningError } from "../constructs/hardening/hardening-error";
import { EnvironmentError, loadEnvironments } from "../environments/load";
import type { EnvironmentDefinition } from "../environments/schema";
import { buildEnvironments } from "./index";
import { swiftly } from "./synthesis/swift-synthesis";

/**
 * A whole program: builds the platform of the definitions and writes it to where cdktf expects it.
 * What a person has to mend in the definitions is told without a stack trace; nothing is written then, and the exit
 * code is 1.
 */
export function synthesizePlatform(definitions: readonly EnvironmentDefinition[]): void {
  let folders: string[] = [];
  try {
    const environments = loadEnvironments(definitions);
    folders = missingFolders();
    swiftly(() => {
      const app = new App();
      buildEnvironments(app, environments);
      requireComplete(app);
      app.synth();
      // The command line of cdktf, known by this variable, prints them itself.
      if (process.env.CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS === undefined) {
        for (const warning of warningsOf(app)) console.warn(warning);
      }
    });
  } catch (error) {
    const problem = asProblem(error);
    if (!problem) throw error;
    removeEmpty(folders);
    console.error(problem.message);
    process.exitCode = 1;
  }
}

/**
 * Constructs that lack something say so when their stack is validated, just before that is written: too late, when
 * other stacks have been.
 */
function requireComplete(app: App): void {
  const problems = app.node
    .findAll()
    .filter((construct) => !TerraformStack.isStack(construct))
    .flatMap(({ node }) => node.validate().map((problem) => `${node.path}: ${problem}`));
  if (problems.length > 0) throw new EnvironmentError(problems);
}

/** @returns nothing for a fault of the program */
function asProblem(error: unknown): EnvironmentError | HardeningError | undefined {
  if (error instanceof EnvironmentError || error instanceof HardeningError) return error;
  // Some of what constructs are given is looked at when it is rendered.
  return error instanceof ValidationError ? new EnvironmentError([error.message]) : undefined;
}

/** Folders that an app makes at once, inner ones first. */
function missingFolders(): string[] {
  const out = process.env.CDKTF_OUTDIR ?? "cdktf.out";
  return [join(out, "stacks"), out].filter((folder) => !existsSync(folder));
}

function removeEmpty(folders: readonly string[]): void {
  for (const folder of folders) {
    if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
  }
}
