import { renderColumns } from "./report";
import { isStill, partsWithHealth, readRecord } from "./supervision";

/** Says how each part does. @returns the exit code: 0 when all of them are well */
export async function status(): Promise<number> {
  const record = readRecord();
  const parts = await partsWithHealth();
  if (!record) {
    console.log("The local platform is not running; npm run local starts it.");
    return 1;
  }
  if (!parts) {
    console.log(`The supervisor (process ${record.pid}) does not answer; npm run local -- --down clears up.`);
    for (const part of record.parts.filter(isStill)) {
      console.log(`Without it there still runs ${part.name}, process ${part.pid}.`);
    }
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
  return parts.length > 0 && parts.every(({ health }) => health.well) ? 0 : 1;
}
