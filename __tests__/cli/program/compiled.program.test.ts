import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

jest.setTimeout(60_000);

const root = resolve(__dirname, "../../..");
let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "compiled-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const write = (path: string, text: string) => {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), text);
};
const run = (env: NodeJS.ProcessEnv = {}, ...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, "cli/program/run.cjs"), "main.ts", ...args],
    { cwd: folder, env: { ...process.env, TMPDIR: folder, ...env }, encoding: "utf8", timeout: 30_000 },
  );
  return { status, stdout, stderr };
};
const said = (stdout: string) => ({ status: 0, stdout, stderr: "" });
/** Disables the compiler: programs that still run were compiled before. */
const NO_COMPILER = { ESBUILD_BINARY_PATH: "/bin/false" };

const twoFiles = (text = "one") => {
  write("main.ts", 'import { text } from "./lib/text";\nconst shown: string = text;\nconsole.log(shown);\n');
  write("lib/text.ts", `export const text: string = "${text}";\n`);
};

test("compiles a CDK app once, and again when one of its files changes", () => {
  twoFiles();
  expect(run()).toEqual(said("one\n"));
  expect(run(NO_COMPILER)).toEqual(said("one\n"));
  utimesSync(join(folder, "lib/text.ts"), 0, 0);
  expect(run(NO_COMPILER)).toEqual(said("one\n"));
  twoFiles("two");
  expect(run(NO_COMPILER).status).toBe(1);
  expect(run()).toEqual(said("two\n"));
});

test("compiles a CDK app again when a new file takes precedence in resolution", () => {
  write("main.ts", 'import { text } from "./lib";\nconsole.log(text);\n');
  write("lib/index.ts", 'export const text = "folder";\n');
  expect(run()).toEqual(said("folder\n"));
  write("lib.ts", 'export const text = "file";\n');
  expect(run()).toEqual(said("file\n"));
});

test("caches compiled files in node_modules if the folder exists", () => {
  mkdirSync(join(folder, "node_modules"));
  twoFiles();
  expect(run({ TMPDIR: "/nowhere" })).toEqual(said("one\n"));
  expect(run({ TMPDIR: "/nowhere", ...NO_COMPILER })).toEqual(said("one\n"));
});

test("runs without a cache folder and does not use one that others can write to", () => {
  twoFiles();
  expect(run({ TMPDIR: "/proc" })).toEqual(said("one\n"));
  const open = join(folder, `vault-platform-${process.geteuid!()}`);
  rmSync(open, { recursive: true, force: true });
  mkdirSync(open);
  spawnSync("sh", ["-c", `chmod 777 ${open}`]);
  expect(run()).toEqual(said("one\n"));
  expect(run(NO_COMPILER).status).toBe(1);
});

test("sets __dirname, __filename, the arguments and the main module", () => {
  write("main.ts", 'import "./lib/place";\nconsole.log(process.argv.slice(1), require.main === module);\n');
  write(
    "lib/place.ts",
    "console.log(__dirname, __filename);\nexport const own = () => { const __dirname = 1; return __dirname; };\nconsole.log(own());\n",
  );
  const place = join(folder, "lib");
  expect(run({}, "--flag")).toEqual(
    said(`${place} ${place}/place.ts\n1\n[ '${folder}/main.ts', '--flag' ] true\n`),
  );
});

test("shows file and line of the source for an error", () => {
  write("main.ts", 'import { fail } from "./lib/fail";\n\ninterface Unused {}\n\nfail();\n');
  write(
    "lib/fail.ts",
    'type Unused = string;\n\nexport function fail(): never {\n  throw new Error("no");\n}\n',
  );
  const { status, stderr } = run();
  expect(status).toBe(1);
  expect(stderr).toMatch(
    new RegExp(`^Error: no\n    at fail \\(${folder}/lib/fail.ts:4:9\\)\n    at .*${folder}/main.ts:5:1`),
  );
});

test("shows file and line of the source for a rejected promise", () => {
  write("main.ts", 'type Unused = string;\nvoid Promise.reject(new Error("later"));\n');
  expect(run()).toMatchObject({ status: 1, stderr: expect.stringContaining(`${folder}/main.ts:2:21`) });
});

test("shows the user's construct that created a token in a resolution error", () => {
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  write(
    "main.ts",
    `import { Policy } from "@cdktf/provider-vault/lib/policy";
import { VaultProvider } from "@cdktf/provider-vault/lib/provider";
import { App, Lazy, TerraformStack } from "cdktf";
import { Construct } from "constructs";

interface Unused { readonly name: string }

class Mine extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const name = Lazy.stringValue({ produce: () => this.missing() });
    new Policy(this, "Policy", { name, policy: "" });
  }
  private missing(): string {
    throw new Error("no name yet");
  }
}

const app = new App();
const stack = new TerraformStack(app, "mine");
new VaultProvider(stack, "Vault", {});
new Mine(stack, "Mine");
app.synth();
`,
  );
  const { status, stderr } = run({ CDKTF_OUTDIR: join(folder, "out") });
  expect(status).toBe(1);
  expect(stderr).toContain("no name yet");
  expect(stderr).toContain(`at new Mine (${folder}/main.ts:11:23)`);
  expect(stderr).not.toContain("/.cache/");
});

test.each([
  ["a file that is not there", "", `Could not resolve "./nowhere"`, 'import "./nowhere";\n'],
  ["what is no TypeScript", "", `Expected ";" but found "is"`, "this is no program\n"],
])("reports %s with its place and without a stack trace", (_, __, message, text) => {
  write("main.ts", text);
  const { status, stdout, stderr } = run();
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toContain(message);
  expect(stderr).toContain("main.ts:1:");
  expect(stderr).not.toMatch(/\n {4}at /);
});

test("asks for a file if none is given", () => {
  const { status, stderr } = spawnSync(process.execPath, [join(root, "cli/program/run.cjs")], {
    encoding: "utf8",
  });
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: "The program must be a file, such as main.ts, got nothing.\n",
  });
});

test("runs by the name of the installed package", () => {
  const args = ["-e", `require('${root}/cli/program/run.cjs')`, "main.ts", "--flag"];
  write("main.ts", "console.log(process.argv.slice(1));");
  const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
  expect(stdout).toBe(`[ '${folder}/main.ts', '--flag' ]\n`);
  expect(readFileSync(join(root, "package.json"), "utf8")).toContain('"./run": "./dist/cli/program/run.cjs"');
});
