import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describeWithPrograms, programPath } from "../support/needs";

// Starting programs takes time on a busy machine.
jest.setTimeout(60_000);

const root = resolve(__dirname, "../..");

// Command line project that contains only the commands of a test.
let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "cli-"));
  for (const path of [
    "cli/main.ts",
    "cli/command.ts",
    "cli/help.ts",
    "cli/parse.ts",
    "cli/file-errors.ts",
    "cli/terminal.ts",
    "constructs/core",
    "cli/project-paths.ts",
    "cli/processes.ts",
  ]) {
    cpSync(join(root, path), join(project, path), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(project, "node_modules"));
  mkdirSync(join(project, "cli/commands"));
  command("greet", 'print(`hello ${values.name ?? "you"} ${positionals}`); return 2;');
});
afterEach(() => rmSync(project, { recursive: true }));

const command = (name: string, body: string) =>
  writeFileSync(
    join(project, `cli/commands/${name}.ts`),
    `import { setTimeout as sleep } from "node:timers/promises";
    import { UserError } from "../../constructs/core/user-error";
    import { run } from "../processes";
    import { defineCommand } from "../command";
    import { print, warn } from "../terminal";
    export const command = defineCommand({
      summary: "Does what ${name} does",
      about: "Further sentences.",
      arguments: [{ name: "TIME", help: "How often.", optional: true }],
      options: { name: { type: "string", value: "NAME", help: "Whom to greet.", otherwise: "you" } },
      examples: ["greet --name Ada"],
      exitCodes: { "0": "done", "2": "greeted" },
      async run({ values, positionals }) { void [UserError, run, sleep, warn, print]; ${body} },
    });`,
  );

const call = (...args: string[]) =>
  spawnSync(process.execPath, ["--import", "tsx", "cli/main.ts", ...args], {
    cwd: project,
    encoding: "utf8",
  });

test("runs the command whose file has its name and returns its exit code", () => {
  const { status, stdout } = call("greet", "--name", "Ada", "twice");
  expect(stdout).toBe("hello Ada twice\n");
  expect(status).toBe(2);
});

test("lists every command with its summary, and the exit codes, in the help", () => {
  command("part", "return 0;");
  const { status, stdout } = call("--help");
  expect(status).toBe(0);
  expect(stdout).toContain("Commands:\n  greet  Does what greet does\n  part   Does what part does\n");
  expect(stdout).toMatch(
    /^Exit codes:\n {2}0 +done, and nothing to report\n {2}1 +failed or called wrongly\n {2}2 +found something\n/m,
  );
});

test.each(["--help", "-h"])("prints the help of a command for %s and does not run it", (flag) => {
  const { status, stdout } = call("greet", flag);
  expect(status).toBe(0);
  expect(stdout).toBe(`Usage: npm run vault-platform -- greet [TIME] [options]

Does what greet does.

Further sentences.

Arguments:
  TIME  How often.

Options:
  --name NAME  Whom to greet. Default: you.
  -h, --help   Prints this text.

Examples:
  greet --name Ada

Exit codes:
  0  done
  2  greeted
`);
});

test.each([
  [["leave"], 'Got the command "leave"; allowed: greet.'],
  [[], "Got no command; allowed: greet."],
])("rejects %j with the received and the allowed commands", (args, message) => {
  const { status, stdout, stderr } = call(...args);
  expect(status).toBe(1);
  expect(stdout).toBe("");
  expect(stderr).toContain(message);
});

test.each([
  [["great"], 'Got the command "great" (did you mean greet?); allowed: greet.'],
  [["greet", "--nmae", "Ada"], 'Got the option "--nmae" (did you mean --name?); allowed: --name, --help.'],
  [["greet", "--token=planted"], 'Got the option "--token"; allowed: --name, --help.'],
  [["greet", "twice", "thrice"], "greet takes [TIME], got 2."],
  [["greet", "--name"], "Option '--name <value>' argument missing"],
])("rejects %j with the nearest name and without the value", (args, message) => {
  const { status, stdout, stderr } = call(...args);
  expect(stderr).toContain(message);
  expect(stderr).not.toContain("planted");
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
});

test("prints the usage of the command after a wrong option", () => {
  expect(call("greet", "--nmae", "Ada").stderr).toContain(
    "\n\nUsage: npm run vault-platform -- greet [TIME] [options]\nnpm run vault-platform -- greet --help explains it.\n",
  );
});

test("prints errors of the operating system without a stack trace", () => {
  command("greet", 'require("node:fs").readFileSync("missing"); return 0;');
  expect(call("greet")).toMatchObject({
    status: 1,
    stderr: "ENOENT: no such file or directory, open 'missing'\n",
  });
});

test("does not print credentials in an error, whatever code throws it", () => {
  for (const kind of ["UserError", "Error"]) {
    command("greet", `throw new ${kind}("https://app:planted@vault.example.com is down, password=planted");`);
    const { stderr } = call("greet");
    expect(stderr).toContain("https://(not shown)@vault.example.com is down, password=(not shown)");
    expect(stderr).not.toContain("planted");
  }
});

