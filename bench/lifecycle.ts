import { places } from "../local/places";
import { dataTable } from "./data-lifecycle";
import { Platform, type Say } from "./platform";
import { Reviver } from "./reviver";
import { restartTable } from "./restarts";
import { MissingProviders } from "./stack";
import type { Table } from "./table";
import { timed } from "./timed";

/** Unsealing, failover, backup and restore of three real servers with Raft. */
export async function lifecycle(small: boolean, say: Say): Promise<Table[]> {
  const tell: Say = (text) => say(`lifecycle: ${text}`);
  let platform: Platform;
  try {
    platform = await Platform.start(tell);
  } catch (error) {
    if (!(error instanceof MissingProviders)) throw error;
    say(`SKIPPED: lifecycle: ${error.message}`);
    return [];
  }
  tell("synthesizing the jobs");
  await timed(process.execPath, ["--require", "tsx/cjs", "main.ts"], {
    cwd: places.root,
    env: { ...process.env, CDKTF_OUTDIR: places.out },
  });
  const reviver = new Reviver(platform.servers);
  try {
    return [
      await restartTable(small ? 1 : 5, tell),
      await dataTable(small ? [1] : [1, 50, 200], small ? 1 : 3, tell),
    ];
  } finally {
    await reviver.stop();
  }
}
