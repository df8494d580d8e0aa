import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { places } from "../../local/places";
import { UserError } from "../../constructs/core/user-error";
import { run } from "../../cli/processes";

/** Pinned version, so that all runs use the same rules. */
export const VERSION = "3.3.30";

/**
 * Installs checkov from PyPI into a private virtual environment, once. Later runs reuse it.
 * @returns the program's path
 * @throws UserError with Python's output when it cannot be installed
 */
export async function installCheckov(): Promise<string> {
  const venv = join(places.cache, `checkov-${VERSION}`);
  const bin = join(venv, "bin");
  const complete = join(venv, "complete");
  // Also checks that the Python of the virtual environment still exists.
  if (existsSync(complete) && existsSync(join(bin, "python"))) return join(bin, "checkov");
  rmSync(venv, { recursive: true, force: true });
  mkdirSync(places.cache, { recursive: true });
  for (const [program, ...args] of [
    ["python3", "-m", "venv", venv],
    [join(bin, "pip"), "install", "--quiet", `checkov==${VERSION}`],
  ]) {
    const { code, stdout, stderr } = await run(program, args).catch((error: Error) => ({
      code: 1,
      stdout: "",
      stderr: error.message,
    }));
    if (code !== 0) {
      throw new UserError(
        `checkov ${VERSION} could not be installed (it needs Python 3.9 or later with venv):\n${(stdout + stderr).trim()}`,
      );
    }
  }
  writeFileSync(complete, "");
  return join(bin, "checkov");
}
