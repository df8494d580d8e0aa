import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run as runProgram } from "../cli/processes";

/** Wall times and peak memory of several runs. */
export interface Measurement {
  readonly seconds: readonly number[];
  readonly mebibytes: readonly number[];
}

/**
 * Runs `node ...args` several times and records wall time and peak memory of each run.
 * @throws Error with the program's output when it fails: the time of a failed run is not a result
 */
export async function measure(
  args: readonly string[],
  options: { cwd: string; runs: number; env?: NodeJS.ProcessEnv },
): Promise<Measurement> {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const peakFile = join(folder, "peak");
  const env = {
    ...process.env,
    ...options.env,
    BENCH_PEAK_FILE: peakFile,
    CDKTF_OUTDIR: join(folder, "out"),
  };
  const seconds: number[] = [];
  const mebibytes: number[] = [];
  try {
    for (let run = 0; run < options.runs; run++) {
      const start = process.hrtime.bigint();
      const { code, stderr } = await runProgram(
        process.execPath,
        ["--require", join(__dirname, "report-peak.cjs"), ...args],
        { cwd: options.cwd, env },
      );
      seconds.push(Number(process.hrtime.bigint() - start) / 1e9);
      if (code !== 0) throw new Error(`node ${args.join(" ")} failed:\n${stderr}`);
      mebibytes.push(Number(readFileSync(peakFile, "utf8")) / 1024);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { seconds, mebibytes };
}

/** The median, or the upper one if the number of values is even. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
