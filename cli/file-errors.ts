import { accessSync, constants, existsSync, mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, sep } from "node:path";

/** Messages for the error codes of a folder that cannot be written to. */
const CAUSES: Readonly<Record<string, string>> = {
  EACCES: "you may not write there",
  EPERM: "you may not write there",
  EROFS: "it is on a read-only file system",
  ENOSPC: "the disk is full",
  EDQUOT: "your quota is used up",
  ENOTDIR: "a part of the path is a file",
  ELOOP: "a part of the path is a link to itself",
  ENAMETOOLONG: "the path is too long",
  ENOENT: "no folder can be made there",
};

/** Folder, and the remedy that selects another one, such as `set TMPDIR to one that you may write to`. */
export interface Place {
  /** Path of the folder. */
  readonly folder: string;
  /** Instruction for the user. */
  readonly remedy: string;
}

/**
 * Explains an error of the file system to the user.
 * @param places folders that a setting names; a nested folder precedes the folder that contains it
 * @returns undefined for all other errors
 */
export function explainFileError(error: unknown, places: readonly Place[]): string | undefined {
  const { path } = error as NodeJS.ErrnoException;
  const code = codeOf(error as NodeJS.ErrnoException);
  const cause = CAUSES[code];
  if (cause === undefined || path === undefined) return undefined;
  const temporary = { folder: tmpdir(), remedy: "set TMPDIR to a folder that you may write to" };
  const within = ({ folder }: Place) => path === folder || path.startsWith(folder + sep);
  const place = [...places, temporary].find((it) => within(it) || it.folder.startsWith(path + sep));
  const remedy = place ? ` To go on, ${place.remedy}.` : "";
  return `${path} cannot be written: ${cause} (${code}).${remedy}`;
}

/** Returns true for an error about the creation of a folder. */
export function isAboutFolder({ syscall }: NodeJS.ErrnoException): boolean {
  return syscall === "mkdir" || syscall === "mkdtemp";
}

/**
 * Checks that the folder for temporary files is writable.
 * @throws the error of the operating system if it is not
 */
export function requireTemporaryFolder(): void {
  rmdirSync(mkdtempSync(join(tmpdir(), "vault-platform-")));
}

/**
 * Error code of the cause. On a read-only file system, Node reports ENOENT for a folder that it creates with its
 * parents.
 */
function codeOf(error: NodeJS.ErrnoException): string {
  const { code = "", path = "" } = error;
  if (code !== "ENOENT") return code;
  // A missing file on read is a defect of this code.
  if (!isAboutFolder(error)) return "";
  try {
    accessSync(nearestThere(path), constants.W_OK);
    return code;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code ?? code;
  }
}

function nearestThere(path: string): string {
  return existsSync(path) ? path : nearestThere(dirname(path));
}
