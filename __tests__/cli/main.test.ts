import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

// Starts programs, which takes its time on a machine that is busy.
jest.setTimeout(60_000);

const root = resolve(__dirname, "../..");

// A command line whose only commands are the ones that a test puts there.
let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "cli-"));
  for (const path of [
    "cli/main.ts",
    "cli/command.ts",
    "local/places.ts",
    "local/problem.ts",
    "local/processes.ts",
  ]) {
    cpSync(join(root, path), join(project, path));
  }
  symlinkSync(join(root, "node_modules"), join(project, "node_modules"));
  mkdirSync(join(project, "cli/commands"));
  command("greet", 'console.log(`hello ${values.name ?? "you"} ${positionals}`); return 2;');
});
afterEach(() => rmSync(project, { recursive: true }));

const command = (name: string, body: string) =>
  writeFileSync(
    join(project, `cli/commands/${name}.ts`),
    `import { Problem } from "../../local/problem";
    import { run } from "../../local/processes";
    import { defineCommand } from "../command";
    export const command = defineCommand({
      summary: "what ${name} does",
      usage: "[--name NAME]",
      options: { name: { type: "string" } },
      async run({ values, positionals }) { void run; void Problem; ${body} },
    });`,
  );

const call = (...args: string[]) =>
  spawnSync(process.execPath, ["--import", "tsx", "cli/main.ts", ...args], {
    cwd: project,
    encoding: "utf8",
  });

test("a command is one file, found by its name, and its exit code is the program's", () => {
  const { status, stdout } = call("greet", "--name", "Ada", "twice");
  expect(stdout).toBe("hello Ada twice\n");
  expect(status).toBe(2);
});

test("the help lists every command with what it does, and the exit codes", () => {
  command("part", "return 0;");
  const { status, stdout } = call("--help");
  expect(status).toBe(0);
  expect(stdout).toContain("  greet  what greet does\n  part   what part does\n");
  expect(stdout).toContain("Exit codes: 0 nothing to report, 1 failed or called wrongly, 2 found something");
});

test("the help of a command shows its usage and does not run it", () => {
  const { status, stdout } = call("greet", "--help");
  expect(status).toBe(0);
  expect(stdout).toBe("npm run vault-platform -- greet [--name NAME]\n");
});

test.each([
  [["great"], 'Got the command "great"; allowed: greet.'],
  [[], "Got no command; allowed: greet."],
])("%j is refused with what was received and what is allowed", (args, message) => {
  const { status, stdout, stderr } = call(...args);
  expect(status).toBe(1);
  expect(stdout).toBe("");
  expect(stderr).toContain(message);
});

test("a wrong option is refused with the command's usage", () => {
  const { status, stderr } = call("greet", "--nmae", "Ada");
  expect(status).toBe(1);
  expect(stderr).toContain("Unknown option '--nmae'");
  expect(stderr).toContain("npm run vault-platform -- greet [--name NAME]");
});

test("what the person can mend is told without a stack trace, everything else with one", () => {
  command("greet", 'throw new Problem("nobody is there");');
  expect(call("greet")).toMatchObject({ status: 1, stderr: "nobody is there\n" });
  command("greet", 'throw new Error("a defect");');
  const { status, stderr } = call("greet");
  expect(status).toBe(1);
  expect(stderr).toMatch(/Error: a defect\n +at /);
});

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s ends what the command runs, in order, before the program ends", async (signal, expected) => {
  // The shell takes its time to end, like Terraform that writes its state.
  const script = `trap "sleep 0.3; touch ended; exit" TERM; touch begun; while :; do sleep 0.05; done`;
  command("greet", `await run("sh", ["-c", ${JSON.stringify(script)}]); return 0;`);
  const child = spawn(process.execPath, ["--import", "tsx", "cli/main.ts", "greet"], { cwd: project });
  const end = new Promise((done) => child.on("close", done));
  while (!existsSync(join(project, "begun"))) await new Promise((done) => setTimeout(done, 20));
  child.kill(signal);
  expect(await end).toBe(expected);
  expect(existsSync(join(project, "ended"))).toBe(true);
});

test("what writes down what it has done is waited for however long that takes", async () => {
  // Longer than what is waited for others.
  const script = `trap "sleep 11; touch ended; exit" TERM; touch begun; while :; do sleep 0.05; done`;
  command("greet", `await run("sh", ["-c", ${JSON.stringify(script)}], { patient: true }); return 0;`);
  const child = spawn(process.execPath, ["--import", "tsx", "cli/main.ts", "greet"], { cwd: project });
  const end = new Promise((done) => child.on("close", done));
  while (!existsSync(join(project, "begun"))) await new Promise((done) => setTimeout(done, 20));
  child.kill("SIGTERM");
  expect(await end).toBe(143);
  expect(existsSync(join(project, "ended"))).toBe(true);
});
