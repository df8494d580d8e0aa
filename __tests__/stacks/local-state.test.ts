import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalStateError, requireReadableState } from "../../stacks/local-state";
import { describeWithPrograms, programPath } from "../support/needs";

jest.setTimeout(120_000);

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "local state "))));
afterEach(() => rmSync(folder, { recursive: true }));

const state = () => join(folder, "stack.tfstate");
const env = {
  ...process.env,
  TF_CLI_CONFIG_FILE: "/dev/null",
  TF_IN_AUTOMATION: "1",
  CHECKPOINT_DISABLE: "1",
};
const terraform = (...args: string[]) =>
  spawnSync(programPath("terraform"), args, { cwd: folder, env, encoding: "utf8" });

/** Nine built-in Terraform resources. The last one takes the given time. */
function program(input: string, seconds = 0): void {
  const data = Object.fromEntries(
    Array.from({ length: 9 }, (_, index) => [`r${index}`, { input, triggers_replace: input }]),
  );
  const slow = { provisioner: [{ "local-exec": { command: `touch begun; sleep ${seconds}` } }] };
  const resources = { ...data, r8: { ...data.r8, ...slow, depends_on: ["terraform_data.r7"] } };
  const backend = { local: { path: state() } };
  const text = JSON.stringify({ terraform: { backend }, resource: { terraform_data: resources } });
  writeFileSync(join(folder, "main.tf.json"), text);
}

describeWithPrograms("terraform")("after two applies by a real Terraform", () => {
  beforeEach(() => {
    for (const input of ["first", "second"]) {
      program(input);
      expect(terraform("init", "-input=false").status).toBe(0);
      expect(terraform("apply", "-auto-approve").status).toBe(0);
    }
  });

  test("rejects a state of 0 bytes, with the command that restores it", () => {
    const before = readFileSync(state(), "utf8");
    truncateSync(state());
    // Terraform alone would create all resources again.
    expect(terraform("plan", "-no-color").stdout).toContain("Plan: 9 to add, 0 to change, 0 to destroy.");
    let message = "";
    try {
      requireReadableState("stack", state());
    } catch (error) {
      expect(error).toBeInstanceOf(LocalStateError);
      message = (error as Error).message;
    }
    const [, command] = /^ {2}(cp .*)$/m.exec(message)!;
    expect(spawnSync("sh", ["-c", command]).status).toBe(0);
    requireReadableState("stack", state());
    program("first");
    expect(terraform("plan", "-no-color").stdout).toContain("No changes.");
    expect(JSON.parse(before).lineage).toBe(JSON.parse(readFileSync(state(), "utf8")).lineage);
  });

  test("rejects a truncated state", () => {
    truncateSync(state(), 100);
    expect(() => requireReadableState("stack", state())).toThrow("cannot be read");
  });

  test("accepts a whole state after a killed apply, and rejects any other", async () => {
    rmSync(join(folder, "begun"), { force: true });
    program("third", 30);
    const apply = spawn(programPath("terraform"), ["apply", "-auto-approve"], {
      cwd: folder,
      env,
      detached: true,
    });
    while (!existsSync(join(folder, "begun"))) await new Promise((later) => setTimeout(later, 20));
    process.kill(-apply.pid!, "SIGKILL");
    await new Promise((done) => apply.once("exit", done));
    const isWhole = terraform("state", "list").stdout.includes("terraform_data.r0");
    const check = () => requireReadableState("stack", state());
    if (isWhole) check();
    else expect(check).toThrow(`cp '${state()}.backup' '${state()}'`);
  });

  test("accepts the state of a completed destroy", () => {
    expect(terraform("destroy", "-auto-approve").status).toBe(0);
    requireReadableState("stack", state());
  });
});
