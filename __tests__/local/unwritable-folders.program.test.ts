import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { explain } from "../../local/main";
import { places } from "../../local/places";
import { missingMount, mount, unmount } from "../support/mounts";
import { testUnless } from "../support/needs";

// Starting programs takes time on a busy machine.
jest.setTimeout(60_000);

/** Runs a script of package.json with additional environment variables. */
const run = (args: string[], env: NodeJS.ProcessEnv) =>
  spawnSync("npm", ["run", "--silent", ...args], {
    cwd: places.root,
    env: { ...process.env, ...env },
    encoding: "utf8",
  });

test.each([
  [
    "EACCES",
    join(places.cache, "aws-1"),
    "you may not write there (EACCES). To go on, set XDG_CACHE_HOME to a folder",
  ],
  [
    "EROFS",
    dirname(places.cache),
    "a read-only file system (EROFS). To go on, set XDG_CACHE_HOME to a folder",
  ],
  [
    "ENOTDIR",
    places.cache,
    "a part of the path is a file (ENOTDIR). To go on, set XDG_CACHE_HOME to a folder",
  ],
  ["EROFS", join(tmpdir(), "plan-1"), "a read-only file system (EROFS). To go on, set TMPDIR to a folder"],
  ["ELOOP", places.run, "a link to itself (ELOOP). To go on, work in a checkout that you may write to"],
])("explains %s at %s with the setting that helps", (code, path, message) => {
  const error = Object.assign(new Error("x"), { code, path, syscall: "mkdir" });
  expect(explain(error)).toContain(message);
});

testUnless(missingMount())(
  "names a read-only file system as the reason, although Node reports ENOENT",
  () => {
    const folder = mkdtempSync(join(tmpdir(), "read-only-"));
    mount(folder, "ro");
    jest.replaceProperty(places, "cache", join(folder, ".cache", "platform"));
    try {
      mkdirSync(places.cache, { recursive: true });
      throw new Error("the folder was made");
    } catch (error) {
      expect(explain(error)).toMatch(
        /platform cannot be written: .*read-only .*\(EROFS\).* set XDG_CACHE_HOME to/,
      );
    } finally {
      unmount(folder);
      rmSync(folder, { recursive: true });
      jest.restoreAllMocks();
    }
  },
);

test("keeps the error for a missing file that is read", () => {
  const error = Object.assign(new Error("x"), { code: "ENOENT", path: places.cache, syscall: "open" });
  expect(explain(error)).toBe(error);
});

test.each([
  ["npm run local", ["local", "--", "path"]],
  ["npm run local -- plan", ["local", "--", "plan", "--env", "dev"]],
  ["vault-platform", ["vault-platform", "--", "hardening"]],
])("runs %s without a stack trace if TMPDIR is not writable", (_title, args) => {
  const { status, stdout, stderr } = run(args, { TMPDIR: "/dev/null" });
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toMatch(
    /^\/dev\/null\/\S+ cannot be written: .*To go on, set TMPDIR to a folder that you may write to\.\n$/,
  );
});

test("prints the help without a writable TMPDIR", () => {
  const { status, stdout } = run(["local", "--", "--help"], { TMPDIR: "/dev/null" });
  expect(status).toBe(0);
  expect(stdout).toContain("Usage: npm run local -- [up] [options]");
});

test("prints no stack trace for a home folder that is not writable", () => {
  const { status, stderr } = run(["local", "--", "path"], { XDG_CACHE_HOME: "", HOME: "/dev/null" });
  expect(status).toBe(1);
  expect(stderr).toContain("/dev/null/.cache/cdktf-vault-platform cannot be written:");
  expect(stderr).toContain("set XDG_CACHE_HOME to a folder that you may write to.");
  expect(stderr).not.toMatch(/^ +at /m);
});
