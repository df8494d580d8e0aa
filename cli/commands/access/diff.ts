import { writeFileSync } from "node:fs";
import type { Environment } from "../../../analysis/terraform/synthesized";
import { received } from "../../../constructs/core/received";
import { visible } from "../../../constructs/core/visible";
import { UserError } from "../../../constructs/core/user-error";
import { CALL, ExitCode, defineCommand } from "../../command";
import { FORMAT, NO_TRACES, ONLY_ENV } from "../../options";
import { print } from "../../terminal";
import { DIR, readSynthesis } from "./synthesized";

/** Target branch of pull requests. */
const MAIN = "origin/main";

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
    "2": "access has changed",
    "3": "a change is dangerous and requires approval",
  },
  async run({ values }) {
    const { env, base, "base-dir": baseDir, "no-traces": noTraces } = values;
    if (base !== undefined && baseDir !== undefined) {
      throw new UserError("--base and --base-dir exclude each other.");
    }
    const { accessDiff } = await import("../../../access/diff.js");
    const { readSynthesized } = await import("../../../analysis/terraform/synthesized.js");
    const { verdictOf } = await import("../../../access/diff-summary.js");
    const { renderDiff } = await import("../../../access/render-diff.js");
    const { synthesizeRevision } = await import("../../program/program.js");
    const sides = await Promise.allSettled([
      readSynthesis(values, readSynthesized),
      readSynthesis({ dir: baseDir }, readSynthesized, () =>
        synthesizeRevision(base ?? MAIN, { env, noTraces }),
      ),
    ]);
    // Both sides have cleaned up, even if one of them failed.
    const [after, before] = sides.map((side) => {
      if (side.status === "rejected") throw side.reason;
      return side.value;
    });
    const inScope = ({ name }: Environment) => env === undefined || name === env;
    // One of the revisions may not have the environment.
    if (![...after, ...before].some(inScope)) {
      const names = after.map(({ name }) => name).join(", ");
      throw new UserError(
        `--env must be an environment that has stacks, got ${received(env)}; allowed: ${names}.`,
      );
    }
    const diffs = accessDiff(before.filter(inScope), after.filter(inScope));
    print(renderDiff(diffs, values.format));
    if (values.json !== undefined) writeFileSync(values.json, `${visible(renderDiff(diffs, "json"))}\n`);
    const verdict = verdictOf(diffs);
    return verdict === "dangerous" ? ExitCode.GATE : verdict === "none" ? ExitCode.OK : ExitCode.FOUND;
  },
});
