import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import type { App } from "cdktf";
import { projectPaths } from "../project-paths";
import { type SynthesisOptions, nothingSynthesized, runApp } from "./run-app";

/** File of `readers/`. Its result is written as JSON, because the CDK app runs in another process. */
export interface Reader<Answer> {
  /** Reads an app. */
  read(app: App): Answer;
}

/**
 * Runs the CDK app of the current folder, with all its stacks. A reader evaluates each `App` instead of its synthesis.
 * Nothing is written.
 * @param reader name of a file of `readers/`
 * @returns one answer for each `App`
 * @throws UserError if the folder has no app, with its output if it fails, and if it synthesizes nothing
 */
export async function askProgram<Answer>(reader: string, options: SynthesisOptions = {}): Promise<Answer[]> {
  const { root } = projectPaths;
  const folder = mkdtempSync(join(tmpdir(), "program-"));
  const answers = join(folder, "answers");
  try {
    await runApp(root, {
      ...options,
      out: join(folder, "out"),
      preload: [join(__dirname, "answer-at-synthesis.cjs")],
      variables: {
        VAULT_PLATFORM_READER: join(__dirname, "readers", `${reader}${extname(__filename)}`),
        VAULT_PLATFORM_ANSWERS: answers,
      },
    });
    if (!existsSync(answers)) throw nothingSynthesized(root);
    const lines = readFileSync(answers, "utf8").trim().split("\n");
    return lines.map((line) => JSON.parse(line) as Answer);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
