import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from "node:child_process";
import { constants } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { isatty } from "node:tty";
import { received } from "../constructs/core/received";
import { UserError } from "../constructs/core/user-error";

/** What is under way, by process id; `target` is whom an interruption tells. */
const running = new Map<number, { end: Promise<unknown>; target: number; patient: boolean }>();

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end in a process group of its own, so that an interruption can end it whole. */
export function run(
  program: string,
  args: readonly string[],
  options: Pick<SpawnOptions, "cwd" | "env" | "uid" | "gid" | "shell"> & {
    onLine?: (line: string) => void;
    /** An interruption tells the whole process group: for a program that leaves its children to themselves. */
    endWhole?: boolean;
    /** An interruption waits however long it takes: for one that writes down what it has done, as Terraform does. */
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
  if (pid !== undefined) running.set(pid, { end, target: endWhole ? -pid : pid, patient });
  return end;
}

/** Programs that have our terminal or our streams, with their ends. */
const attached = new Map<ChildProcess, Promise<unknown>>();

/**
 * Runs a program to its end that has our own streams, so that it can ask a person or be part of a pipe. An
 * interruption is passed on to it, and it is waited for however long it takes: Terraform writes its state meanwhile.
 * @returns its exit code; 128 and the signal's number where a signal ended it
 * @throws UserError when it cannot be started
 */
export async function runAttached(
  program: string,
  args: readonly string[],
  options: Pick<SpawnOptions, "cwd" | "env" | "shell"> = {},
): Promise<number> {
  // A terminal tells its whole foreground group, to which a program that asks a person has to belong.
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

/** Tells attached programs of a signal, unless the terminal has told them: of two, Terraform ends at once. */
export function passOn(signal: NodeJS.Signals): void {
  if (signal === "SIGINT" && hasTerminal()) return;
  for (const child of attached.keys()) child.kill(signal);
}

function hasTerminal(): boolean {
  return [0, 1, 2].some((stream) => isatty(stream));
}

/**
 * Ends whatever `run` has under way, and waits, also for attached programs, which `passOn` has told. As a rule the program alone is told: Terraform stops its providers
 * in order and writes its state, which it cannot when they are gone. What does not end in time is killed whole, unless
 * it was begun as patient.
 */
export async function stopRunning(): Promise<void> {
  const ends = Promise.allSettled([...running.values()].map(({ end }) => end));
  signalRunning("SIGTERM", running.keys(), (_pid, target) => target);
  await Promise.race([ends, sleep(10_000, undefined, { ref: false })]);
  const late = [...running].filter(([, { patient }]) => !patient).map(([pid]) => pid);
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
      // It ended by itself in the meantime.
    }
  }
}

/** @throws UserError that says what is missing, what it is for and what version is wanted */
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
