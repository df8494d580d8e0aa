import { readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { places } from "../../local/places";
import { Job, type JobRun } from "./jobs";
import { eventually, part, servers, serversThatSay } from "./support";

const NAMES = ["vault-0", "vault-1", "vault-2"];

/** Destroys all servers of the platform with their data. The supervisor restarts them empty. */
export async function destroyServers(): Promise<void> {
  const parts = await Promise.all(NAMES.map(part));
  for (const { args } of parts) {
    const data = join(dirname(args[1].replace("-config=", "")), "data");
    if (!data.startsWith(places.run)) throw new Error(`not of the platform: ${data}`);
    for (const file of readdirSync(data)) rmSync(join(data, file), { recursive: true });
  }
  for (const { pid } of parts) process.kill(pid as number, "SIGKILL");
  await eventually("three servers that are up and empty", 60, async () => {
    const pids = await Promise.all(NAMES.map(async (name) => (await part(name)).pid));
    const isNew = pids.every((pid, ordinal) => pid !== parts[ordinal].pid);
    return isNew && (await serversThatSay("not initialised")).length === 3;
  });
}

/** Runs the restore job, which an operator creates with kubectl, on the platform's servers. */
export async function restoreServers(changed: Readonly<Record<string, string>> = {}): Promise<JobRun> {
  const job = await Job.prepare("vault-restore");
  try {
    return await job.run({
      VAULT_ADDR: servers[0],
      VAULT_SERVERS: servers.join(" "),
      TIMEOUT_SECONDS: "150",
      ...changed,
    });
  } finally {
    job.remove();
  }
}

/** Restarts all servers by SIGTERM, like `kubectl delete pod`. */
export async function restartServers(): Promise<void> {
  const parts = await Promise.all(NAMES.map(part));
  for (const { pid } of parts) process.kill(pid as number, "SIGTERM");
  await eventually("three other processes", 60, async () => {
    const pids = await Promise.all(NAMES.map(async (name) => (await part(name)).pid));
    return pids.every((pid, ordinal) => pid !== undefined && pid !== parts[ordinal].pid);
  });
}

/** Runs a backup. @returns the metadata of the new snapshot */
export async function takeSnapshot(): Promise<Readonly<Record<string, string>>> {
  const job = await Job.prepare("vault-backup");
  try {
    const { code, output } = await job.run();
    if (code !== 0) throw new Error(output);
    const noted = /Saved: .* bytes, (.*)/.exec(output)![1];
    return Object.fromEntries(noted.split(",").map((pair) => pair.split("=")));
  } finally {
    job.remove();
  }
}
