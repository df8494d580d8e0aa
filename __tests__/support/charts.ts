import { existsSync } from "node:fs";
import { join } from "node:path";
import { describeUnless } from "./needs";

/**
 * Folder of a chart of somebody else's, where `CHARTS` names a folder that holds it (`$CHARTS/vault`). Tests that
 * render real charts are skipped without it, and say so.
 */
export function chartFolder(name: string): string | undefined {
  const folder = process.env.CHARTS && join(process.env.CHARTS, name);
  return folder && existsSync(join(folder, "Chart.yaml")) ? process.env.CHARTS : undefined;
}

/** `describe` of jest where the chart is at hand. */
export function describeWithChart(name: string, title: string, body: (repository: string) => void): void {
  const repository = chartFolder(name);
  const missing = repository ? undefined : `no chart ${name}; put it below a folder and name that in CHARTS`;
  describeUnless(missing)(title, () => body(repository ?? ""));
}
