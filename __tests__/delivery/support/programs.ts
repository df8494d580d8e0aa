import { accessSync, constants, mkdtempSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** Full path of a program on PATH, or undefined. */
export function findProgram(name: string): string | undefined {
  return (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** The POSIX shells of this machine, each as program and arguments that come before the script's file. */
export function posixShells(): [string, string[]][] {
  return [
    ["sh", []],
    ["dash", []],
    ["busybox", ["sh"]],
    ["bash", ["--posix"]],
  ].filter(([program]) => findProgram(program as string)) as [string, string[]][];
}

/** `describe`, or a skipped one that says why. */
export function describeWith(...programs: string[]): jest.Describe {
  const missing = programs.filter((program) => !findProgram(program));
  if (missing.length === 0) return describe;
  console.warn(`not on PATH, so the tests that run them are skipped: ${missing.join(", ")}`);
  return describe.skip;
}

/** A folder with the shell and `pidof` of Vault's image, which are busybox's; the others find no scripts. */
export function toolsOfVaultImage(): string {
  const folder = mkdtempSync(join(tmpdir(), "vault-tools-"));
  for (const tool of ["sh", "pidof"]) symlinkSync(findProgram("busybox")!, join(folder, tool));
  return folder;
}
