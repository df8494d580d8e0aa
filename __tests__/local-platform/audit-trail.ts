import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bootstrapNames } from "../../constructs/jobs/bootstrap-names";
import { auditFolder } from "../../local/vault-servers";
import { asked, logInAsTerraform, part } from "./support";

/** Audit devices of the platform. `stdout` is written to the log of the server that was active at the time. */
export const devices = [bootstrapNames.auditPath, "stdout"] as const;

type Device = (typeof devices)[number];

/** Audit log of a device; that of `stdout` contains the logs of all three servers. */
export async function auditLog(device: Device): Promise<string> {
  if (device !== "stdout") return readFileSync(join(auditFolder, `${device}.log`), "utf8");
  const parts = await Promise.all(["vault-0", "vault-1", "vault-2"].map(part));
  return parts.map(({ logFile }) => readFileSync(logFile, "utf8")).join("\n");
}

/** Expects both devices to contain the request and the response of each call in this test file. */
export async function expectRecorded(): Promise<void> {
  expect(asked.length).toBeGreaterThan(0);
  for (const device of devices) {
    const log = await auditLog(device);
    const missing = asked.filter(({ id }) => log.split(`"${id}"`).length <= 2);
    expect({ device, missing }).toEqual({ device, missing: [] });
  }
}

/** Expects, in addition to `expectRecorded`, that the secrets are logged only as hashes. */
export async function expectAudited(secrets: Record<string, string>): Promise<void> {
  await expectRecorded();
  const session = await logInAsTerraform();
  for (const device of devices) {
    const log = await auditLog(device);
    for (const [what, secret] of Object.entries(secrets)) {
      const { data } = await session.request("POST", `sys/audit-hash/${device}`, { input: secret });
      const found = { device, what, hashed: log.includes(data.hash), clear: log.includes(secret) };
      expect(found).toEqual({ device, what, hashed: true, clear: false });
    }
  }
}
