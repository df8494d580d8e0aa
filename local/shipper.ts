import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { installOnce } from "./cache";
import { places } from "./places";
import { run } from "../cli/processes";

const SCRIPT = join(__dirname, "toolchain", "shipper", "unpack.sh");

/**
 * Folder with the log shipper of Vault's pods, for the tests that run it. The local platform itself does not use it. It
 * is available only where Debian packages can be downloaded.
 * @returns the folder, or undefined after a message with the reason
 */
export async function provideShipper(say: (text: string) => void): Promise<string | undefined> {
  const fingerprint = createHash("sha256").update(readFileSync(SCRIPT)).digest("hex").slice(0, 12);
  const folder = join(places.cache, `syslog-ng-${fingerprint}`);
  // Written last.
  const isThere = () => existsSync(join(folder, "syslog-ng-ctl"));
  let failure = "";
  const install = async () => {
    say("unpacking syslog-ng from Debian's packages (some seconds, then cached)");
    rmSync(folder, { recursive: true, force: true });
    const { code, stderr } = await run("sh", [SCRIPT, folder], { env: process.env, endWhole: true });
    if (code === 0) return;
    rmSync(folder, { recursive: true, force: true });
    failure = stderr.trim().split("\n").at(-1) ?? "";
  };
  await installOnce({ name: basename(folder), what: "syslog-ng", isThere, install, say });
  if (isThere()) return folder;
  say(`no syslog-ng, so that tests of the audit shipper are skipped: ${failure}`);
  return undefined;
}
