import { type SpawnOptions, spawn, spawnSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { Problem } from "./problem";

/** What is under way, by process id; `target` is whom an interruption tells. */
const running = new Map<number, { end: Promise<unknown>; target: number }>();

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end in a process group of its own, so that an interruption can end it whole. */
export function run(
  program: string,
  args: readonly string[],
  options: Pick<SpawnOptions, "cwd" | "env" | "uid" | "gid"> & {
    onLine?: (line: string) => void;
    /** An interruption tells the whole process group: for a program that leaves its children to themselves. */
    endWhole?: boolean;
  } = {},
): Promise<Outcome> {
  const { onLine, endWhole, ...spawnOptions } = options;
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
  if (pid !== undefined) running.set(pid, { end, target: endWhole ? -pid : pid });
  return end;
}

/**
 * Ends whatever `run` has under way, and waits. As a rule the program alone is told: Terraform stops its providers
 * in order and writes its state, which it cannot when they are gone. What does not end in time is killed whole.
 */
export async function stopRunning(): Promise<void> {
  const ends = Promise.allSettled([...running.values()].map(({ end }) => end));
  signalRunning("SIGTERM", (_pid, target) => target);
  await Promise.race([ends, sleep(10_000, undefined, { ref: false })]);
  signalRunning("SIGKILL", (pid) => -pid);
  await ends;
}

function signalRunning(signal: NodeJS.Signals, whom: (pid: number, target: number) => number): void {
  for (const [pid, { target }] of running) {
    try {
      process.kill(whom(pid, target), signal);
    } catch {
      // It ended by itself in the meantime.
    }
  }
}

/** @throws Problem that says what is missing, what it is for and what version is wanted */
export function requireProgram(
  program: string,
  args: readonly string[],
  wanted: string,
  accept: RegExp,
): void {
  const result = spawnSync(program, args, { encoding: "utf8" });
  const text = `${result.stdout ?? ""}${result.stderr ?? ""}`.trim();
  if (result.error) throw new Problem(`${program} is not on PATH; the local platform needs ${wanted}.`);
  if (result.status !== 0 || !accept.test(text)) {
    throw new Problem(
      `${program} does not fit: got "${text.split("\n")[0]}"; the local platform needs ${wanted}.`,
    );
  }
}
