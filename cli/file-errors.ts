import { accessSync, constants, existsSync, mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, sep } from "node:path";

/** What the operating system says where a folder cannot be written to. */
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

/** A folder and what makes another one of it, such as `set TMPDIR to one that you may write to`. */
export interface Place {
  readonly folder: string;
  readonly remedy: string;
}

/**
 * Explains an error of the file system to the user.
 * @param places folders that a setting names; of nested ones the inner one comes first
 * @returns undefined for every other error
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

/** Of an error when a folder is made. */
export function isAboutFolder({ syscall }: NodeJS.ErrnoException): boolean {
  return syscall === "mkdir" || syscall === "mkdtemp";
}

/** @throws the operating system's error where nothing can be written to the folder for temporary files */
export function requireTemporaryFolder(): void {
  rmdirSync(mkdtempSync(join(tmpdir(), "vault-platform-")));
}

/** The cause of an error; on a read-only file system Node says ENOENT of a folder that it makes with those above it. */
function codeOf(error: NodeJS.ErrnoException): string {
  const { code = "", path = "" } = error;
  if (code !== "ENOENT") return code;
  // What is missing when it is read is a fault of the program.
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
