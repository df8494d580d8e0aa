import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  describeUnless,
  describeWithPrograms,
  missingPrograms,
  programPath,
  testUnless,
  testWithPrograms,
} from "./needs";

let folder: string;
const path = process.env.PATH;
beforeEach(() => (process.env.PATH = folder = mkdtempSync(join(tmpdir(), "needs-"))));
afterEach(() => {
  process.env.PATH = path;
  rmSync(folder, { recursive: true });
  jest.restoreAllMocks();
});

test("names a missing program with its source, and skips its tests", () => {
  const told = jest.spyOn(process.stderr, "write").mockReturnValue(true);
  expect(missingPrograms("prometheus")).toBe(
    "prometheus is not on PATH; it comes with the system's package prometheus",
  );
  expect(testWithPrograms("prometheus")).toBe(test.skip);
  expect(describeWithPrograms("vault", "gpg")).toBe(describe.skip);
  expect(told.mock.calls.flat()[1]).toMatch(
    /^skipped in __tests__\/support\/needs\.test\.ts: vault is not on PATH; .*local -- path.*; gpg is not on PATH; /,
  );
});

test("runs tests with all programs on PATH, without a message", () => {
  writeFileSync(join(folder, "prometheus"), "");
  chmodSync(join(folder, "prometheus"), 0o755);
  const told = jest.spyOn(process.stderr, "write").mockReturnValue(true);
  expect(programPath("prometheus")).toBe(join(folder, "prometheus"));
  expect(testWithPrograms("prometheus")).toBe(test);
  expect(told).not.toHaveBeenCalled();
});

test("prints another missing requirement once", () => {
  const told = jest.spyOn(process.stderr, "write").mockReturnValue(true);
  expect(testUnless("no chart vault; put it below a folder and name that in CHARTS")).toBe(test.skip);
  expect(describeUnless("no chart vault; put it below a folder and name that in CHARTS")).toBe(describe.skip);
  expect([testUnless(undefined), describeUnless(undefined)]).toEqual([test, describe]);
  expect(told.mock.calls).toEqual([
    [
      expect.stringMatching(
        /needs\.test\.ts: no chart vault; put it below a folder and name that in CHARTS\n$/,
      ),
    ],
  ]);
});

test("fails with a program's source if a suite did not require it", () => {
  expect(() => programPath("gpg")).toThrow("gpg is not on PATH; it comes with the system's package gnupg");
});

test("ignores a file that is not executable", () => {
  writeFileSync(join(folder, "gpg"), "");
  expect(missingPrograms("gpg")).toContain("gpg is not on PATH");
});
