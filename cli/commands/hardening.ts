import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Report } from "../../constructs/hardening/report";
import { Problem } from "../../local/problem";
import { ExitCode, defineCommand } from "../command";

export const command = defineCommand({
  summary: "the hardening checklist of an environment: item, state, where",
  usage: `[--env NAME] [--format table|json|markdown]

Builds every stack in memory and judges it by the hardening rules, as synthesis does. Nothing is written, and neither
Vault nor a cloud is asked.

  --env NAME      only this environment                   (default: all of them)
  --format NAME   table, json or markdown                 (default: table)

Exit codes: 0 no errors, 1 failed or called wrongly, 2 errors: synthesis would stop.`,
  options: { env: { type: "string" }, format: { type: "string", default: "table" } },
  async run({ values, positionals }) {
    if (positionals.length > 0)
      throw new Problem(`hardening takes no arguments, got ${positionals.join(" ")}.`);
    // Loaded here, so that the list of commands answers at once.
    const { FORMATS, renderReport } = await import("../hardening-report");
    const format = FORMATS.find((it) => it === values.format);
    if (!format) throw new Problem(`--format must be ${FORMATS.join(", ")}, got ${values.format}.`);
    const report = select(await judge(), values.env);
    console.log(renderReport(report, format));
    const found = report.platforms.flatMap(({ results }) => results.flatMap(({ findings }) => findings));
    return found.some(({ level, suppression }) => level === "error" && !suppression)
      ? ExitCode.FOUND
      : ExitCode.OK;
  },
});

/** @throws Problem that names the environments when none has the name */
function select({ platforms, unneeded }: Report, name?: string): Pick<Report, "platforms" | "unneeded"> {
  const selected = platforms.filter((platform) => name === undefined || platform.name === name);
  const stacks = selected.flatMap((platform) => platform.stacks);
  if (selected.length > 0) {
    return { platforms: selected, unneeded: unneeded.filter(({ path }) => isWithin(path, stacks)) };
  }
  const names = platforms.flatMap((platform) => platform.name ?? []).join(", ") || "none";
  throw new Problem(`--env must be an environment that has stacks, got ${name}; allowed: ${names}.`);
}

/** Those of the app itself concern every environment. */
function isWithin(path: string, stacks: readonly string[]): boolean {
  return path === "" || stacks.some((stack) => `${path}/`.startsWith(`${stack}/`));
}

/** @throws Problem for a wrong definition */
async function judge(): Promise<Report> {
  const [{ App }, { definitions }, { EnvironmentError }, { buildPlatform }, { swiftly }, { evaluate }] =
    await Promise.all([
      import("cdktf"),
      import("../../environments"),
      import("../../environments/load"),
      import("../../stacks"),
      import("../../stacks/swift-synthesis"),
      import("../../constructs/hardening/evaluate"),
    ]);
  const outdir = mkdtempSync(join(tmpdir(), "hardening-"));
  try {
    return swiftly(() => {
      const app = new App({ outdir });
      buildPlatform(app, definitions);
      return evaluate(app);
    });
  } catch (error) {
    throw error instanceof EnvironmentError ? new Problem(error.message) : error;
  } finally {
    rmSync(outdir, { recursive: true });
  }
}
