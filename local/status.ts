import { renderColumns } from "../access/table";
import { places } from "./places";
import { isStill, partsWithHealth, readRecord, supervisorProcess } from "./supervision";

/** Prints the state of each part. @returns the exit code: 0 when all parts are healthy */
export async function status(): Promise<number> {
  const record = readRecord();
  const parts = await partsWithHealth();
  if (!record) {
    console.log(`The platform is not running; ${places.command} starts it.`);
    return 1;
  }
  if (!parts) {
    const living = record.parts.filter(isStill);
    console.log(
      isStill(supervisorProcess(record))
        ? `The supervisor (process ${record.pid}) runs and does not answer.`
        : `The supervisor (process ${record.pid}) has ended; ${places.command} takes over the parts that still run.`,
    );
    for (const { name, pid } of living) console.log(`${name} still runs, process ${pid}.`);
    if (living.length === 0) console.log("No part of it runs any more.");
    return 1;
  }
  const lines = parts.map(({ name, pid, address, since, restarts, lastEnd, health }) => [
    name,
    pid === undefined ? "ended" : health.says,
    pid === undefined ? "-" : `process ${pid}`,
    address,
    `since ${since}`,
    restarts > 0 || pid === undefined ? `restarts: ${restarts}, last end: ${lastEnd}` : "",
  ]);
  console.log(
    renderColumns([
      ["supervisor", "ready", `process ${record.pid}`, "", `since ${record.since}`, ""],
      ...lines,
    ]),
  );
  return parts.length > 0 && parts.every(({ health }) => health.isHealthy) ? 0 : 1;
}
