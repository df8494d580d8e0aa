import { existsSync } from "node:fs";
import { join } from "node:path";
import { describeUnless } from "./needs";

/**
 * Folder of third-party charts: the value of `CHARTS` if it contains the chart (`$CHARTS/vault`). Without it, tests
 * that render real charts are skipped with a message.
 * @returns undefined if the chart is missing
 */
export function chartFolder(name: string): string | undefined {
  const folder = process.env.CHARTS && join(process.env.CHARTS, name);
  return folder && existsSync(join(folder, "Chart.yaml")) ? process.env.CHARTS : undefined;
}

/** `describe`, skipped with a message if the chart is missing. */
export function describeWithChart(name: string, title: string, body: (repository: string) => void): void {
  const repository = chartFolder(name);
  const missing = repository ? undefined : `no chart ${name}; put it below a folder and name that in CHARTS`;
  describeUnless(missing)(title, () => body(repository ?? ""));
}
