import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeWithPrograms, missingPrograms, testWithPrograms } from "./needs";

let folder: string;
const path = process.env.PATH;
beforeEach(() => (process.env.PATH = folder = mkdtempSync(join(tmpdir(), "needs-"))));
afterEach(() => {
  process.env.PATH = path;
  rmSync(folder, { recursive: true });
  jest.restoreAllMocks();
});

test("a missing program is named with where to get it, and its tests are skipped", () => {
  const told = jest.spyOn(console, "warn").mockImplementation();
  expect(missingPrograms("prometheus")).toBe(
    "prometheus is not on PATH; it comes with the system's package prometheus",
  );
  expect(testWithPrograms("prometheus")).toBe(test.skip);
  expect(describeWithPrograms("vault", "gpg")).toBe(describe.skip);
  expect(told.mock.calls.flat()[1]).toMatch(
    /^skipped: vault is not on PATH; .*--path.*; gpg is not on PATH; /,
  );
});

test("tests whose programs are on PATH run, without a message", () => {
  writeFileSync(join(folder, "prometheus"), "");
  chmodSync(join(folder, "prometheus"), 0o755);
  const told = jest.spyOn(console, "warn").mockImplementation();
  expect(testWithPrograms("prometheus")).toBe(test);
  expect(told).not.toHaveBeenCalled();
});
