import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from "node:child_process";
import { constants } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { isatty } from "node:tty";
import { received } from "../constructs/core/received";
import { UserError } from "../constructs/core/user-error";

/** Running programs by process id. `target` is the process or the group that an interruption signals. */
const running = new Map<number, { end: Promise<unknown>; target: number; waitForExit: boolean }>();

/** Result of a program. */
export interface Outcome {
  /** Exit code. */
  readonly code: number;
  /** Standard output. */
  readonly stdout: string;
  /** Standard error. */
  readonly stderr: string;
}

/** Runs a program to its end, in a separate process group, so that an interruption can end the whole group. */
export function run(
  program: string,
  args: readonly string[],
  options: Pick<SpawnOptions, "cwd" | "env" | "uid" | "gid" | "shell"> & {
    onLine?: (line: string) => void;
    /** Whether an interruption signals the whole process group: for a program that does not end its children. */
    endWhole?: boolean;
    /** Whether an interruption waits without limit: for a program that records its work, as Terraform does. */
    patient?: boolean;
  } = {},
): Promise<Outcome> {
  const { onLine, endWhole, patient = false, ...spawnOptions } = options;
  let pid: number | undefined;
  const end = new Promise<Outcome>((resolve, reject) => {
    const child = spawn(program, args, {
      ...spawnOptions,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    pid = child.pid;
    let stdout = "";
    let stderr = "";
    let rest = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      if (onLine) lines.forEach(onLine);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", reject);
    child.on("close", (code) => {
      if (pid !== undefined) running.delete(pid);
      resolve({ code: code ?? 1, stdout, stderr });
    });
  });
  if (pid !== undefined) running.set(pid, { end, target: endWhole ? -pid : pid, waitForExit: patient });
  return end;
}

/** Programs that are attached to our terminal or streams, with their ends. */
const attached = new Map<ChildProcess, Promise<unknown>>();

/**
 * Runs a program to its end, attached to our streams, so that it can prompt the user or be part of a pipe.
 * An interruption is forwarded to it. There is no time limit for its end, because Terraform writes its state meanwhile.
 * @returns its exit code; 128 plus the number of the signal if a signal ended it
 * @throws UserError if it cannot be started
 */
export async function runAttached(
  program: string,
  args: readonly string[],
  options: Pick<SpawnOptions, "cwd" | "env" | "shell"> = {},
): Promise<number> {
  // A terminal signals its foreground process group, to which an interactive program must belong.
  const child = spawn(program, args, { ...options, stdio: "inherit", detached: !hasTerminal() });
  const end = new Promise<number>((resolve, reject) => {
    child.once("error", ({ message }) => reject(new UserError(`${program} cannot be run: ${message}`)));
    child.once("exit", (code, signal) => resolve(code ?? 128 + constants.signals[signal!]));
  });
  attached.set(child, end);
  try {
    return await end;
  } finally {
    attached.delete(child);
  }
}

/**
 * Forwards a signal to attached programs, unless the terminal has sent it to them. A second signal makes Terraform stop
 * at once.
 */
export function forwardSignal(signal: NodeJS.Signals): void {
  if (signal === "SIGINT" && hasTerminal()) return;
  for (const child of attached.keys()) child.kill(signal);
}

function hasTerminal(): boolean {
  return [0, 1, 2].some((stream) => isatty(stream));
}

/**
 * Ends all programs of `run` and waits for them. It also waits for attached programs, which `passOn` has signalled.
 * By default, only the program itself is signalled: Terraform stops its providers in order and writes its state. It
 * cannot do so if the providers are gone.
 * A program that does not end in time is killed with its process group, unless it is `patient`.
 */
export async function stopRunning(): Promise<void> {
  const ends = Promise.allSettled([...running.values()].map(({ end }) => end));
  signalRunning("SIGTERM", running.keys(), (_pid, target) => target);
  await Promise.race([ends, sleep(10_000, undefined, { ref: false })]);
  const late = [...running].filter(([, { waitForExit: patient }]) => !patient).map(([pid]) => pid);
  signalRunning("SIGKILL", late, (pid) => -pid);
  await ends;
  await Promise.allSettled(attached.values());
}

function signalRunning(
  signal: NodeJS.Signals,
  pids: Iterable<number>,
  whom: (pid: number, target: number) => number,
): void {
  for (const pid of pids) {
    try {
      process.kill(whom(pid, running.get(pid)!.target), signal);
    } catch {
      // It has ended in the meantime.
    }
  }
}

/**
 * Checks that a program is installed in an accepted version.
 * @throws UserError with the name of the program, its purpose and the required version
 */
export function requireProgram(
  program: string,
  args: readonly string[],
  wanted: string,
  accept: RegExp,
): void {
  const result = spawnSync(program, args, { encoding: "utf8" });
  const text = `${result.stdout ?? ""}${result.stderr ?? ""}`.trim();
  if (result.error) throw new UserError(`${program} is not on PATH; the local platform needs ${wanted}.`);
  if (result.status !== 0 || !accept.test(text)) {
    throw new UserError(
      `${program} does not fit: got ${received(text.split("\n")[0])}; the local platform needs ${wanted}.`,
    );
  }
}
