import { writeFileSync } from "node:fs";
import type { Environment } from "../../../analysis/terraform/synthesized";
import type { EnvironmentDiff } from "../../../access/diff";
import { hideSecrets, received } from "../../../constructs/core/received";
import { visible } from "../../../constructs/core/visible";
import { UserError } from "../../../constructs/core/user-error";
import { CALL, ExitCode, defineCommand } from "../../command";
import { FORMAT, NO_TRACES, ONLY_ENV } from "../../options";
import type { Synthesis } from "../../program/program";
import { print } from "../../terminal";
import { DIR, readSynthesis } from "./synthesized";

/** Target branch of pull requests. */
const MAIN = "origin/main";

const NO_FACTS =
  "suppressions of hardening rules are not compared: only output that this command synthesizes contains them";

const OTHER_PACKAGES =
  "the installed packages differ (package-lock.json or another lock file), and the base was synthesized with those of " +
  "this change. Nothing can be said about the effect of the packages on access; review their changes.";

/** Subcommand `access diff`. */
export const diff = defineCommand({
  summary: "Shows what a change does to access",
  about: `Compares the working tree with the commit at which it left a revision.`,
  options: {
    base: {
      type: "string",
      value: "REVISION",
      help: "Revision to compare with, such as a branch.",
      otherwise: MAIN,
    },
    env: ONLY_ENV,
    format: FORMAT,
    dir: DIR,
    "no-traces": NO_TRACES,
    "base-dir": {
      type: "string",
      value: "DIR",
      help: "Compare with this synthesized output instead of a revision.",
    },
    json: {
      type: "string",
      value: "FILE",
      help: "Write all changes to this file as well, in the JSON format.",
    },
  },
  examples: [`${CALL} access diff`, `${CALL} access diff --base HEAD~1 --env production --format markdown`],
  exitCodes: {
    "0": "access is unchanged",
    "1": "failed or called wrongly",
    "2": "access or operation has changed, or a part cannot be compared",
    "3": "a change is dangerous and requires approval",
  },
  async run({ values }) {
    if (values.base !== undefined && values["base-dir"] !== undefined) {
      throw new UserError("--base and --base-dir exclude each other.");
    }
    const { renderDiff } = await import("../../../access/render-diff.js");
    const writeJson = (json: string) => {
      if (values.json !== undefined) writeFileSync(values.json, `${visible(json)}\n`);
    };
    try {
      const { diffs, unknown } = await compare(values);
      print(renderDiff(diffs, values.format, unknown));
      writeJson(renderDiff(diffs, "json", unknown));
      const { verdictOf } = await import("../../../access/diff-summary.js");
      const verdict = verdictOf(diffs, unknown);
      return verdict === "dangerous" ? ExitCode.GATE : verdict === "none" ? ExitCode.OK : ExitCode.FOUND;
    } catch (error) {
      // A comment on a pull request must not keep saying what an earlier commit did.
      const message = hideSecrets(error instanceof Error ? error.message : String(error));
      const { renderFailure } = await import("../../../access/render-comment.js");
      if (values.format === "markdown") print(renderFailure(message));
      writeJson(renderDiff([], "json", [message]));
      throw error;
    }
  },
});

interface Compared {
  readonly diffs: readonly EnvironmentDiff[];
  /** Reasons why the comparison is not complete. */
  readonly unknown: readonly string[];
}

interface Values {
  readonly env?: string;
  readonly base?: string;
  readonly dir?: string;
  readonly "base-dir"?: string;
  readonly "no-traces"?: boolean;
}

/** Synthesizes both sides, as far as the user names no folders, and compares them. */
async function compare(values: Values): Promise<Compared> {
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
  const diffs = accessDiff(before.environments.filter(inScope), after.environments.filter(inScope), facts);
  return {
    diffs: facts ? diffs : diffs.map((diff) => ({ ...diff, notes: [...diff.notes, NO_FACTS] })),
    unknown: before.samePackages ? [] : [OTHER_PACKAGES],
  };
}
