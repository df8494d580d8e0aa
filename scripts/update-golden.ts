import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { format, resolveConfig } from "prettier";
import { GOLDEN_FOLDER, goldenFiles } from "../__tests__/golden/support/golden-files";

/** Writes each golden file in prettier's format, and deletes those that no longer belong to a stack. */
async function updateGolden(): Promise<void> {
  for (const file of readdirSync(GOLDEN_FOLDER, { recursive: true, encoding: "utf8" }))
    if (file.endsWith(".json")) rmSync(join(GOLDEN_FOLDER, file));
  for (const [file, content] of goldenFiles()) {
    const path = join(GOLDEN_FOLDER, file);
    mkdirSync(dirname(path), { recursive: true });
    const options = { ...(await resolveConfig(path)), filepath: path };
    writeFileSync(path, await format(JSON.stringify(content, null, 2), options));
  }
}

void updateGolden();
