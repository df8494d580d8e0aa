import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { down } from "./down";
import { places } from "./places";
import { Problem } from "./problem";
import { stopRunning } from "./processes";
import { status } from "./status";

const HELP = `npm run local [-- options]

Brings up the local platform: three servers of Vault, a Kubernetes API and PostgreSQL, all of them real; AWS is an
emulator. Deploys the local environment there. Every other stack is validated and planned as if nothing existed yet.

  --port N    port of the AWS emulator on 127.0.0.1   (default: a free one)
  --status    say how each part of the platform does
  --path      print the folders of its programs, vault among them, for PATH; builds what is missing
  --down      take it away; only the cache stays
  --help      this text

Exit codes: 0 done, 1 failed or not well, 2 wrong options, 130 and 143 interrupted.`;

/** What is done instead of bringing the platform up; they exclude each other. */
const COMMANDS = ["down", "status", "path"] as const;

export type Options = {
  readonly command: "up" | "help" | (typeof COMMANDS)[number];
  readonly port?: number;
};

/** @throws Problem that says which option was wrong and what is allowed */
export function parseOptions(args: readonly string[]): Options {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        port: { type: "string" },
        status: { type: "boolean" },
        down: { type: "boolean" },
        path: { type: "boolean" },
        help: { type: "boolean" },
      },
    }));
  } catch (error) {
    throw new Problem((error as Error).message);
  }
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port >= 1 && port <= 65535)) {
    throw new Problem(`--port must be a whole number from 1 to 65535, got ${values.port}`);
  }
  const [command, other] = COMMANDS.filter((it) => values[it]);
  if (other) throw new Problem(`--${command} and --${other} exclude each other`);
  return { command: values.help ? "help" : (command ?? "up"), port };
}

/**
 * Waits for the first signal and says so. Those after it change nothing: npm passes on what the terminal has sent
 * already, and must not end the clean-up half-way.
 * @returns the exit code
 */
function interruption(): Promise<number> {
  return new Promise((resolve) => {
    let interrupted = false;
    for (const [signal, code] of [
      ["SIGINT", 130],
      ["SIGTERM", 143],
    ] as const) {
      process.on(signal, () => {
        if (interrupted) return;
        interrupted = true;
        console.error(`\nInterrupted (${signal}).`);
        resolve(code);
      });
    }
  });
}

async function deploy(port?: number): Promise<number> {
  // Loaded here, so that the other commands answer at once.
  const { standingPlatform, up } = await import("./up");
  // A platform that stood before this run outlives its failure.
  const stoodBefore = (await standingPlatform()) !== undefined;
  const leave = async () => {
    await stopRunning();
    if (stoodBefore) return;
    if (existsSync(places.run)) console.error("Taking down what this run had started.");
    await down();
  };
  try {
    const code = await Promise.race([up(port).then(() => 0), interruption()]);
    if (code !== 0) await leave();
    return code;
  } catch (error) {
    console.error(explain(error));
    await leave();
    return 1;
  }
}

/** Prints what is to be put before PATH; whatever else there is to say is no part of it. */
async function printPath(): Promise<number> {
  const { pathOfPrograms, providePrograms } = await import("./parts");
  try {
    const print = async () => {
      console.log(pathOfPrograms(await providePrograms(console.error)));
      return 0;
    };
    const code = await Promise.race([print(), interruption()]);
    if (code !== 0) await stopRunning();
    return code;
  } catch (error) {
    console.error(explain(error));
    return 1;
  }
}

/** @returns what to print: a full disk can show anywhere, all else that is no Problem is a fault of this program */
export function explain(error: unknown): unknown {
  if (error instanceof Problem) return error.message;
  const { code, message } = error as NodeJS.ErrnoException;
  return code === "ENOSPC" ? `The disk is full: ${message}` : error;
}

async function main(args: readonly string[]): Promise<number> {
  let options: Options;
  try {
    options = parseOptions(args);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${HELP}`);
    return 2;
  }
  switch (options.command) {
    case "help":
      console.log(HELP);
      return 0;
    case "status":
      return status();
    case "path":
      return printPath();
    case "down":
      await down();
      console.log("The local platform is down.");
      return 0;
    case "up":
      return deploy(options.port);
  }
}

if (require.main === module) {
  void main(process.argv.slice(2)).then((code) => process.exit(code));
}
