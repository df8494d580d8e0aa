import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(__dirname, "..", "..", "..");
let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "lean-"))));
afterEach(() => rmSync(folder, { recursive: true }));

function run(...lines: string[]) {
  const program = join(folder, "program.ts");
  const imports = ["stacks/synthesis/lean-loading", "node_modules/cdktf"].map(
    (path) => `import ${JSON.stringify(join(root, path))};`,
  );
  writeFileSync(program, [...imports, ...lines].join("\n"));
  const tsx = join(root, "node_modules/tsx/dist/loader.mjs");
  const { stdout, stderr } = spawnSync(process.execPath, ["--import", tsx, program], {
    cwd: folder,
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

test("archives can still be written", () => {
  const { stdout, stderr } = run(
    'import { mkdirSync, writeFileSync, readFileSync } from "node:fs";',
    `import { App, AssetType, TerraformAsset, TerraformStack } from ${JSON.stringify(join(root, "node_modules/cdktf"))};`,
    'mkdirSync("content");',
    'writeFileSync("content/file.txt", "text");',
    'const app = new App({ outdir: "out" });',
    'const stack = new TerraformStack(app, "stack");',
    'const asset = new TerraformAsset(stack, "Asset", { path: `${process.cwd()}/content`, type: AssetType.ARCHIVE });',
    "app.synth();",
    'console.log(readFileSync(`out/stacks/stack/${asset.path}`, "latin1").slice(0, 2));',
  );
  expect(stderr).toBe("");
  expect(stdout).toBe("PK\n");
});

test("what was compiled is kept among the modules, where Node can", () => {
  const stub = join(folder, "stub.cjs");
  writeFileSync(stub, 'require("node:module").enableCompileCache = (folder) => console.log(folder);');
  const { stdout } = spawnSync(
    process.execPath,
    ["--require", stub, "--import", "tsx", "--eval", 'require("./stacks/synthesis/lean-loading")'],
    { cwd: root, encoding: "utf8" },
  );
  expect(stdout).toBe(`${join(root, "node_modules", ".cache", "compiled")}\n`);
});
