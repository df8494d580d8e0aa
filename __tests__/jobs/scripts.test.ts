import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { programPath, testWithPrograms } from "../support/needs";
import { SCRIPTS } from "./script-bench";

const scripts = readdirSync(SCRIPTS).filter((file) => file.endsWith(".sh"));

testWithPrograms("shellcheck")("passes shellcheck in all pod scripts", () => {
  const { status, stdout } = spawnSync(
    programPath("shellcheck"),
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

testWithPrograms("busybox").each(scripts)("parses %s with the shell of the Vault image", (file) => {
  const { status, stderr } = spawnSync(programPath("busybox"), ["sh", "-n", join(SCRIPTS, file)], {
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  expect(status).toBe(0);
});

test.each(scripts)("does not trace commands in %s", (file) => {
  expect(readFileSync(join(SCRIPTS, file), "utf8")).not.toMatch(/set -\w*x|xtrace/);
});
