import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(__dirname, "..", "..");
let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "lean-"))));
afterEach(() => rmSync(folder, { recursive: true }));

function run(...lines: string[]) {
  const program = join(folder, "program.ts");
  const imports = ["stacks/lean-loading", "node_modules/cdktf"].map(
    (path) => `import ${JSON.stringify(join(root, path))};`,
  );
  writeFileSync(program, [...imports, ...lines].join("\n"));
  const { stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", program], {
    cwd: root,
    encoding: "utf8",
  });
  return { stdout, stderr };
}

test("stack traces still show the lines of one's own sources", () => {
  const { stderr } = run("interface Nothing {}", "", "throw new Error('told');");
  expect(stderr).toContain("told");
  expect(stderr).toMatch(/program\.ts:5:\d+/);
});

test("maps of the engine's sources are not loaded", () => {
  const { stdout } = run(
    'import { findSourceMap } from "node:module";',
    'const files = Object.keys(require.cache).filter((it) => it.includes("/node_modules/cdktf/lib/"));',
    "console.log(files.length > 50, files.filter((it) => findSourceMap(it)).length, Boolean(findSourceMap(__filename)));",
  );
  expect(stdout).toBe("true 0 true\n");
});
