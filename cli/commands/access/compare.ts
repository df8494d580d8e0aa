import { writeFileSync } from "node:fs";
import type { ComparedFacts, EnvironmentDiff } from "../../../access/diff";
import type { Environment } from "../../../analysis/terraform/synthesized";
import { received } from "../../../constructs/core/received";
import { UserError } from "../../../constructs/core/user-error";
import type { Option } from "../../command";
import { NO_TRACES, ONLY_ENV } from "../../options";
import type { Synthesis } from "../../program/program";
import { DIR, readSynthesis } from "./synthesized";

/** Target branch of pull requests. */
const MAIN = "origin/main";

const NO_FACTS =
  "suppressions of hardening rules are not compared: only output that this command synthesizes contains them";

const OTHER_PACKAGES =
  "the installed packages differ (package-lock.json or another lock file), and the base was synthesized with those of " +
  "this change. Nothing can be said about the effect of the packages on access; review their changes.";

/** Options of commands that compare two revisions. */
export const SIDES = {
  base: {
    type: "string",
    value: "REVISION",
    help: "Revision to compare with, such as a branch.",
    otherwise: MAIN,
  },
  env: ONLY_ENV,
  dir: DIR,
  "no-traces": NO_TRACES,
  "base-dir": {
    type: "string",
    value: "DIR",
    help: "Compare with this synthesized output instead of a revision.",
  },
} as const satisfies Readonly<Record<string, Option>>;

/** Result of a comparison. */
export interface Compared {
  /** Environments of the earlier revision. */
  readonly before: readonly Environment[];
  /** Environments of the later revision. */
  readonly after: readonly Environment[];
  /** Facts beside the stacks. @default - not recorded on both sides */
  readonly facts?: ComparedFacts;
  /** Changes by environment. */
  readonly diffs: readonly EnvironmentDiff[];
  /** Reasons why the comparison is not complete. */
  readonly unknown: readonly string[];
}

/** Options that select both sides. */
interface Values {
  readonly env?: string;
  readonly base?: string;
  readonly dir?: string;
  readonly "base-dir"?: string;
  readonly "no-traces"?: boolean;
}

/** Synthesizes both sides, as far as the user names no folders, and compares them. */
export async function compare(values: Values): Promise<Compared> {
  if (values.base !== undefined && values["base-dir"] !== undefined) {
    throw new UserError("--base and --base-dir exclude each other.");
  }
  const { env, base, "base-dir": baseDir, "no-traces": noTraces } = values;
  const { accessDiff } = await import("../../../access/diff.js");
  const { readFacts } = await import("../../../access/facts.js");
  const { readSynthesized } = await import("../../../analysis/terraform/synthesized.js");
  const { rules } = await import("../../../hardening/rules/index.js");
  const { synthesizeRevision } = await import("../../program/program.js");
  const read = (folder: string, synthesis?: Synthesis) => ({
    environments: readSynthesized(folder),
    facts: readFacts(folder),
    samePackages: synthesis?.samePackages ?? true,
  });
  const sides = await Promise.allSettled([
    readSynthesis(values, read),
    readSynthesis({ dir: baseDir }, read, () => synthesizeRevision(base ?? MAIN, { env, noTraces })),
  ]);
  // Both sides have cleaned up, even if one of them failed.
  const [after, before] = sides.map((side) => {
    if (side.status === "rejected") throw side.reason;
    return side.value;
  });
  const inScope = ({ name }: Environment) => env === undefined || name === env;
  // One of the revisions may not have the environment.
  if (![...after.environments, ...before.environments].some(inScope)) {
    const names = after.environments.map(({ name }) => name).join(", ");
    throw new UserError(
      `--env must be an environment that has stacks, got ${received(env)}; allowed: ${names}.`,
    );
  }
  const levels = new Map(rules.map(({ id, level }) => [id, level]));
  const facts =
    before.facts && after.facts ? { before: before.facts, after: after.facts, levels } : undefined;
  const [was, is] = [before, after].map(({ environments }) => environments.filter(inScope));
  const diffs = accessDiff(was, is, facts);
  return {
    before: was,
    after: is,
    facts,
    diffs: facts ? diffs : diffs.map((diff) => ({ ...diff, notes: [...diff.notes, NO_FACTS] })),
    unknown: before.samePackages ? [] : [OTHER_PACKAGES],
  };
}

/** Writes the page with all changes and permissions to a file. */
export async function writePage(
  file: string,
  { before, after, diffs, facts, unknown }: Compared,
): Promise<void> {
  const { reportRows } = await import("../../../access/report-rows.js");
  const { renderReport } = await import("../../../access/render-report.js");
  const notes = [...unknown, ...new Set(diffs.flatMap((diff) => diff.notes))];
  writeFileSync(file, renderReport("Access to Vault", reportRows(before, after, diffs, facts), notes));
}
