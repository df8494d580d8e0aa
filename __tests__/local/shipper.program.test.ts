import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { images } from "../../environments/shared";
import { places } from "../../local/places";
import { provideShipper } from "../../local/shipper";
import { missingPrograms, programPath, testUnless } from "../support/needs";

const path = process.env.PATH;
let folder: string;
let said: string[];
const say = (text: string) => said.push(text);

beforeEach(() => {
  said = [];
  folder = mkdtempSync(join(tmpdir(), "shipper-"));
  mkdirSync(join(folder, "bin"));
  jest.replaceProperty(places, "cache", join(folder, "cache"));
  process.env.PATH = `${join(folder, "bin")}:/usr/bin:/bin`;
});
afterEach(() => {
  process.env.PATH = path;
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const program = (name: string, script: string) => {
  writeFileSync(join(folder, "bin", name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, "bin", name), 0o755);
};

test("goes on without a shipper if Debian's packages are missing, and leaves nothing", async () => {
  program("apt-get", "echo 'E: no such thing' >&2; exit 100");
  expect(await provideShipper(say)).toBeUndefined();
  expect(said.at(-1)).toMatch(/^no syslog-ng, so that tests of the audit shipper are skipped: /);
  expect(readdirSync(join(folder, "cache"))).toEqual([]);
});

/** Requires Debian, because the shipper is unpacked from its packages. */
function missingDebian(): string | undefined {
  const missing = missingPrograms("apt-get");
  if (missing) return missing;
  const args = ["indextargets", "--format", "$(REPO_URI)"];
  const { stdout } = spawnSync(programPath("apt-get"), args, { encoding: "utf8" });
  return /\/debian\/$/m.test(stdout) ? undefined : "apt-get has no packages of Debian";
}

testUnless(missingDebian())(
  "unpacks the shipper once, in the image's version",
  async () => {
    const shipper = (await provideShipper(say))!;
    const { stdout } = spawnSync(join(shipper, "syslog-ng"), ["--version"], { encoding: "utf8" });
    const [, version] = /:(\d+\.\d+\.\d+)$/.exec(images.auditShipper)!;
    expect(stdout.split("\n")[0]).toBe(`syslog-ng 4 (${version})`);
    expect(existsSync(join(shipper, "syslog-ng-ctl"))).toBe(true);
    said = [];
    program("apt-get", "exit 100");
    expect(await provideShipper(say)).toBe(shipper);
    expect(said).toEqual([]);
  },
  120_000,
);
