import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { received } from "../constructs/core/received";
import { loadEnvironments } from "../platform/load";
import type { Environment, EnvironmentDefinition } from "../platform/schema";
import { projectPaths } from "./project-paths";
import { UserError } from "../constructs/core/user-error";
import { environmentOf } from "../analysis/terraform/synthesized";

/** Environment of a stack. @returns undefined if the project does not define it */
export function environmentOfStack(stack: string): Environment | undefined {
  const file = definitionsFile();
  if (file === undefined || !Array.isArray(definitionsIn(file))) return undefined;
  return projectEnvironments().find(({ name }) => name === environmentOf(stack));
}

/**
 * Environments of the project in the current folder.
 * @throws UserError if the folder has no definitions
 * @throws EnvironmentError if a definition is invalid
 */
export function projectEnvironments(): Environment[] {
  const file = definitionsFile();
  if (file === undefined) {
    throw new UserError(
      `There is no environments/index.ts in ${projectPaths.root}; run this in the folder of your CDK app.`,
    );
  }
  const definitions = definitionsIn(file);
  if (!Array.isArray(definitions)) {
    throw new UserError(
      `definitions of ${file} must be a list of environment definitions, got ${received(definitions)}.`,
    );
  }
  return loadEnvironments(definitions as readonly EnvironmentDefinition[]);
}

const { CompileError, compiled } = createRequire(__filename)("./program/compiled.cjs") as {
  readonly CompileError: new () => Error;
  readonly compiled: (file: string) => { run(): unknown };
};

function definitionsIn(file: string): unknown {
  try {
    return (compiled(file).run() as { readonly definitions?: unknown }).definitions;
  } catch (error) {
    throw error instanceof CompileError ? new UserError(error.message) : error;
  }
}

/** File with the definitions. It may be of any kind that esbuild supports. */
function definitionsFile(): string | undefined {
  const endings = ["ts", "mts", "cts", "js", "mjs", "cjs"];
  const files = endings.map((ending) => join(projectPaths.root, "environments", `index.${ending}`));
  return files.find((file) => existsSync(file));
}
