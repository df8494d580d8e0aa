import { join } from "node:path";
import { places } from "./places";
import { ELSEWHERE } from "./terraform";
import { writeWhole } from "./write-whole";

/**
 * Writes the file from which the command line reads the variables that `vault-platform env` prints for plain cdktf.
 * @param files of values that only a first deploy needs, by their variables
 */
export function writePlatformFile(
  variables: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>>,
): void {
  const content = { variables, files, foreign: ELSEWHERE.source };
  writeWhole(join(places.run, "environment.json"), `${JSON.stringify(content, undefined, 2)}\n`);
}
