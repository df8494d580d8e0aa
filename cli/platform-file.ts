import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectPaths } from "./project-paths";
import { UserError } from "../constructs/core/user-error";

/** Description of a platform of this machine, from `.<environment>/environment.json`. It contains no secret. */
export interface PlatformFile {
  /** Environment variables for Terraform, cdktf and the commands of the platform. */
  readonly variables: Readonly<Record<string, string>>;
  /** Files with the values of variables that only a first deploy needs. */
  readonly files: Readonly<Record<string, string>>;
  /** Pattern of the caller's variables that would lead to other systems, such as a real account. */
  readonly foreign: string;
}

/**
 * Reads the description of a platform.
 * @returns undefined if this machine has no platform of the environment
 */
export function readPlatformFile(environment: string): PlatformFile | undefined {
  const file = join(projectPaths.root, `.${environment}`, "environment.json");
  if (!/^[a-z][a-z0-9-]*$/.test(environment) || !existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, "utf8")) as PlatformFile;
  } catch {
    throw new UserError(`${file} is not whole. Run the command again that brought the platform up.`);
  }
}

/**
 * Variables for programs that use a platform of this machine: those of the caller without `foreign`, and those of the
 * platform.
 * They include the values that only a first deploy needs.
 */
export function platformEnvironment(
  { variables, files, foreign }: PlatformFile,
  env: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !new RegExp(foreign).test(name));
  const initial = Object.entries(files).filter(([, file]) => existsSync(file));
  return {
    ...Object.fromEntries(kept),
    ...variables,
    ...Object.fromEntries(initial.map(([name, file]) => [name, readFileSync(file, "utf8")])),
  };
}
