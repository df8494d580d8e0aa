import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import type { App } from "cdktf";
import { projectPaths } from "../project-paths";
import { type SynthesisOptions, nothingSynthesized, runApp } from "./run-app";

/** A file of `readers/`: what it makes of an app is written as JSON, because the program is another process. */
export interface Reader<Answer> {
  read(app: App): Answer;
}

/**
 * Runs the CDK app of the folder in which the command is called, its own stacks included, and has a reader look at each
 * `App` where that would be written. Nothing is written.
 * @param reader name of a file of `readers/`
 * @returns one answer for each `App`
 * @throws UserError if the folder has no app, with what the app printed if it fails, and if it synthesizes nothing
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
