import { spawn } from "node:child_process";
import { chmodSync, closeSync, existsSync, openSync, readFileSync, rmSync } from "node:fs";
import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { type Health, type ManagedProcess, healthOf } from "./managed-process";
import {
  type PartRecord,
  type SupervisorRecord,
  isStill,
  readRecord,
  supervisorFiles,
  supervisorRuns,
} from "./supervision";
import { writeWhole } from "./write-whole";

/** A process that ends earlier counts as a failed start, and the next restart waits longer. */
const SHORT_LIFE_MS = 60_000;
const STOP_MS = 10_000;
/** Interval of the check that a part of an earlier supervisor still runs. */
const POLL_MS = 500;
/** Interval of the check that the record still exists. */
const RECORD_MS = 2000;

/** Process of a part, possibly started by an earlier supervisor. */
interface Running {
  readonly pid: number;
  /** Resolves with a description of the end. */
  readonly end: Promise<string>;
}

interface Watched {
  part: ManagedProcess;
  running?: Running;
  /** An earlier supervisor started the part. Its environment is unknown until the next request to start it. */
  isAdopted?: boolean;
  since: string;
  restarts: number;
  failures: number;
  /** The part has answered once. Its later ends are not failures to start. */
  established: boolean;
  lastEnd?: string;
  restart?: NodeJS.Timeout;
}

/**
 * The one process that owns all parts of the platform. It outlives the command that started it, and it ends all
 * processes that it started. Its actions and their reasons are in its log and in its record.
 */
class Supervisor {
  private readonly parts = new Map<string, Watched>();
  private readonly since = new Date().toISOString();
  private stopping?: Promise<void>;

  /** Takes over the parts that an earlier supervisor left running, and the records of those that ended. */
  adopt({ parts }: SupervisorRecord): void {
    for (const record of parts) {
      const { pid, since, restarts, lastEnd, ...part } = record;
      const watched: Watched = {
        part: { ...part, env: {} },
        isAdopted: true,
        since,
        restarts,
        failures: 0,
        established: true,
        lastEnd,
      };
      this.parts.set(part.name, watched);
      if (pid === undefined) continue;
      if (isStill(record)) {
        say(`${part.name}: process ${pid} of an earlier supervisor is taken over`);
        this.watch(watched, { pid, end: endOf(record) });
      } else {
        watched.lastEnd = "ended without a supervisor";
        watched.since = this.since;
      }
    }
  }

  async start(part: ManagedProcess): Promise<PartRecord> {
    if (this.stopping) throw new Error(`${part.name} is not started: the platform is being taken down`);
    const before = this.parts.get(part.name);
    if (before?.running) {
      if (before.isAdopted) Object.assign(before, { part, isAdopted: false });
      return this.record(before);
    }
    clearTimeout(before?.restart);
    const watched: Watched = {
      part,
      since: "",
      restarts: before ? before.restarts + 1 : 0,
      failures: 0,
      established: false,
      lastEnd: before?.lastEnd,
    };
    this.parts.set(part.name, watched);
    this.spawn(watched);
    const seconds = part.startSeconds ?? 60;
    const deadline = Date.now() + seconds * 1000;
    while (watched.running && Date.now() < deadline && !this.stopping) {
      if ((await healthOf(part.check)).answers) {
        watched.established = true;
        return this.record(watched);
      }
      await sleep(50);
    }
    const { running } = watched;
    const reason = running ? `no answer at ${part.address} in ${seconds} s` : watched.lastEnd;
    if (running) await this.end(watched, running);
    this.parts.delete(part.name);
    this.writeRecord();
    throw new Error([`${part.name} did not start: ${reason}`, lastLines(part.logFile)].join("\n").trim());
  }

  list(): PartRecord[] {
    return [...this.parts.values()].map((watched) => this.record(watched));
  }

  async health(): Promise<(PartRecord & { health: Health })[]> {
    return Promise.all(
      [...this.parts.values()].map(async (watched) => ({
        ...this.record(watched),
        health: await healthOf(watched.part.check),
      })),
    );
  }

  /** Ends all parts. A second call waits for the first. */
  stop(): Promise<void> {
    this.stopping ??= Promise.all(
      [...this.parts.values()].map(async (watched) => {
        clearTimeout(watched.restart);
        if (watched.running) await this.end(watched, watched.running);
      }),
    ).then(() => undefined);
    return this.stopping;
  }

  writeRecord(): void {
    // The folder is missing if the user has deleted the platform's files.
    if (!existsSync(supervisorFiles.folder)) return;
    const record: SupervisorRecord = { pid: process.pid, since: this.since, parts: this.list() };
    try {
      writeWhole(supervisorFiles.record, JSON.stringify(record, undefined, 2));
    } catch (error) {
      // A full disk is not a reason to end the parts.
      say(`the record was not written: ${(error as Error).message}`);
    }
  }

