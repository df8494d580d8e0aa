import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import type { App } from "cdktf";
import { places } from "../../local/places";
import { Problem } from "../../local/problem";
import { run } from "../../local/processes";
import { TYPESCRIPT } from "../typescript";
import { requireMain } from "./require-main";

/** A file of `readers/`: what it makes of an app is written as JSON, because the program is another process. */
export interface Reader<Answer> {
  read(app: App): Answer;
}

/**
 * Runs the program of the project in which the command is called, its own stacks included, and has a reader look at
 * each app where that would be written. Nothing is written.
 * @param reader name of a file of `readers/`
 * @param root the folder of `main.ts`
 * @returns one answer for each app
 * @throws Problem where there is no program, with what it said when it fails, and when it synthesizes nothing
 */
export async function askProgram<Answer>(reader: string, root = places.root): Promise<Answer[]> {
  requireMain(root);
  const folder = mkdtempSync(join(tmpdir(), "program-"));
  const answers = join(folder, "answers");
  const hook = ["--require", join(__dirname, "answer-at-synthesis.cjs")];
  try {
    const { code, stdout, stderr } = await run(process.execPath, [...hook, ...TYPESCRIPT, "main.ts"], {
      cwd: root,
      env: {
        ...process.env,
        CDKTF_OUTDIR: join(folder, "out"),
        VAULT_PLATFORM_READER: join(__dirname, "readers", `${reader}${extname(__filename)}`),
        VAULT_PLATFORM_ANSWERS: answers,
      },
    });
    if (code !== 0) throw new Problem(`main.ts failed:\n${(stderr || stdout).trim()}`);
    if (!existsSync(answers)) {
      throw new Problem(
        `main.ts in ${root} synthesized no app; it must end with app.synth() or synthesizePlatform().`,
      );
    }
    const lines = readFileSync(answers, "utf8").trim().split("\n");
    return lines.map((line) => JSON.parse(line) as Answer);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
