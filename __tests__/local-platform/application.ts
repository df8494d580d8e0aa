import { appendFileSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";

/**
 * Application with one PostgreSQL session, opened with the credentials from its environment. It logs its start, its
 * errors and its termination by SIGTERM.
 */
const { DB_USERNAME: user, DB_PASSWORD: password, DB_PORT, DB_NAME: database, CA_FILE, LOG } = process.env;

/** Line of the application's log. */
export interface Event {
  /** Time in milliseconds since 1970. */
  readonly at: number;
  readonly event: "started" | "failed" | "ended";
  /** Database user of the session. */
  readonly user: string;
  readonly error?: string;
}

function say(event: Event["event"], error?: Error): void {
  const line: Event = { at: Date.now(), event, user: user!, error: error?.message };
  appendFileSync(LOG!, `${JSON.stringify(line)}\n`);
}

async function main(): Promise<void> {
  const ssl = { ca: readFileSync(CA_FILE!) };
  const client = new Client({ host: "localhost", port: Number(DB_PORT), database, user, password, ssl });
  client.on("error", (error) => say("failed", error));
  await client.connect();
  let isEnding = false;
  process.on("SIGTERM", () => (isEnding = true));
  say("started");
  while (!isEnding) {
    await client.query("INSERT INTO payments (reference, cents) VALUES ($1, 1)", [user]);
    await sleep(200);
  }
  await client.end();
  say("ended");
}

main().catch((error) => {
  say("failed", error as Error);
  process.exitCode = 1;
});