  private spawn(watched: Watched): void {
    const { part } = watched;
    const log = openSync(part.logFile, "a", 0o600);
    const child = spawn(part.program, part.args, {
      detached: true,
      env: part.env,
      cwd: "/",
      stdio: ["ignore", log, log],
      ...part.user,
    });
    closeSync(log);
    watched.since = new Date().toISOString();
    const end = new Promise<string>((resolve) => {
      child.once("error", ({ message }) => resolve(message));
      child.once("exit", (code, signal) =>
        resolve(signal ? `ended by ${signal}` : `ended with exit code ${code}`),
      );
    });
    say(`${part.name}: started as process ${child.pid}`);
    this.watch(watched, { pid: child.pid ?? 0, end });
    this.writeRecord();
  }

  private watch(watched: Watched, running: Running): void {
    watched.running = running;
    void running.end.then((how) => {
      watched.running = undefined;
      watched.lastEnd = how;
      this.afterEnd(watched);
    });
  }

  private afterEnd(watched: Watched): void {
    const { part, lastEnd, isAdopted } = watched;
    const lived = Date.now() - Date.parse(watched.since);
    watched.since = new Date().toISOString();
    say(`${part.name}: ${lastEnd}`);
    this.writeRecord();
    if (!part.restart || isAdopted || !watched.established || this.stopping) return;
    watched.failures = lived < SHORT_LIFE_MS ? watched.failures + 1 : 1;
    const seconds = Math.min(2 ** (watched.failures - 1), 30);
    say(`${part.name}: starts again in ${seconds} s`);
    watched.restart = setTimeout(() => {
      watched.restarts++;
      this.spawn(watched);
    }, seconds * 1000);
  }

  private async end({ part }: Watched, { pid, end }: Running): Promise<void> {
    signalGroup(pid, part.stopSignal ?? "SIGTERM");
    const inTime = await Promise.race([end.then(() => true), sleep(STOP_MS, false)]);
    // Kills the rest of the process group, even if the process itself has ended normally.
    signalGroup(pid, "SIGKILL");
    if (!inTime) {
      say(`${part.name}: did not end in ${STOP_MS / 1000} s and was killed`);
      await end;
    }
  }

  private record({ part, running, since, restarts, lastEnd }: Watched): PartRecord {
    // Without the environment, which may contain secrets of the part.
    const { name, program, args, address, logFile, check, restart, stopSignal } = part;
    const asked = { name, program, args, address, logFile, check, restart, stopSignal };
    return { ...asked, pid: running?.pid, since, restarts, lastEnd };
  }
}

/** Waits for a process that another supervisor started. */
async function endOf(record: PartRecord): Promise<string> {
  while (isStill(record)) await sleep(POLL_MS);
  return "ended; another supervisor had started it, so nobody knows how";
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    if (pid > 0) process.kill(-pid, signal);
  } catch {
    // The process has ended already.
  }
}

function lastLines(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n").slice(-15).join("\n") : "";
}

function say(text: string): void {
  console.log(`${new Date().toISOString()} ${text}`);
}

async function answer(
  supervisor: Supervisor,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const send = (status: number, body: unknown) =>
    response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
  try {
    switch (request.method) {
      case "HEAD":
        response.writeHead(200).end();
        return;
      case "GET":
        send(200, await supervisor.health());
        return;
      case "POST": {
        let text = "";
        for await (const chunk of request) text += chunk;
        send(200, await supervisor.start(JSON.parse(text) as ManagedProcess));
        return;
      }
      case "DELETE":
        await supervisor.stop();
        send(200, {});
        response.once("close", () => process.exit(0));
        return;
      default:
        send(405, { error: "allowed: HEAD, GET, POST, DELETE" });
    }
  } catch (error) {
    send(500, { error: (error as Error).message });
  }
}

async function main(): Promise<void> {
  if (await supervisorRuns()) {
    say("not started: another supervisor of this platform runs");
    return;
  }
  const earlier = readRecord();
  const supervisor = new Supervisor();
  const leave = (why: string, code: number) => {
    say(why);
    void supervisor.stop().then(() => process.exit(code));
  };
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => leave(signal, 0));
  process.on("uncaughtException", (error) => leave(String(error.stack), 1));
  rmSync(supervisorFiles.socket, { force: true });
  const server = createServer((request, response) => void answer(supervisor, request, response));
  server.listen(supervisorFiles.socket, () => {
    chmodSync(supervisorFiles.socket, 0o600);
    if (earlier) supervisor.adopt(earlier);
    supervisor.writeRecord();
    say("the supervisor is up");
    // Without the record, status and down would not find this process.
    setInterval(() => {
      const gone = !existsSync(supervisorFiles.record);
      if (gone || (readRecord()?.pid ?? process.pid) !== process.pid) leave("the record is gone", 0);
    }, RECORD_MS);
  });
}

void main();
