import { received } from "../../constructs/core/received";
import { UserError } from "../../constructs/core/user-error";
import { CALL, ExitCode, defineCommand } from "../command";
import { FORMAT, NO_TRACES, ONLY_ENV } from "../options";
import type { HardeningReport } from "../program/readers/hardening";
import { print } from "../terminal";

/** Command `hardening`. */
export const command = defineCommand({
  summary: "Shows the hardening checklist of an environment",
  about: `Runs the CDK app of this folder, by app of cdktf.json, and evaluates every stack by the hardening rules, as synthesis does. Writes nothing, and asks neither Vault nor a cloud.`,
  options: { env: ONLY_ENV, format: FORMAT, "no-traces": NO_TRACES },
  examples: [`${CALL} hardening --env production`, `${CALL} hardening --format markdown`],
  exitCodes: {
    "0": "no errors",
    "1": "failed or called wrongly",
    "2": "errors: synthesis would fail",
  },
  async run({ values }) {
    // Loaded here, so that the list of commands is fast.
    const { renderReport } = await import("../hardening-report.js");
    const { askProgram } = await import("../program/ask-program.js");
    const { env, format, "no-traces": noTraces } = values;
    const report = select(join(await askProgram<HardeningReport>("hardening", { env, noTraces })), env);
    print(renderReport(report, format));
    const found = report.platforms.flatMap(({ findings }) => findings);
    return found.some(({ level, suppression }) => level === "error" && !suppression)
      ? ExitCode.FOUND
      : ExitCode.OK;
  },
});

/** Merges reports. A program may create several apps. */
function join(reports: readonly HardeningReport[]): HardeningReport {
  return {
    platforms: reports.flatMap(({ platforms }) => platforms),
    unneeded: reports.flatMap(({ unneeded }) => unneeded),
  };
}

/** Limits a report to one environment. @throws UserError with the names of the environments if none matches */
function select({ platforms, unneeded }: HardeningReport, name?: string): HardeningReport {
  const selected = platforms.filter((platform) => name === undefined || platform.name === name);
  const stacks = selected.flatMap((platform) => platform.stacks);
  if (selected.length > 0) {
    return { platforms: selected, unneeded: unneeded.filter(({ path }) => isWithin(path, stacks)) };
  }
  const names = platforms.flatMap((platform) => platform.name ?? []).join(", ") || "none";
  throw new UserError(
    `--env must be an environment that has stacks, got ${received(name)}; allowed: ${names}.`,
  );
}

/** Returns true if a path concerns the stacks. Paths of the app itself concern every environment. */
function isWithin(path: string, stacks: readonly string[]): boolean {
  return path === "" || stacks.some((stack) => `${path}/`.startsWith(`${stack}/`));
}
