import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { httpRequest } from "./http";
import type { Health, ManagedProcess } from "./managed-process";
import { places } from "./places";
import { UserError } from "../constructs/core/user-error";

const folder = join(places.run, "supervisor");

/** Files of the supervisor. */
export const supervisorFiles = {
  folder,
  record: join(folder, "record.json"),
  socket: join(folder, "socket"),
  log: join(folder, "log"),
};

/** State of a part in the supervisor's record. */
export interface PartRecord extends Pick<
  ManagedProcess,
  "name" | "program" | "args" | "address" | "logFile" | "check" | "restart" | "stopSignal"
> {
  /** @default - none; the part is not running */
  readonly pid?: number;
  /** Start time, or end time if it is not running; ISO 8601. */
  readonly since: string;
  /** Number of times that the part was started again. */
  readonly restarts: number;
  /** Description of the last end. */
  readonly lastEnd?: string;
}

/** The supervisor's record of its parts. */
export interface SupervisorRecord {
  readonly pid: number;
  readonly since: string;
  readonly parts: readonly PartRecord[];
}

/** The longest path that every system allows for a socket. */
const SOCKET_PATH = 103;

/** The supervisor's last record, whether or not it still runs. */
export function readRecord(): SupervisorRecord | undefined {
  if (!existsSync(supervisorFiles.record)) return undefined;
  try {
    return JSON.parse(readFileSync(supervisorFiles.record, "utf8")) as SupervisorRecord;
  } catch {
    return undefined;
  }
}

/** Returns true if the supervisor answers. */
export async function supervisorRuns(): Promise<boolean> {
  try {
    return (await ask("HEAD")).status === 200;
  } catch {
    return false;
  }
}

/** All parts with their health, or undefined if no supervisor answers. */
export async function partsWithHealth(): Promise<(PartRecord & { health: Health })[] | undefined> {
  try {
    const { text } = await ask("GET");
    return JSON.parse(text) as (PartRecord & { health: Health })[];
  } catch {
    return undefined;
  }
}

/**
 * Starts the supervisor, unless it runs already. A new one takes over the parts of an earlier one.
 * @throws UserError with the reason if it did not start
 */
export async function startSupervisor(): Promise<void> {
  if (Buffer.byteLength(supervisorFiles.socket) > SOCKET_PATH) {
    throw new UserError(
      `The path of this checkout is too long for a socket inside it: ${supervisorFiles.socket} has ${Buffer.byteLength(supervisorFiles.socket)} bytes, at most ${SOCKET_PATH} are allowed.`,
    );
  }
  if (await supervisorRuns()) return;
  const earlier = readRecord();
  if (earlier && isStill(supervisorProcess(earlier))) {
    throw new UserError(
      `The supervisor (process ${earlier.pid}) runs and does not answer. End it with "kill -9 ${earlier.pid}" and run this again: a new supervisor then takes over its parts.`,
    );
  }
  mkdirSync(supervisorFiles.folder, { recursive: true, mode: 0o700 });
  const log = openSync(supervisorFiles.log, "a", 0o600);
  const child = spawn(process.execPath, ["--import", "tsx", join(__dirname, "supervisor.ts")], {
    cwd: places.root,
    detached: true,
    stdio: ["ignore", log, log],
  });
  child.unref();
  for (let attempt = 0; attempt < 300 && isAlive(child); attempt++) {
    if (await supervisorRuns()) return;
    await sleep(50);
  }
  throw new UserError(`The supervisor did not start:\n${readFileSync(supervisorFiles.log, "utf8").trim()}`);
}

function isAlive({ exitCode, signalCode, pid }: ChildProcess): boolean {
  return pid !== undefined && exitCode === null && signalCode === null;
}

/**
 * Starts a part, unless it runs already, and waits until it answers.
 * @throws UserError with the reason if it does not
 */
export async function startPart(part: ManagedProcess): Promise<PartRecord> {
  const { status, text } = await ask("POST", part, ((part.startSeconds ?? 60) + 30) * 1000);
  const answer = JSON.parse(text) as PartRecord & { error?: string };
  if (status !== 200) throw new UserError(`${answer.error}`);
  return answer;
}

interface Waiting {
  /** Reads the state of the parts. @default - queries the supervisor */
  readonly read?: typeof partsWithHealth;
  /** Timeout in seconds. @default 60 */
  readonly seconds?: number;
}

/**
 * Waits until parts that answer are also healthy, for example until servers have joined the cluster and are unsealed.
 * @throws UserError that names the unhealthy parts and their logs
 */
export async function untilWell(
  names: readonly string[],
  { read = partsWithHealth, seconds = 60 }: Waiting = {},
): Promise<void> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const parts = (await read())?.filter(({ name }) => names.includes(name)) ?? [];
    const ill = parts.filter(({ health }) => !health.isHealthy);
    if (parts.length === names.length && ill.length === 0) return;
    if (Date.now() > end) {
      const found = ill.map(({ name, health, logFile }) => `${name} is ${health.says}, see ${logFile}`);
      throw new UserError(
        `Not every part works after ${seconds} s: ${found.join("; ") || "the supervisor does not answer"}.`,
      );
    }
    await sleep(Math.min(500, seconds * 100));
  }
}

/** Ends the supervisor and all parts, even if the supervisor does not answer. */
export async function stopEverything(): Promise<void> {
  const record = readRecord();
  try {
    await ask("DELETE", undefined, 30_000);
  } catch {
    // The supervisor does not answer; its record names the processes to end.
  }
  if (!record) return;
  const left: Called[] = [...record.parts, supervisorProcess(record)];
  await Promise.all(left.map(endIfStillThere));
}

/** Command line of a record's supervisor. */
export function supervisorProcess({ pid }: SupervisorRecord): Called {
  return { pid, program: "node", args: [join(__dirname, "supervisor.ts")] };
}

/** A process and the command line that it was started with. */
export interface Called {
  readonly pid?: number;
  readonly program: string;
  readonly args: readonly string[];
}

async function endIfStillThere(called: Called): Promise<void> {
  const { pid } = called;
  if (pid === undefined) return;
  for (let attempt = 0; attempt < 100; attempt++) {
    if (!isStill(called)) return;
    try {
      if (attempt === 0) process.kill(-pid, "SIGTERM");
      if (attempt === 50) process.kill(-pid, "SIGKILL");
    } catch {
      return;
    }
    await sleep(100);
  }
}

/** Returns true while the process has its original command line. A later process may have reused its id. */
export function isStill({ pid, program, args }: Called): boolean {
  const command = pid === undefined ? "" : commandLine(pid);
  return command !== "" && [basename(program), ...args].every((word) => command.includes(word));
}

/** Command line of a process. Empty for one that has ended, even if its parent has not collected it yet. */
function commandLine(pid: number): string {
  if (!existsSync("/proc/self/cmdline")) {
    return spawnSync("ps", ["-p", String(pid), "-o", "command="], { encoding: "utf8" }).stdout ?? "";
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

function ask(method: string, body?: unknown, timeoutMs?: number) {
  return httpRequest("http://supervisor/", { method, body, socketPath: supervisorFiles.socket, timeoutMs });
}
