import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { loadEnvironments } from "../environments/load";
import type { Environment, EnvironmentDefinition } from "../environments/schema";
import { places } from "../local/places";
import { Problem } from "../local/problem";
import { environmentOf } from "./access/synthesized";

/** The environment to which a stack belongs. @returns undefined where the project has no such definition */
export function environmentOfStack(stack: string): Environment | undefined {
  if (!existsSync(definitionsFile())) return undefined;
  return projectEnvironments().find(({ name }) => name === environmentOf(stack));
}

/**
 * The environments of the project in which the command is called.
 * @throws Problem where there is no such project
 * @throws EnvironmentError when a definition is wrong
 */
export function projectEnvironments(): Environment[] {
  const file = definitionsFile();
  if (!existsSync(file)) throw new Problem(`There is no environments/index.ts in ${places.root}.`);
  const { definitions } = createRequire(__filename)(file) as {
    definitions: readonly EnvironmentDefinition[];
  };
  return loadEnvironments(definitions);
}

function definitionsFile(): string {
  return join(places.root, "environments", "index.ts");
}
