import { spawn, spawnSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { resolve } from "node:path";

/** Folder of the project. */
export const project = resolve(__dirname, "..", "..", "..");

/** Result of a program. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program. @returns its result, even if it fails */
export function attempt(program: string, args: readonly string[], input?: string): Outcome {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: "utf8",
    cwd: project,
    // Explicit, because jest's default environment lacks the variables of the cluster.
    env: process.env,
    input,
    maxBuffer: 64 * 1024 * 1024,
  });
  return { code: status ?? 1, stdout: stdout ?? "", stderr: error?.message ?? stderr ?? "" };
}

/** Runs a program. @returns its stdout @throws Error with its output if it fails */
export function run(program: string, args: readonly string[], input?: string): string {
  const { code, stdout, stderr } = attempt(program, args, input);
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${code}:\n${stderr}\n${stdout}`);
  return stdout;
}

/** Runs a long program and shows its output immediately. @throws Error if it fails */
export function show(program: string, args: readonly string[]): Promise<void> {
  return new Promise((done, reject) => {
    console.log(`$ ${[program, ...args].join(" ")}`);
    const child = spawn(program, args, {
      cwd: project,
      env: process.env,
      stdio: ["ignore", "inherit", "inherit"],
    });
    child.once("error", reject);
    child.once("exit", (code) =>
      code === 0 ? done() : reject(new Error(`${program} ${args.join(" ")} ended with ${code}`)),
    );
  });
}

/** Retries a check until it succeeds. @throws the last error after the given time */
export async function eventually<T>(seconds: number, check: () => T | Promise<T>): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
      await sleep(1000);
    }
  }
}
