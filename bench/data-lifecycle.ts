import { randomBytes } from "node:crypto";
import { stopwatch } from "../access/table";
import type { Say } from "./platform";
import { RANGE, type Table, figure, range } from "./table";

/** Size of one secret in kB. Entries of Vault's storage have at most 1 MiB. */
const SECRET_KB = 500;
/** Secrets that are written at the same time. */
const AT_ONCE = 4;

/** Measures backup and restore by the scripts of their jobs, for Vaults with the given MB of secrets. */
export async function dataTable(sizes: readonly number[], runs: number, say: Say): Promise<Table> {
  const { SecretWriter, eventually, serversThatSay } = await import("../__tests__/local-platform/support.js");
  const disaster = await import("../__tests__/local-platform/disaster.js");
  const rows: string[][] = [];
  let secrets = 0;
  for (const megabytes of sizes) {
    say(`${megabytes} MB of secrets: writing`);
    const writer = await SecretWriter.arrive();
    const wanted = (megabytes * 1000) / SECRET_KB;
    const writing = stopwatch();
    const write = async () => {
      while (secrets < wanted) {
        const value = randomBytes((SECRET_KB * 1000 * 3) / 4).toString("base64");
        await writer.write(`bench/${secrets++}`, { value });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, write));
    const written = writing();
    await writer.leave();

    const backups: number[] = [];
    for (let run = 0; run < runs; run++) {
      say(`${megabytes} MB of secrets: backup, run ${run + 1} of ${runs}`);
      const seconds = stopwatch();
      await disaster.takeSnapshot();
      backups.push(seconds());
    }
    say(`${megabytes} MB of secrets: all servers and their data are destroyed, and restored`);
    await disaster.destroyServers();
    const first = stopwatch();
    await succeed(disaster.restoreServers({ TIMEOUT_SECONDS: "600" }), "RESTART NEEDED");
    const given = first();
    await disaster.restartServers();
    const second = stopwatch();
    await succeed(disaster.restoreServers({ TIMEOUT_SECONDS: "600" }), "Vault serves again");
    const restored = given + second();
    await eventually("three healthy servers", 120, async () => {
      const [active, standby] = await Promise.all([serversThatSay("active"), serversThatSay("standby")]);
      return active.length === 1 && standby.length === 2;
    });
    rows.push([`${megabytes} MB`, figure(written), ...range(backups), figure(restored), String(runs)]);
  }
  return {
    title: "Backup and restore by the size of the data",
    notes: [
      "Seconds, by the scripts of the jobs, to and from a bucket on the same machine. Backup: login, snapshot, checksum, upload. Restore: from three empty servers to three that serve, without the time that a person needs for the restart between its two runs; once for each size.",
    ],
    columns: [
      "KV data",
      "writing it",
      ...RANGE.map((it) => `backup, ${it}`),
      "restore",
      "runs of the backup",
    ],
    rows,
  };
}

async function succeed(
  restore: Promise<{ readonly code: number; readonly output: string }>,
  says: string,
): Promise<void> {
  const { code, output } = await restore;
  if (code !== 0 || !output.includes(says))
    throw new Error(`the restore did not get to "${says}":\n${output}`);
}
