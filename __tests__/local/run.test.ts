import { type ChildProcess, spawn } from "node:child_process";
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

const root = resolve(__dirname, "../..");

// A copy of the job in a project of its own, with stand-ins for Terraform and the emulator.
let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "local-"));
  cpSync(join(root, "local"), join(project, "local"), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(project, "node_modules"));
  file("main.ts", "");
  file("cdktf.out/manifest.json", JSON.stringify({ stacks: { "local-foundation": {} } }));
  file("cdktf.out/stacks/local-foundation/cdk.tf.json", "{}");
  file("bin/python3", "#!/bin/sh\necho Python 3.11.2\n");
  terraform(":");
  file(`${venv}/complete`, "");
  file(`${venv}/bin/python`, "");
  emulator(
    'require("node:http").createServer((_, answer) => answer.end()).listen(process.argv[5], "127.0.0.1");',
  );
});
afterEach(async () => {
  await start("--down").end;
  rmSync(project, { recursive: true, force: true });
});

const venv = "cache/cdktf-vault-platform/moto-5.2.1";
const file = (path: string, text: string) => {
  mkdirSync(join(project, path, ".."), { recursive: true });
  writeFileSync(join(project, path), text, { mode: 0o755 });
};
const emulator = (program: string) => file(`${venv}/bin/moto_server`, `#!${process.execPath}\n${program}\n`);
/** A Terraform whose apply runs the given commands and then says that nothing changed. */
const terraform = (apply: string) =>
  file(
    "bin/terraform",
    `#!/bin/sh
case $1 in
  version) echo "Terraform v1.11.4" ;;
  init) case $PWD in
    *local-cluster) echo "Error while installing hashicorp/kubernetes v2.38.0: not found" >&2; exit 1 ;;
  esac ;;
  apply) ${apply}
    echo '{"type":"change_summary","changes":{"add":0,"change":0,"remove":0}}' ;;
esac
`,
  );

interface Run {
  readonly child: ChildProcess;
  readonly says: (text: string) => Promise<void>;
  readonly end: Promise<{ code: number | null; output: string }>;
}

function start(...args: string[]): Run {
  const child = spawn(process.execPath, ["--import", "tsx", "local/main.ts", ...args], {
    cwd: project,
    env: {
      ...process.env,
      HOME: project,
      PATH: `${join(project, "bin")}:/usr/bin:/bin`,
      XDG_CACHE_HOME: join(project, "cache"),
    },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (output += data));
  return {
    child,
    says: async (text) => {
      while (!output.includes(text) && child.exitCode === null)
        await new Promise((done) => setTimeout(done, 20));
      expect(output).toContain(text);
    },
    end: new Promise((done) => child.on("close", (code) => done({ code, output }))),
  };
}

const emulatorPid = () =>
  JSON.parse(readFileSync(join(project, ".local/emulator.json"), "utf8")).pid as number;
/** True for a process that works, not for one that ended and was not collected yet. */
const works = (pid: number) =>
  existsSync(`/proc/${pid}/cmdline`) && readFileSync(`/proc/${pid}/cmdline`, "utf8") !== "";

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("a first run that is interrupted by %s, twice, leaves nothing", async (signal, code) => {
  terraform("touch ../../../applying; exec sleep 60");
  const run = start();
  await run.says("local-foundation: apply");
  while (!existsSync(join(project, "applying"))) await new Promise((done) => setTimeout(done, 20));
  const pid = emulatorPid();
  run.child.kill(signal);
  run.child.kill(signal);
  const { code: actual, output } = await run.end;
  expect(output.split("\n").slice(-4)).toEqual([
    "",
    `Interrupted (${signal}).`,
    "Taking down what this run had started.",
    "",
  ]);
  expect(actual).toBe(code);
  expect(works(pid)).toBe(false);
  expect(existsSync(join(project, ".local"))).toBe(false);
});

test("the platform stays up, a second run finds it, and a failure in a later one leaves it up", async () => {
  const first = await start().end;
  expect(first).toMatchObject({ code: 0, output: expect.stringContaining("no changes") });
  const pid = emulatorPid();
  expect(await start().end).toMatchObject({
    code: 0,
    output: expect.stringContaining("of an earlier run is up"),
  });
  terraform("exit 1;");
  const failed = await start().end;
  expect(failed).toMatchObject({ code: 1, output: expect.stringContaining("terraform apply failed") });
  expect(emulatorPid()).toBe(pid);
  expect(works(pid)).toBe(true);
  expect((await start("--status").end).output).toContain(`process ${pid}, since 20`);
  expect((await start("--down").end).code).toBe(0);
  expect(works(pid)).toBe(false);
  expect(existsSync(join(project, ".local"))).toBe(false);
  expect((await start("--status").end).code).toBe(1);
});

test("a first run that fails takes down what it started", async () => {
  terraform("exit 1;");
  const { code, output } = await start().end;
  expect(code).toBe(1);
  expect(output).toContain("Taking down what this run had started.");
  expect(existsSync(join(project, ".local"))).toBe(false);
});

test("the state of an emulator that is gone is dropped, and the run says so", async () => {
  file(".local/emulator.json", JSON.stringify({ pid: 999_999_999, port: 5000 }));
  file(".local/state/local-foundation.tfstate", "{}");
  const { code, output } = await start().end;
  expect(code).toBe(0);
  expect(output).toContain("the AWS emulator of an earlier run is gone; its state is dropped");
  expect(existsSync(join(project, ".local/state/local-foundation.tfstate"))).toBe(false);
});

test("an emulator that ends at once: the message shows what it said", async () => {
  emulator('console.error("no such module"); process.exit(3);');
  const { code, output } = await start().end;
  expect(code).toBe(1);
  expect(output).toContain("The AWS emulator did not start: it ended with 3\nno such module");
  expect(existsSync(join(project, ".local"))).toBe(false);
});

test("an emulator whose Python is gone is installed again", async () => {
  rmSync(join(project, venv, "bin/python"));
  file("bin/python3", '#!/bin/sh\necho Python 3.11.2\n[ "$2" != venv ] || exit 1\n');
  const { code, output } = await start().end;
  expect(code).toBe(1);
  expect(output).toContain("could not be installed:\nPython 3.11.2");
});

test("a stack whose provider cannot be installed is skipped, and the run says how to mend that", async () => {
  file(
    "cdktf.out/manifest.json",
    JSON.stringify({ stacks: { "local-foundation": {}, "local-cluster": {} } }),
  );
  const required_providers = { kubernetes: { source: "kubernetes", version: "2.38.0" } };
  file("cdktf.out/stacks/local-cluster/cdk.tf.json", JSON.stringify({ terraform: { required_providers } }));
  const { code, output } = await start().end;
  expect(code).toBe(0);
  expect(output).toContain(
    "local-cluster: skipped, Terraform cannot install hashicorp/kubernetes 2.38.0 here; put the provider into ~/",
  );
  expect(output).toMatch(/^local-cluster +- +skipped: no hashicorp\/kubernetes 2\.38\.0 /m);
});
