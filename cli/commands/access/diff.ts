import { writeFileSync } from "node:fs";
import { hideSecrets } from "../../../constructs/core/received";
import { visible } from "../../../constructs/core/visible";
import { CALL, ExitCode, defineCommand } from "../../command";
import { FORMAT } from "../../options";
import { print } from "../../terminal";
import { compare, SIDES, writePage } from "./compare";

/** Subcommand `access diff`. */
export const diff = defineCommand({
  summary: "Shows what a change does to access",
  about: `Compares the working tree with the commit at which it left a revision.`,
  options: {
    ...SIDES,
    format: FORMAT,
    json: {
      type: "string",
      value: "FILE",
      help: "Write all changes to this file as well, in the JSON format.",
    },
    html: {
      type: "string",
      value: "FILE",
      help: "Write the page of access report to this file as well.",
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
    const { renderDiff } = await import("../../../access/render-diff.js");
    const writeJson = (json: string) => {
      if (values.json !== undefined) writeFileSync(values.json, `${visible(json)}\n`);
    };
    try {
      const compared = await compare(values);
      const { diffs, unknown } = compared;
      print(renderDiff(diffs, values.format, unknown));
      writeJson(renderDiff(diffs, "json", unknown));
      if (values.html !== undefined) await writePage(values.html, compared);
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
