import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../cli/processes";
import { figure } from "./table";

/** Result of a timed run. */
export interface Timed {
  /** Wall time. */
  readonly seconds: number;
  /** Processor time in seconds of the program and its child processes. A busy machine changes it least. */
  readonly cpu: number;
  readonly stdout: string;
}

/** Shell script that records the times of its child processes. */
const WITH_TIMES = '"$@"; code=$?; times >"$0"; exit $code';

/**
 * Runs a program to its end.
 * @throws Error with the program's output when it fails: the time of a failed run is not a result
 */
export async function timed(
  program: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<Timed> {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const file = join(folder, "times");
  try {
    const start = process.hrtime.bigint();
    const { code, stdout, stderr } = await run("sh", ["-c", WITH_TIMES, file, program, ...args], {
      ...options,
      endWhole: true,
    });
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    if (code !== 0) throw new Error(`${program} ${args.join(" ")} failed:\n${(stderr || stdout).trim()}`);
    return { seconds, cpu: childrensSeconds(readFileSync(file, "utf8")), stdout };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Processor time of the child processes.
 * @param text - output of `times`: a line for the shell, and one for its children with user and system time
 */
export function childrensSeconds(text: string): number {
  const times = [...text.split("\n")[1].matchAll(/(\d+)m([\d.]+)s/g)];
  return times.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
}

/** Wall times of the runs. */
export function seconds(values: readonly Timed[]): number[] {
  return values.map((it) => it.seconds);
}

/** Mean processor time of a run, for a table. */
export function meanCpu(values: readonly Timed[]): string {
  return figure(values.reduce((sum, { cpu }) => sum + cpu, 0) / values.length);
}
