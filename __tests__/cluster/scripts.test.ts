import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { BUSYBOX, SCRIPTS } from "./script-bench";

const scripts = readdirSync(SCRIPTS).filter((file) => file.endsWith(".sh"));
const shellcheck = spawnSync("shellcheck", ["--version"]).status === 0;
if (!shellcheck) console.warn("skipped: shellcheck is not on PATH");
if (!BUSYBOX) console.warn("skipped: busybox is not on PATH; the scripts are tried with sh");

(shellcheck ? test : test.skip)("shellcheck finds nothing in the scripts of the pods", () => {
  const { status, stdout } = spawnSync(
    "shellcheck",
    [
      "--external-sources",
      "--shell=sh",
      "--source-path=SCRIPTDIR",
      ...scripts.map((file) => join(SCRIPTS, file)),
    ],
    { encoding: "utf8" },
  );
  expect(stdout).toBe("");
  expect(status).toBe(0);
});

test.each(scripts)("%s is read by the shell of the Vault image", (file) => {
  const shell = BUSYBOX ? ["busybox", "sh"] : ["sh"];
  const { status, stderr } = spawnSync(shell[0], [...shell.slice(1), "-n", join(SCRIPTS, file)], {
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  expect(status).toBe(0);
});

test.each(scripts)("%s shows no commands while it runs, in which secrets could be", (file) => {
  expect(readFileSync(join(SCRIPTS, file), "utf8")).not.toMatch(/set -\w*x|xtrace/);
});
