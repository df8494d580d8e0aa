import { spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

// Starts programs, which takes its time on a machine that is busy.
jest.setTimeout(60_000);

const root = resolve(__dirname, "../..");

// The command line in a project of its own, with stand-ins for the program and for Terraform.
let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "cli-"));
  for (const folder of ["cli", "local", "environments", "constructs/core"]) {
    cpSync(join(root, folder), join(project, folder), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(project, "node_modules"));
  // Named so that neither the order of names nor that of the manifest is the right one.
  program({
    "dev-config": ["dev-cluster"],
    "dev-cluster": ["dev-foundation"],
    "dev-foundation": [],
    "production-foundation": [],
  });
  terraform({});
});
afterEach(() => rmSync(project, { recursive: true }));

const file = (path: string, text: string) => {
  mkdirSync(join(project, path, ".."), { recursive: true });
  writeFileSync(join(project, path), text, { mode: 0o755 });
};

/** A program that synthesizes empty stacks with the given dependencies. */
const program = (stacks: Record<string, string[]>, backend = "s3") => {
  const manifest = Object.entries(stacks).map(([name, dependencies]) => [
    name,
    { name, dependencies, workingDirectory: `stacks/${name}` },
  ]);
  file(
    "main.ts",
    `import { mkdirSync, writeFileSync } from "node:fs";
    const out = process.env.CDKTF_OUTDIR;
    for (const stack of ${JSON.stringify(Object.keys(stacks))}) {
      mkdirSync(out + "/stacks/" + stack, { recursive: true });
      writeFileSync(out + "/stacks/" + stack + "/cdk.tf.json", '{"terraform":{"backend":{"${backend}":{}}}}');
    }
    writeFileSync(out + "/manifest.json", ${JSON.stringify(JSON.stringify({ stacks: Object.fromEntries(manifest) }))});`,
  );
  file("cdktf.out/.keep", "");
};

const actions = (...list: string[][]) => ({
  resource_changes: list.map((it) => ({ change: { actions: it } })),
});

/** A Terraform whose plans are the given ones, by stack; it writes down how it was called. */
const terraform = (plans: Record<string, object>, failing = "none") =>
  file(
    "bin/terraform",
    `#!/bin/sh
stack=$(basename "$PWD")
echo "$stack $*" >>"${project}/calls"
env | grep '^AWS_' >"${project}/aws"
case "$1 $stack" in
  "plan ${failing}") echo "Error: no such role" >&2; exit 1 ;;
  plan*) echo "the plan of $stack"; for last; do :; done; echo x >"\${last#-out=}" ;;
  show*) case $stack in
${Object.entries(plans)
  .map(([stack, plan]) => `    ${stack}) echo '${JSON.stringify(plan)}' ;;`)
  .join("\n")}
    *) echo '{}' ;;
  esac ;;
esac
`,
  );

function call(...args: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, ["--import", "tsx", "cli/main.ts", ...args], {
    cwd: project,
    env: {
      ...process.env,
      PATH: `${join(project, "bin")}:/usr/bin:/bin`,
      HOME: project,
      AWS_PROFILE: "mine",
    },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (output += data));
  return new Promise((done) => child.on("close", (code) => done({ code, output })));
}

const calls = () =>
  existsSync(join(project, "calls")) ? readFileSync(join(project, "calls"), "utf8").trim().split("\n") : [];
const planned = () => calls().flatMap((line) => /^(\S+) plan /.exec(line)?.slice(1) ?? []);

test("without a pattern every stack is planned, each after those that it depends on, and without a lock", async () => {
  const { code, output } = await call("diff");
  expect(code).toBe(0);
  expect(planned()).toEqual(["dev-foundation", "dev-cluster", "dev-config", "production-foundation"]);
  expect(calls().filter((line) => line.startsWith("dev-foundation "))).toEqual([
    "dev-foundation init -no-color -input=false",
    expect.stringMatching(/^dev-foundation plan -no-color -input=false -lock=false -out=\S+$/),
    expect.stringMatching(/^dev-foundation show -no-color -json \S+$/),
  ]);
  expect(output).toContain("== dev-config\nthe plan of dev-config\n");
  // Plans hold sensitive values.
  const [, plan] = /-out=(\S+)/.exec(calls().join("\n"))!;
  expect(existsSync(plan)).toBe(false);
});

