import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../constructs/core/user-error";
import { type ProcessIdentity, isRunning, ownIdentity } from "./process-identity";

/** A lock file that says nothing for so long was left by a process that was killed while it made the file. */
const EMPTY_MS = 2000;
/** Time after which a new holder looks whether the lock is still its own. */
const CONFIRM_MS = 100;
const POLL_MS = 250;

export interface LockOptions {
  /** Called once with the holder's process id, before this waits for it. @default - a held lock is an error */
  readonly onWait?: (pid: number) => void;
  /** What the holder is, for the error. @default "another run" */
  readonly holder?: string;
}

/**
 * Takes a lock that is a file. The file names its holder, so the lock of a killed process is free.
 * @returns a function that gives the lock back; the end of the process does, too
 * @throws UserError that names the holder, unless this is to wait
 */
export async function takeLock(file: string, options: LockOptions = {}): Promise<() => void> {
  const { onWait, holder: name = "another run" } = options;
  const own = JSON.stringify(ownIdentity());
  for (let told = false; ; await sleep(POLL_MS)) {
    if (!create(file, own)) {
      const found = read(file);
      const holder = found === undefined ? undefined : parse(found);
      const state = found === undefined ? false : isHeld(file, holder);
      if (found !== undefined && state === false) takeAway(file, found);
      if (state === false) continue;
      if (state === undefined) throw unknownHolder(file, name, holder!);
      if (!onWait) {
        throw new UserError(`Nothing was started: ${name} is at work (process ${holder?.pid ?? "unknown"}).`);
      }
      if (!told && holder) onWait(holder.pid);
      told = true;
      continue;
    }
    // Another process may have taken this lock for the one that was left.
    await sleep(CONFIRM_MS);
    if (read(file) === own) break;
  }
  const release = () => {
    process.off("exit", release);
    if (read(file) === own) rmSync(file, { force: true });
  };
  process.on("exit", release);
  return release;
}

/** Runs the work while this process has the lock; another process that has it is waited for. */
export async function withLock<T>(
  file: string,
  onWait: (pid: number) => void,
  work: () => Promise<T>,
): Promise<T> {
  const release = await takeLock(file, { onWait });
  try {
    return await work();
  } finally {
    release();
  }
}

function create(file: string, text: string): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(file, "wx", 0o644);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
  writeSync(descriptor, text);
  closeSync(descriptor);
  return true;
}

/** Returns undefined where nobody can know: the holder is on another machine or in another container. */
function isHeld(file: string, holder: ProcessIdentity | undefined): boolean | undefined {
  if (holder) return isRunning(holder);
  try {
    return Date.now() - statSync(file).mtimeMs < EMPTY_MS;
  } catch {
    return false;
  }
}

/** Removes the file, unless it is no longer what was found. */
function takeAway(file: string, found: string): void {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    // Another process was faster.
    return;
  }
  const moved = read(aside);
  if (moved !== undefined && moved !== found) create(file, moved);
  rmSync(aside, { force: true });
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function parse(text: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(text) as ProcessIdentity;
  } catch {
    return undefined;
  }
}

function unknownHolder(file: string, name: string, { pid, host }: ProcessIdentity): UserError {
  const [machine] = host.split(" ");
  return new UserError(
    `Nothing was started: ${name} may be at work (process ${pid} on ${machine}). If it has ended, delete ${file}.`,
  );
}
