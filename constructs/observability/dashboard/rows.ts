import type { WatchedVault } from "../watched-vault";
import type { Row } from "./panel";
import { auditRow, requestRow, serverRow } from "./server-rows";
import { processRow, storageRow, upkeepRow, usageRow } from "./usage-rows";

/** All rows of the dashboard, the most urgent first. */
export function vaultRows(watched: WatchedVault): Row[] {
  const { series } = watched;
  return [
    serverRow(watched),
    requestRow(series),
    auditRow(series),
    usageRow(series),
    storageRow(series),
    upkeepRow(watched),
    processRow(series),
  ];
}
