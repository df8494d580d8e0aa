import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { tests } from "../../bench/tests";

let folder: string;
const { PATH, PLATFORM_FOLDER } = process.env;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "npm-"));
  process.env.PATH = [folder, PATH].join(delimiter);
  process.env.PLATFORM_FOLDER = ".bench";
});
afterEach(() => {
  process.env.PATH = PATH;
  if (PLATFORM_FOLDER === undefined) delete process.env.PLATFORM_FOLDER;
  else process.env.PLATFORM_FOLDER = PLATFORM_FOLDER;
  rmSync(folder, { recursive: true });
});

/** Stand-in for npm that records its calls and reports results like jest. */
function standIn(code = 0): void {
  const script = `#!/bin/sh
echo "$PWD $PLATFORM_FOLDER|$*" >>"${folder}/calls"
for word; do
  case $word in
    --outputFile=*) echo '{"numPassedTests": 3, "numPendingTests": 1}' >"\${word#*=}" ;;
    --cacheDirectory=*) cache="\${word#*=}" ;;
  esac
done
[ -d "$cache" ] || echo empty >>"${folder}/caches"
mkdir -p "$cache"
echo "2 tests failed" >&2
exit ${code}
`;
  writeFileSync(join(folder, "npm"), script, { mode: 0o755 });
}

test("runs the tests once with an empty cache and three times with a filled one", async () => {
  standIn();
  const [table] = await tests(() => undefined);
  expect(table.rows.map(([what, , , , , runs]) => [what, runs])).toEqual([
    ["the first time, as after a checkout", "1"],
    ["again, with jest's cache of compiled files", "3"],
  ]);
  expect(table.notes![0]).toContain("Tests: 3 passed, 1 skipped");
  const calls = readFileSync(join(folder, "calls"), "utf8").trim().split("\n");
  const checkout = resolve(__dirname, "../..");
  expect(calls).toHaveLength(4);
  for (const call of calls) expect(call).toMatch(new RegExp(`^${checkout} \\|test --silent -- `));
  expect(readFileSync(join(folder, "caches"), "utf8")).toBe("empty\n");
});

test("rejects a test run that fails", async () => {
  standIn(1);
  await expect(tests(() => undefined)).rejects.toThrow(/npm test .* failed:\n2 tests failed/);
});
