import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Say } from "./platform";
import { RANGE, type Table, range } from "./table";
import { type Timed, meanCpu, seconds, timed } from "./timed";

const root = resolve(__dirname, "..");
const WARM_RUNS = 3;

/** Measures `npm test`, unchanged: the time that a developer waits after a change. */
export async function tests(say: Say): Promise<Table[]> {
  const folder = mkdtempSync(join(tmpdir(), "bench-tests-"));
  // The tests use the checkout's platform folder, not the bench's.
  const env = { ...process.env };
  delete env.PLATFORM_FOLDER;
  const report = join(folder, "report.json");
  const args = [
    ...["test", "--silent", "--", "--silent"],
    ...[`--cacheDirectory=${join(folder, "cache")}`, "--json", `--outputFile=${report}`],
  ];
  const run = () => timed("npm", args, { cwd: root, env });
  try {
    say("tests: with an empty cache");
    const cold = await run();
    const warm: Timed[] = [];
    for (let count = 0; count < WARM_RUNS; count++) {
      say("tests: with a cache");
      warm.push(await run());
    }
    const { numPassedTests: passed, numPendingTests: skipped } = JSON.parse(readFileSync(report, "utf8"));
    const row = (what: string, times: readonly Timed[]) => [
      what,
      ...range(seconds(times)),
      meanCpu(times),
      String(times.length),
    ];
    return [
      {
        title: "The units: npm test",
        notes: [
          `Wall time in seconds; processor time of npm, jest and its workers. Tests: ${passed} passed, ${skipped} skipped for want of a program.`,
        ],
        columns: ["what", ...RANGE, "CPU s", "runs"],
        rows: [
          row("the first time, as after a checkout", [cold]),
          row("again, with jest's cache of compiled files", warm),
        ],
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
