import { existsSync, readFileSync, statSync } from "node:fs";

/** Error for a state file that Terraform must not use: it would create everything a second time. */
export class LocalStateError extends Error {}

interface State {
  readonly lineage?: string;
  readonly resources?: readonly unknown[];
}

/**
 * Checks the state file of a stack before Terraform does. Terraform takes an empty file for a stack without resources,
 * creates them all again, and overwrites the backup. A run that was killed while it wrote the file leaves it empty.
 * @throws LocalStateError with the command that restores the backup
 */
export function requireReadableState(stack: string, file: string): void {
  const backup = `${file}.backup`;
  const hasBackup = (readState(backup)?.resources ?? []).length > 0;
  if (readState(file) || (!existsSync(file) && !hasBackup)) return;
  const what = !existsSync(file)
    ? "is missing, but not its backup"
    : `${statSync(file).size === 0 ? "is empty" : "cannot be read"}, as after a run that was killed`;
  const remedy = hasBackup
    ? `The backup has the state from before the last run. Put it back:\n  cp ${quote(backup)} ${quote(file)}\nIt does not name what the last run created. Import that or delete it.`
    : `There is no backup. Terraform no longer knows what it created for this stack. Find out what exists, then delete the file: Terraform then creates the whole stack, and fails where something exists already.`;
  throw new LocalStateError(
    `The state of ${stack} ${what}: ${file}\nNothing was planned or changed. ${remedy}`,
  );
}

/** Returns undefined for a file that is missing or that is not a whole state. */
function readState(file: string): State | undefined {
  try {
    const state = JSON.parse(readFileSync(file, "utf8")) as State;
    return typeof state.lineage === "string" ? state : undefined;
  } catch {
    return undefined;
  }
}

/** Quotes a path for every POSIX shell. */
function quote(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
