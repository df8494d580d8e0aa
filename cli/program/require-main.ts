import { existsSync } from "node:fs";
import { join } from "node:path";
import { Problem } from "../../local/problem";

/** @throws Problem if the folder has no program to synthesize */
export function requireMain(root: string): void {
  if (!existsSync(join(root, "main.ts"))) {
    throw new Problem(`There is no main.ts in ${root}; call this in the folder of the program.`);
  }
}
