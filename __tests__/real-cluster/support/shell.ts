import { spawn, spawnSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { resolve } from "node:path";

export const project = resolve(__dirname, "..", "..", "..");

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program with its outcome, whatever that is. */
export function attempt(program: string, args: readonly string[], input?: string): Outcome {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: "utf8",
    cwd: project,
    // Of the test, which has the variables of the cluster; without it that of jest would be handed on.
    env: process.env,
    input,
    maxBuffer: 64 * 1024 * 1024,
  });
  return { code: status ?? 1, stdout: stdout ?? "", stderr: error?.message ?? stderr ?? "" };
}

/** What a program prints. @throws Error with what it said, unless it succeeded */
export function run(program: string, args: readonly string[], input?: string): string {
  const { code, stdout, stderr } = attempt(program, args, input);
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${code}:\n${stderr}\n${stdout}`);
  return stdout;
}

/** A program that takes its time, whose output is shown as it comes. @throws Error unless it succeeded */
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

/** Tries until it succeeds. @throws the last Error, when the time is over */
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
