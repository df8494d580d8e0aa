import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bootstrapNames } from "../../constructs/jobs/bootstrap-names";
import { auditFolder } from "../../local/vault-servers";
import { asked, logInAsTerraform, part } from "./support";

/** The audit devices of the platform; `stdout` is in the log of whichever server led. */
export const devices = [bootstrapNames.auditPath, "stdout"] as const;

type Device = (typeof devices)[number];

export async function auditLog(device: Device): Promise<string> {
  if (device !== "stdout") return readFileSync(join(auditFolder, `${device}.log`), "utf8");
  const parts = await Promise.all(["vault-0", "vault-1", "vault-2"].map(part));
  return parts.map(({ logFile }) => readFileSync(logFile, "utf8")).join("\n");
}

/** Finds every request of this test file in the log of both devices, as it came in and as it was answered. */
export async function expectRecorded(): Promise<void> {
  expect(asked.length).toBeGreaterThan(0);
  for (const device of devices) {
    const log = await auditLog(device);
    const missing = asked.filter(({ id }) => log.split(`"${id}"`).length <= 2);
    expect({ device, missing }).toEqual({ device, missing: [] });
  }
}

/** As `expectRecorded`, with the given secrets there by their hashes and never in the clear. */
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
