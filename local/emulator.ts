import { spawn } from "node:child_process";
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
}

export function emulatorUrl({ port }: Emulator): string {
  return `http://127.0.0.1:${port}`;
}

/** The emulator that an earlier run left running, if it still does. */
export function runningEmulator(file = record): Emulator | undefined {
  if (!existsSync(file)) return undefined;
  const emulator = JSON.parse(readFileSync(file, "utf8")) as Emulator;
  try {
    // Another program may have got the number since.
    const command = readFileSync(`/proc/${emulator.pid}/cmdline`, "utf8");
    return command.includes("moto_server") && command.includes(String(emulator.port)) ? emulator : undefined;
  } catch {
    return undefined;
  }
}

/** True when the emulator still has to be installed, which takes a minute. */
export function emulatorIsMissing(): boolean {
  return !existsSync(join(venv, "complete"));
}

/** Installs the emulator into a private virtual environment that later runs find again. */
export async function installEmulator(): Promise<void> {
  rmSync(venv, { recursive: true, force: true });
  mkdirSync(places.cache, { recursive: true });
  for (const [program, args] of [
    ["python3", ["-m", "venv", venv]],
    [join(venv, "bin", "pip"), ["install", "--quiet", MOTO]],
  ] as const) {
    const { code, stderr } = await run(program, args);
    if (code !== 0) throw new Problem(`The AWS emulator (${MOTO}) could not be installed:\n${stderr.trim()}`);
  }
  writeFileSync(join(venv, "complete"), "");
}

/** Starts the emulator on loopback and waits until it answers. */
export async function startEmulator(wantedPort?: number): Promise<Emulator> {
  const port = await freePort(wantedPort);
  mkdirSync(places.run, { recursive: true });
  const log = openSync(join(places.run, "emulator.log"), "a");
  const child = spawn(join(venv, "bin", "moto_server"), ["-H", "127.0.0.1", "-p", String(port)], {
    detached: true,
    stdio: ["ignore", log, log],
  });
  child.unref();
  if (child.pid === undefined)
    throw new Problem(`The AWS emulator did not start; see ${join(places.run, "emulator.log")}.`);
  const emulator = { pid: child.pid, port };
  writeFileSync(record, JSON.stringify(emulator));
  for (let attempt = 0; attempt < 150; attempt++) {
    if (await answers(emulator)) return emulator;
    await sleep(200);
  }
  throw new Problem(`The AWS emulator does not answer at ${emulatorUrl(emulator)}; see .local/emulator.log.`);
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
    // A process that ended but was not collected yet has an empty command line; one that is gone has no file.
    while (readFileSync(`/proc/${pid}/cmdline`, "utf8") !== "" && Date.now() < deadline) {
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
