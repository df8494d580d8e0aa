import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { places } from "./places";
import { Problem } from "./problem";
import { run } from "./processes";

const MOTO = "moto[server]==5.2.1";
const venv = join(places.cache, "moto-5.2.1");
const record = join(places.run, "emulator.json");

/** The AWS emulator of the local platform; all it knows is in its memory and dies with it. */
export interface Emulator {
  readonly pid: number;
  readonly port: number;
  /** When it was started, in ISO 8601. */
  readonly started: string;
}

export function emulatorUrl({ port }: Emulator): string {
  return `http://127.0.0.1:${port}`;
}

/** The emulator that an earlier run left running, if it still does. */
export function runningEmulator(file = record): Emulator | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const emulator = JSON.parse(readFileSync(file, "utf8")) as Emulator;
    // Another program may have got the number since.
    const command = commandLine(emulator.pid);
    return command.includes("moto_server") && command.includes(String(emulator.port)) ? emulator : undefined;
  } catch {
    return undefined;
  }
}

/** How a process was called; empty for one that ended, collected or not. */
function commandLine(pid: number): string {
  if (!existsSync("/proc/self/cmdline")) {
    return spawnSync("ps", ["-p", String(pid), "-o", "command="], { encoding: "utf8" }).stdout ?? "";
  }
  const file = `/proc/${pid}/cmdline`;
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

/** True when the emulator still has to be installed, or again: the Python that it was made with may be gone. */
export function emulatorIsMissing(): boolean {
  return !["complete", "bin/python"].every((file) => existsSync(join(venv, file)));
}

/** Installs the emulator into a private virtual environment that later runs find again. */
export async function installEmulator(): Promise<void> {
  rmSync(venv, { recursive: true, force: true });
  mkdirSync(places.cache, { recursive: true });
  for (const [program, args] of [
    ["python3", ["-m", "venv", venv]],
    [join(venv, "bin", "pip"), ["install", "--quiet", MOTO]],
  ] as const) {
    const { code, stdout, stderr } = await run(program, args);
    if (code !== 0) {
      // Python says on its standard output that a system lacks the package with venv.
      throw new Problem(`The AWS emulator (${MOTO}) could not be installed:\n${(stdout + stderr).trim()}`);
    }
  }
  writeFileSync(join(venv, "complete"), "");
}

/** Starts the emulator on loopback and waits until it answers. */
export async function startEmulator(wantedPort?: number): Promise<Emulator> {
  const port = await freePort(wantedPort);
  mkdirSync(places.run, { recursive: true });
  const logFile = join(places.run, "emulator.log");
  const log = openSync(logFile, "a");
  const child = spawn(join(venv, "bin", "moto_server"), ["-H", "127.0.0.1", "-p", String(port)], {
    detached: true,
    stdio: ["ignore", log, log],
  });
  let end: string | undefined;
  child.once("error", ({ message }) => (end = message));
  child.once("exit", (code, signal) => (end = `it ended with ${signal ?? code}`));
  child.unref();
  const emulator = { pid: child.pid ?? 0, port, started: new Date().toISOString() };
  if (child.pid !== undefined) writeFileSync(record, JSON.stringify(emulator));
  for (let attempt = 0; attempt < 150 && end === undefined; attempt++) {
    if (await answers(emulator)) return emulator;
    await sleep(200);
  }
  // The log goes away with the platform.
  const lastLines = readFileSync(logFile, "utf8").trim().split("\n").slice(-10).join("\n");
  const reason = end ?? `no answer at ${emulatorUrl(emulator)} in 30 s`;
  throw new Problem(`The AWS emulator did not start: ${reason}\n${lastLines}`.trim());
}

export async function answers(emulator: Emulator): Promise<boolean> {
  try {
    return (await fetch(`${emulatorUrl(emulator)}/moto-api/`)).ok;
  } catch {
    return false;
  }
}

/** Ends the emulator and waits until it is gone. */
export function stopEmulator({ pid }: Emulator): void {
  try {
    process.kill(-pid, "SIGTERM");
    const deadline = Date.now() + 5000;
    while (commandLine(pid).includes("moto_server") && Date.now() < deadline) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    }
    process.kill(-pid, "SIGKILL");
  } catch {
    // It is gone already.
  }
}

/** @throws Problem when the wanted port is taken; without one the system chooses */
export function freePort(wanted = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", () =>
      reject(
        new Problem(
          `Port ${wanted} on 127.0.0.1 is in use; give --port another one, or none to have a free one chosen.`,
        ),
      ),
    );
    probe.listen(wanted, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
