import { mkdtempSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Program, findProgram, programPath, testWithPrograms } from "./needs";

/** Shells as program and the arguments before the script's file. */
const POSIX_SHELLS: readonly (readonly [Program, string[]])[] = [
  ["sh", []],
  ["dash", []],
  ["busybox", ["sh"]],
  ["bash", ["--posix"]],
];

/**
 * Runs a test in each POSIX shell of this machine; missing shells are skipped with a message.
 * @param title `%s` shows the shell's program and `%p` its arguments
 */
export function testInPosixShells(
  title: string,
  body: (shell: string, flags: string[]) => void | Promise<void>,
): void {
  for (const [shell, flags] of POSIX_SHELLS) {
    testWithPrograms(shell).each<[string, string[]]>([[shell, flags]])(title, body);
  }
}

const busybox = findProgram("busybox");

/** Shell of the Vault image (busybox), or the system's `sh` if busybox is missing. */
export const imageShell: readonly [string, ...string[]] = busybox ? [busybox, "sh"] : ["sh"];

/**
 * Creates a folder with `sh` and `pidof` of busybox, as in the Vault image. Other versions of `pidof` do not find
 * scripts.
 */
export function toolsOfVaultImage(): string {
  const folder = mkdtempSync(join(tmpdir(), "vault-tools-"));
  for (const tool of ["sh", "pidof"]) symlinkSync(programPath("busybox"), join(folder, tool));
  return folder;
}