test("changes are counted by stack, a replacement as one to add and one to destroy, and the exit code is 2", async () => {
  terraform({
    "dev-foundation": actions(["create"], ["create"], ["update"], ["delete", "create"], ["no-op"]),
    "dev-cluster": actions(["no-op"], ["read"]),
  });
  const { code, output } = await call("diff", "--env", "dev");
  expect(code).toBe(2);
  const table = output.slice(output.indexOf("stack   ")).trim().split("\n");
  expect(table.map((line) => line.replace(/ +[\d.]+$/, "").split(/ {2,}/))).toEqual([
    ["stack", "add", "change", "destroy", "result", "seconds"],
    ["dev-foundation", "3", "1", "1", "changes"],
    ["dev-cluster", "0", "0", "0", "no changes"],
    ["dev-config", "0", "0", "0", "no changes"],
  ]);
});

test("an output alone is a change", async () => {
  terraform({ "dev-cluster": { output_changes: { address: { actions: ["create"] } } } });
  expect((await call("diff", "dev-cluster")).code).toBe(2);
});

test("a plan that fails is told, the others are planned all the same, and the exit code is 1", async () => {
  terraform({ "dev-config": actions(["create"]) }, "dev-cluster");
  const { code, output } = await call("diff", "--env", "dev");
  expect(code).toBe(1);
  expect(output).toContain("terraform plan failed:\nError: no such role\n");
  expect(output).toMatch(/^dev-cluster +- +- +- +failed /m);
  expect(output).toMatch(/^dev-config +1 +0 +0 +changes /m);
});

test("patterns and the environment choose the stacks; what matches none is told, and nothing is planned", async () => {
  await call("diff", "*-foundation", "--env", "dev");
  expect(planned()).toEqual(["dev-foundation"]);
  rmSync(join(project, "calls"));
  const { code, output } = await call("diff", "dev-confg");
  expect(code).toBe(1);
  expect(output).toContain("No stack matches dev-confg");
  expect(calls()).toEqual([]);
});

test("a program that fails ends the command with what it said", async () => {
  file("main.ts", 'console.error("production.vault.replicas: got 2"); process.exitCode = 1;');
  expect(await call("diff")).toEqual({
    code: 1,
    output: "Synthesis failed:\nproduction.vault.replicas: got 2\n",
  });
});

test("a machine without Terraform is told what is missing", async () => {
  rmSync(join(project, "bin/terraform"));
  symlinkSync(process.execPath, join(project, "bin/node"));
  const { code, output } = await call("diff", "dev-foundation");
  expect(code).toBe(1);
  expect(output).toContain("terraform is not on PATH; diff needs Terraform 1.11 or later.");
});

describe("a stack with local state", () => {
  beforeEach(() => program({ "local-foundation": [] }, "local"));

  test("is planned against the local platform and with none of the caller's AWS identity", async () => {
    file(".local/ports.json", JSON.stringify({ emulator: 5999 }));
    expect((await call("diff")).code).toBe(0);
    const aws = readFileSync(join(project, "aws"), "utf8");
    expect(aws).toContain("AWS_ENDPOINT_URL=http://127.0.0.1:5999\n");
    expect(aws).not.toContain("AWS_PROFILE");
  });

  test("cannot be planned while the platform is down", async () => {
    const { code, output } = await call("diff");
    expect(code).toBe(1);
    expect(output).toContain("the local platform is not up; npm run local starts it.");
    expect(calls()).toEqual([]);
  });
});

test("a stack with shared state is planned as who the caller is", async () => {
  await call("diff", "dev-foundation");
  expect(readFileSync(join(project, "aws"), "utf8")).toContain("AWS_PROFILE=mine\n");
});
