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

test("a missing program is named with where to get it, and its tests are skipped", () => {
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

test("tests whose programs are on PATH run, without a message", () => {
  writeFileSync(join(folder, "prometheus"), "");
  chmodSync(join(folder, "prometheus"), 0o755);
  const told = jest.spyOn(process.stderr, "write").mockReturnValue(true);
  expect(programPath("prometheus")).toBe(join(folder, "prometheus"));
  expect(testWithPrograms("prometheus")).toBe(test);
  expect(told).not.toHaveBeenCalled();
});

test("what is no program is named in the same way, and once", () => {
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

test("a suite that did not say what it needs fails with where to get it", () => {
  expect(() => programPath("gpg")).toThrow("gpg is not on PATH; it comes with the system's package gnupg");
});

test("a file that cannot be run is no program", () => {
  writeFileSync(join(folder, "gpg"), "");
  expect(missingPrograms("gpg")).toContain("gpg is not on PATH");
});
