import { mkdtempSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Program, findProgram, programPath, testWithPrograms } from "./needs";

/** Each as program and arguments that come before the script's file. */
const POSIX_SHELLS: readonly (readonly [Program, string[]])[] = [
  ["sh", []],
  ["dash", []],
  ["busybox", ["sh"]],
  ["bash", ["--posix"]],
];

/**
 * A test in each POSIX shell of this machine; the others are skipped with a message.
 * @param title shows the shell's program for `%s` and its arguments for `%p`
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

/** The shell of the Vault image where it can be had, and the system's elsewhere. */
export const imageShell: readonly [string, ...string[]] = busybox ? [busybox, "sh"] : ["sh"];

/** A folder with the shell and `pidof` of Vault's image, which are busybox's; the others find no scripts. */
export function toolsOfVaultImage(): string {
  const folder = mkdtempSync(join(tmpdir(), "vault-tools-"));
  for (const tool of ["sh", "pidof"]) symlinkSync(programPath("busybox"), join(folder, tool));
  return folder;
}
