import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { loadEnvironments } from "../environments/load";
import type { Environment, EnvironmentDefinition } from "../environments/schema";
import { places } from "../local/places";
import { Problem } from "../local/problem";

/**
 * The environments of the project in which the command is called.
 * @throws Problem where there is no such project
 * @throws EnvironmentError when a definition is wrong
 */
export function projectEnvironments(): Environment[] {
  const file = join(places.root, "environments", "index.ts");
  if (!existsSync(file)) throw new Problem(`There is no environments/index.ts in ${places.root}.`);
  const { definitions } = createRequire(__filename)(file) as {
    definitions: readonly EnvironmentDefinition[];
  };
  return loadEnvironments(definitions);
}
