import { type SpawnOptions, spawn, spawnSync } from "node:child_process";
import { Problem } from "./problem";

const running = new Set<number>();

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end in a process group of its own, so that an interruption can end it whole. */
export function run(
  program: string,
  args: readonly string[],
  options: Pick<SpawnOptions, "cwd" | "env"> & { onLine?: (line: string) => void } = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const { onLine, ...spawnOptions } = options;
    const child = spawn(program, args, {
      ...spawnOptions,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    if (child.pid !== undefined) running.add(child.pid);
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
      if (child.pid !== undefined) running.delete(child.pid);
      resolve({ code: code ?? 1, stdout, stderr });
    });
  });
}

/** Ends whatever `run` has under way. */
export function stopRunning(): void {
  for (const pid of running) {
    try {
      process.kill(-pid, "SIGTERM");
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