test("prints the codes of characters that a terminal does not show", () => {
  command("greet", 'print("a\\u202eb\\u001b[2Kc\\td"); warn("e\\u200bf"); return 0;');
  expect(call("greet")).toMatchObject({ stdout: "a\\u202eb\\u001b[2Kc\td\n", stderr: "e\\u200bf\n" });
});

test("prints a stack trace only for an error that the user cannot fix", () => {
  command("greet", 'throw new UserError("nobody is there");');
  expect(call("greet")).toMatchObject({ status: 1, stderr: "nobody is there\n" });
  command("greet", 'throw new Error("a defect");');
  const { status, stderr } = call("greet");
  expect(status).toBe(1);
  expect(stderr).toMatch(/Error: a defect\n +at /);
});

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("waits on %s until the program that the command runs has ended", async (signal, expected) => {
  // The shell takes time to end, like Terraform when it writes its state.
  const script = `trap "sleep 0.3; touch ended; exit" TERM; touch begun; while :; do sleep 0.05; done`;
  command("greet", `await run("sh", ["-c", ${JSON.stringify(script)}]); return 0;`);
  const child = spawn(process.execPath, ["--import", "tsx", "cli/main.ts", "greet"], { cwd: project });
  const end = new Promise((done) => child.on("close", done));
  while (!existsSync(join(project, "begun"))) await new Promise((done) => setTimeout(done, 20));
  child.kill(signal);
  expect(await end).toBe(expected);
  expect(existsSync(join(project, "ended"))).toBe(true);
});

test("waits without a timeout for a program that must save its state", async () => {
  // Longer than the timeout for other programs.
  const script = `trap "sleep 11; touch ended; exit" TERM; touch begun; while :; do sleep 0.05; done`;
  command("greet", `await run("sh", ["-c", ${JSON.stringify(script)}], { patient: true }); return 0;`);
  const child = spawn(process.execPath, ["--import", "tsx", "cli/main.ts", "greet"], { cwd: project });
  const end = new Promise((done) => child.on("close", done));
  while (!existsSync(join(project, "begun"))) await new Promise((done) => setTimeout(done, 20));
  child.kill("SIGTERM");
  expect(await end).toBe(143);
  expect(existsSync(join(project, "ended"))).toBe(true);
});

describeWithPrograms("bash")("output to a pipe", () => {
  const LENGTH = 3_000_000;
  beforeEach(() => command("greet", `print("x".repeat(${LENGTH})); warn("y".repeat(${LENGTH})); return 3;`));

  /** Runs the command as the start of a shell pipeline. */
  const shell = (rest: string) =>
    spawnSync(
      programPath("bash"),
      ["-c", `set -o pipefail; "$0" --import tsx cli/main.ts greet ${rest}`, process.execPath],
      {
        cwd: project,
        encoding: "utf8",
        maxBuffer: 2 ** 24,
      },
    );

  test.each([
    ["| wc -c", `${LENGTH + 1}\n`],
    ["| (sleep 2; wc -c)", `${LENGTH + 1}\n`],
    ["2>&1 >/dev/null | (sleep 2; wc -c)", `${LENGTH + 1}\n`],
    ["2>&1 | (sleep 2; wc -c)", `${2 * LENGTH + 2}\n`],
  ])("writes all of the output to %s and keeps the exit code", (rest, stdout) => {
    expect(shell(rest)).toMatchObject({ status: 3, stdout });
  });

  test.each(["| head -c 1", "2>&1 >/dev/null | head -c 1", "| true", "2>&1 | (sleep 1; head -c 1)", ">&-"])(
    "ignores that %s does not read to the end and keeps the exit code",
    (rest) => {
      const { status, stdout, stderr } = shell(rest);
      expect(status).toBe(3);
      expect(`${stdout}${stderr}`).not.toMatch(/EPIPE|EBADF|Error|at /);
    },
  );

  test("finishes the command after its reader is gone", () => {
    command(
      "greet",
      'print("x".repeat(200_000)); await sleep(500); print("y"); require("node:fs").writeFileSync("done", ""); return 0;',
    );
    expect(shell("| true").status).toBe(0);
    expect(existsSync(join(project, "done"))).toBe(true);
  });

  test("fails if the disk is full, because the output is incomplete", () => {
    expect(shell("2>/dev/null >/dev/full").status).toBe(1);
    command("greet", 'print("x"); return 2;');
    expect(shell(">/dev/full")).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("The output is incomplete: ENOSPC"),
    });
  });

  test("stops waiting for a reader that does not read on a signal", async () => {
    command("greet", `print("x".repeat(${LENGTH})); require("node:fs").writeFileSync("done", ""); return 0;`);
    const child = spawn(process.execPath, ["--import", "tsx", "cli/main.ts", "greet"], { cwd: project });
    const end = new Promise((done) => child.on("exit", (_code, signal) => done(signal)));
    while (!existsSync(join(project, "done"))) await new Promise((done) => setTimeout(done, 20));
    await new Promise((done) => setTimeout(done, 500));
    child.kill("SIGTERM");
    expect(await end).toBe("SIGTERM");
  });
});
