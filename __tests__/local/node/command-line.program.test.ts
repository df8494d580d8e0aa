import { spawnSync } from "node:child_process";
import { join } from "node:path";

const project = join(__dirname, "../../..");

function node(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", "tsx", "local/node/main.ts", ...args],
    { cwd: project, encoding: "utf8" },
  );
  return { status, stdout, stderr };
}

test("the help names every option and says that root is needed", () => {
  const { status, stdout } = node("--help");
  expect(status).toBe(0);
  for (const option of ["--status", "--owner", "--env", "--down"]) expect(stdout).toContain(option);
  expect(stdout).toContain("Needs Linux and root.");
});

test.each([
  [["--up"], "Unknown option '--up'"],
  [["--down", "--status"], "--down and --status exclude each other"],
])("%j is refused with what is allowed", (args, message) => {
  const { status, stderr } = node(...args);
  expect(status).toBe(2);
  expect(stderr).toContain(message);
  expect(stderr).toContain("npm run node [-- option]");
});
