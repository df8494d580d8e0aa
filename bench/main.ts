import { rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { copyWithBarrelImports } from "./init-habit";
import { type Measurement, measure, median } from "./measure";

const RUNS = 5;
const root = resolve(__dirname, "..");

const habit = copyWithBarrelImports(root);
try {
  const rows: [string, Measurement][] = [
    ["node -e 0", measure(["-e", "0"], { cwd: root, runs: RUNS })],
    ["node --import tsx main.ts", measure(["--import", "tsx", "main.ts"], { cwd: root, runs: RUNS })],
    // One run: it takes long, and it is only the yardstick.
    [
      "ts-node, barrel imports",
      measure(["--require", "ts-node/register", join(habit, "main.ts")], { cwd: habit, runs: 1 }),
    ],
    ...[100, 300, 1000].map((services): [string, Measurement] => [
      `production, ${services} services`,
      measure(["--import", "tsx", "bench/services.ts", `${services}`], { cwd: root, runs: 3 }),
    ]),
  ];
  const [, program] = rows[1];
  console.log("program, all environments     wall s (min median max)   peak MiB   of the program's time");
  for (const [title, { seconds, mebibytes }] of rows) {
    const range = [Math.min(...seconds), median(seconds), Math.max(...seconds)].map((value) =>
      value.toFixed(2).padStart(6),
    );
    const ratio = (median(seconds) / median(program.seconds)).toFixed(2);
    console.log(
      `${title.padEnd(30)}${range.join(" ").padEnd(26)}${median(mebibytes).toFixed(0).padStart(6)}   ${ratio}x`,
    );
  }
} finally {
  rmSync(habit, { recursive: true, force: true });
}
