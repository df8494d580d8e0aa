import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectPaths } from "./project-paths";
import { UserError } from "../constructs/core/user-error";

/** What a platform of this machine says of itself, in `.<environment>/environment.json`. It holds no secret. */
export interface PlatformFile {
  /** Environment variables for Terraform, cdktf and the commands of the platform. */
  readonly variables: Readonly<Record<string, string>>;
  /** Files with the values of variables that only a first deploy needs. */
  readonly files: Readonly<Record<string, string>>;
  /** Pattern of the caller's variables that would lead elsewhere, such as to a real account. */
  readonly foreign: string;
}

/** Returns undefined where this machine has no platform of that environment. */
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
 * Environment for programs that work on a platform of this machine: the caller's without what would lead elsewhere, and
 * the platform's own. The values that only a first deploy needs are among them.
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
