import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { dev } from "../../environments/dev";
import { local } from "../../environments/local";
import { staging } from "../../environments/staging";
import { differences, isSame } from "./support/differences";
import { GOLDEN_FOLDER, UPDATE_COMMAND, goldenFiles } from "./support/golden-files";
import { synthesize } from "./support/synthesize";

const expected = goldenFiles();

test("has a golden file of each stack and no other", () => {
  const files = readdirSync(GOLDEN_FOLDER, { recursive: true, encoding: "utf8" });
  expect(files.filter((file) => file.endsWith(".json")).sort()).toEqual([...expected.keys()].sort());
});

test.each([...expected.keys()])("%s is what is synthesized", (file) => {
  const reviewed = JSON.parse(readFileSync(join(GOLDEN_FOLDER, file), "utf8"));
  const found = differences(reviewed, expected.get(file)!);
  if (isSame(found)) return;
  throw new Error(
    `${file} is not what is synthesized. Run ${UPDATE_COMMAND} and review its git diff. Differences from the file:\n` +
      JSON.stringify(found, null, 2),
  );
});

// Golden files compare an environment with production under that environment's name. A hard-coded name would not show.
test.each([dev, local, staging])(
  "$name does not name production where its definition does not",
  (definition) => {
    const inOtherNamespace = JSON.parse(JSON.stringify(definition).replaceAll("production", "shop"));
    expect(JSON.stringify([...synthesize([inOtherNamespace])])).not.toMatch(/production/i);
  },
);
