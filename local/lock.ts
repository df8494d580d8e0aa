import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../constructs/core/user-error";
import { type ProcessIdentity, isRunning, ownIdentity } from "./process-identity";

/** Age after which an empty lock file counts as left over: its process was killed while it created the file. */
const EMPTY_MS = 2000;
/** Time after which a new holder verifies that it still has the lock. */
const CONFIRM_MS = 100;
const POLL_MS = 250;

/** Options of `takeLock`. */
export interface LockOptions {
  /** Called once with the holder's process id before waiting. @default - a held lock is an error */
  readonly onWait?: (pid: number) => void;
  /** Name of the holder for the error. @default "another run" */
  readonly holder?: string;
}

/**
 * Acquires a lock file. The file contains the holder's identity, so that the lock of a killed process is free.
 * @returns a function that releases the lock; the end of the process also releases it
 * @throws UserError that names the holder, unless `onWait` is set
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
    // Another process may have removed this lock because it mistook it for the abandoned one.
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

/** Runs the work while this process has the lock. Waits if another process has it. */
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

/** Returns undefined if the holder is on another machine or in another container, where its state is unknown. */
function isHeld(file: string, holder: ProcessIdentity | undefined): boolean | undefined {
  if (holder) return isRunning(holder);
  try {
    return Date.now() - statSync(file).mtimeMs < EMPTY_MS;
  } catch {
    return false;
  }
}

/** Removes the file if its content is still the one that was found. */
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
