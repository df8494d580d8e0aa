import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { places } from "../local/places";
import { Problem } from "../local/problem";
import { run } from "../local/processes";

/**
 * Installs a program from PyPI into a private virtual environment, once: later runs find it again.
 * @param version exactly one, so that two runs judge by the same rules
 * @returns the path of the program, named like its package
 * @throws Problem with what Python said when it cannot be installed
 */
export async function pythonTool(name: string, version: string): Promise<string> {
  const venv = join(places.cache, `${name}-${version}`);
  const bin = (file: string) => join(venv, "bin", file);
  const complete = join(venv, "complete");
  // The Python that it was made with may be gone since.
  if (existsSync(complete) && existsSync(bin("python"))) return bin(name);
  rmSync(venv, { recursive: true, force: true });
  mkdirSync(places.cache, { recursive: true });
  for (const [program, ...args] of [
    ["python3", "-m", "venv", venv],
    [bin("pip"), "install", "--quiet", `${name}==${version}`],
  ]) {
    const { code, stdout, stderr } = await run(program, args).catch((error: Error) => ({
      code: 1,
      stdout: "",
      stderr: error.message,
    }));
    if (code !== 0) {
      throw new Problem(
        `${name} ${version} could not be installed (it needs Python 3.9 or later with venv):\n${(stdout + stderr).trim()}`,
      );
    }
  }
  writeFileSync(complete, "");
  return bin(name);
}
