import { type ChildProcess, spawn } from "node:child_process";
import {
  chmodSync,
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { type Health, type Part, healthOf } from "./part";
import { type PartRecord, type SupervisorRecord, supervisorFiles } from "./supervision";

/** What ends within this time counts as a failure to start, and makes the next start wait longer. */
const SHORT_LIFE_MS = 60_000;
const STOP_MS = 10_000;

interface Watched {
  readonly part: Part;
  child?: ChildProcess;
  since: string;
  restarts: number;
  failures: number;
  /** It has answered once: from then on its ends are ends, not failures to start. */
  established: boolean;
  lastEnd?: string;
  restart?: NodeJS.Timeout;
}

/**
 * The one process that owns all parts of the platform. It outlives the command that started it, and it ends
 * whatever it has started. What it does and why is in its log and in its record.
 */
class Supervisor {
  private readonly parts = new Map<string, Watched>();
  private readonly since = new Date().toISOString();
  private stopping?: Promise<void>;

  async start(part: Part): Promise<PartRecord> {
    if (this.stopping) throw new Error(`${part.name} is not started: the platform is being taken down`);
    const before = this.parts.get(part.name);
    if (before?.child) return this.record(before);
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
    while (watched.child && Date.now() < deadline && !this.stopping) {
      if ((await healthOf(part.check)).answers) {
        watched.established = true;
        return this.record(watched);
      }
      await sleep(50);
    }
    const reason = watched.child ? `no answer at ${part.address} in ${seconds} s` : watched.lastEnd;
    const { child } = watched;
    if (child) await this.end(watched, child);
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

  /** Ends every part. Told twice, it ends them once. */
  stop(): Promise<void> {
    this.stopping ??= Promise.all(
      [...this.parts.values()].map(async (watched) => {
        clearTimeout(watched.restart);
        if (watched.child) await this.end(watched, watched.child);
      }),
    ).then(() => undefined);
    return this.stopping;
  }

  writeRecord(): void {
    const record: SupervisorRecord = { pid: process.pid, since: this.since, parts: this.list() };
    // A reader sees the old record or the new one, never half of one.
    const draft = `${supervisorFiles.record}.new`;
    writeFileSync(draft, JSON.stringify(record, undefined, 2), { mode: 0o600 });
    renameSync(draft, supervisorFiles.record);
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
    watched.child = child;
    watched.since = new Date().toISOString();
    let ended = false;
    const onEnd = (how: string) => {
      if (ended) return;
      ended = true;
      watched.child = undefined;
      watched.lastEnd = how;
      this.afterEnd(watched);
    };
    child.once("error", ({ message }) => onEnd(message));
    child.once("exit", (code, signal) =>
      onEnd(signal ? `ended by ${signal}` : `ended with exit code ${code}`),
    );
    say(`${part.name}: started as process ${child.pid}`);
    this.writeRecord();
  }

  private afterEnd(watched: Watched): void {
    const { part, lastEnd } = watched;
    const lived = Date.now() - Date.parse(watched.since);
    watched.since = new Date().toISOString();
    say(`${part.name}: ${lastEnd}`);
    this.writeRecord();
    if (!part.restart || !watched.established || this.stopping) return;
    watched.failures = lived < SHORT_LIFE_MS ? watched.failures + 1 : 1;
    const seconds = Math.min(2 ** (watched.failures - 1), 30);
    say(`${part.name}: starts again in ${seconds} s`);
    watched.restart = setTimeout(() => {
      watched.restarts++;
      this.spawn(watched);
    }, seconds * 1000);
  }

  private async end({ part }: Watched, child: ChildProcess): Promise<void> {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    signalGroup(child, part.stopSignal ?? "SIGTERM");
    const inTime = await Promise.race([ended.then(() => true), sleep(STOP_MS, false)]);
    // What is left of its group goes too, also when the process itself has ended in order.
    signalGroup(child, "SIGKILL");
    if (!inTime) {
      say(`${part.name}: did not end in ${STOP_MS / 1000} s and was killed`);
      await ended;
    }
  }

  private record({ part, child, since, restarts, lastEnd }: Watched): PartRecord {
    // Not the environment: it may hold what the parts keep from each other.
    const { name, program, args, address, logFile, check } = part;
    return { name, program, args, address, logFile, check, pid: child?.pid, since, restarts, lastEnd };
  }
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // It is gone already.
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
        send(200, await supervisor.start(JSON.parse(text) as Part));
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

function main(): void {
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
    supervisor.writeRecord();
    say("the supervisor is up");
  });
}

main();
