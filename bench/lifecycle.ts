import { dataTable } from "./data-lifecycle";
import { Platform, type Say } from "./platform";
import { ProcessRestarter } from "./process-restarter";
import { restartTable } from "./restarts";
import { MissingProviders } from "./stack";
import type { Table } from "./table";

/** Measures unsealing, failover, backup and restore of three real servers with Raft. */
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
  const restarter = new ProcessRestarter(platform.servers);
  try {
    return [
      await restartTable(small ? 1 : 5, tell),
      await dataTable(small ? [1] : [1, 50, 200], small ? 1 : 3, tell),
    ];
  } finally {
    await restarter.stop();
  }
}
