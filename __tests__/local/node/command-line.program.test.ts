import { spawnSync } from "node:child_process";
import { join } from "node:path";

const project = join(__dirname, "../../..");

function cluster(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", "tsx", "local/node/main.ts", ...args],
    { cwd: project, encoding: "utf8" },
  );
  return { status, stdout, stderr };
}

test("prints every subcommand and that root is required", () => {
  const { status, stdout } = cluster("--help");
  expect(status).toBe(0);
  for (const name of ["up", "status", "seed", "env", "down"])
    expect(stdout).toMatch(new RegExp(`^  ${name} `, "m"));
  expect(stdout).toContain("--fresh");
  expect(stdout).toContain("Requires Linux and root.");
});

test.each([
  [["--up"], 'Got the option "--up" (did you mean the subcommand up?)'],
  [["--owner"], 'Got the option "--owner"; allowed: --fresh, --help.'],
  [["dwon"], 'Got the subcommand "dwon" (did you mean down?); allowed: up, status, seed, env, down.'],
  [["down", "--fresh"], 'Got the option "--fresh" (an option of the subcommand up); allowed: --help.'],
  [["down", "status"], "down takes no arguments, got 1."],
])("rejects %j with the usage", (args, message) => {
  const { status, stderr } = cluster(...args);
  expect(stderr).toContain(message);
  expect(stderr).toContain("Usage: npm run cluster -- ");
  expect(status).toBe(2);
});
