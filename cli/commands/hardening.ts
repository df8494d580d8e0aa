import { received } from "../../constructs/core/received";
import { UserError } from "../../constructs/core/user-error";
import { ExitCode, defineCommand } from "../command";
import type { HardeningReport } from "../program/readers/hardening";
import { print } from "../terminal";

export const command = defineCommand({
  summary: "the hardening checklist of an environment: item, state, where",
  usage: `[--env NAME] [--format table|json|markdown] [--no-traces]

Runs the CDK app of this folder, by app of cdktf.json, and judges every stack that it makes by the hardening rules, as
synthesis does. Nothing is written, and neither Vault nor a cloud is asked.

  --env NAME      only this environment; no others are synthesized   (default: all of them)
  --format NAME   table, json or markdown                 (default: table)
  --no-traces     faster: errors of cdktf then do not say where a token was made

Exit codes: 0 no errors, 1 failed or called wrongly, 2 errors: synthesis would stop.`,
  options: {
    env: { type: "string" },
    format: { type: "string", default: "table" },
    "no-traces": { type: "boolean" },
  },
  async run({ values, positionals }) {
    if (positionals.length > 0)
      throw new UserError(`hardening takes no arguments, got ${received(positionals.length)}.`);
    // Loaded here, so that the list of commands answers at once.
    const { FORMATS, renderReport } = await import("../hardening-report.js");
    const format = FORMATS.find((it) => it === values.format);
    if (!format)
      throw new UserError(`--format must be ${FORMATS.join(", ")}, got ${received(values.format)}.`);
    const { askProgram } = await import("../program/ask-program.js");
    const { env, "no-traces": noTraces } = values;
    const report = select(join(await askProgram<HardeningReport>("hardening", { env, noTraces })), env);
    print(renderReport(report, format));
    const found = report.platforms.flatMap(({ findings }) => findings);
    return found.some(({ level, suppression }) => level === "error" && !suppression)
      ? ExitCode.FOUND
      : ExitCode.OK;
  },
});

/** A program may make several apps. */
function join(reports: readonly HardeningReport[]): HardeningReport {
  return {
    platforms: reports.flatMap(({ platforms }) => platforms),
    unneeded: reports.flatMap(({ unneeded }) => unneeded),
  };
}

/** @throws UserError that names the environments when none has the name */
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

/** Those of the app itself concern every environment. */
function isWithin(path: string, stacks: readonly string[]): boolean {
  return path === "" || stacks.some((stack) => `${path}/`.startsWith(`${stack}/`));
}
