import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { explainFileError, requireTemporaryFolder } from "../cli/file-errors";
import { runToExit } from "../cli/terminal";
import { received } from "../constructs/core/received";
import { down } from "./down";
import { takeLock } from "./lock";
import { places } from "./places";
import { UserError } from "../constructs/core/user-error";
import { stopRunning } from "../cli/processes";
import { status } from "./status";

const HELP = `npm run local [-- options]
npm run local -- plan [pattern ...]

Brings up the local platform: three servers of Vault, a Kubernetes API and PostgreSQL, all of them real; AWS is an
emulator. Deploys the local environment there. Continues with a platform that is there already, and never deletes one.

  plan        validate and plan the stacks of the other environments, as if nothing existed yet; a pattern is the name
              of an environment or a stack, * for any text in it   (default: all of them)

  --port N    port of the AWS emulator on 127.0.0.1   (default: a free one)
  --fresh     delete the platform that is there, with all its data, and start a new one
  --status    say how each part of the platform does
  --path      print the folders of its programs, vault among them, for PATH; builds what is missing
  --down      delete the platform with all its data; only the cache stays
  --help      this text

One command at a time changes the platform of a checkout; another one ends with exit code 1.
Exit codes: 0 done, 1 failed or not well, 2 wrong options, 130 and 143 interrupted.`;

/** What is done instead of bringing the platform up; they exclude each other. */
const COMMANDS = ["down", "status", "path"] as const;

export type Options = {
  readonly command: "up" | "help" | "plan" | (typeof COMMANDS)[number];
  /** What to plan. */
  readonly patterns: readonly string[];
  readonly port?: number;
  /** Deletes the platform that is there. */
  readonly fresh?: boolean;
};

/** @throws UserError that says which option was wrong and what is allowed */
export function parseOptions(args: readonly string[]): Options {
  let values, positionals;
  try {
    ({ values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        port: { type: "string" },
        status: { type: "boolean" },
        down: { type: "boolean" },
        path: { type: "boolean" },
        fresh: { type: "boolean" },
        help: { type: "boolean" },
      },
    }));
  } catch (error) {
    throw new UserError((error as Error).message);
  }
  const [subcommand, ...patterns] = positionals;
  if (subcommand !== undefined && subcommand !== "plan") {
    throw new UserError(`The command must be plan or none, got ${received(subcommand)}`);
  }
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port >= 1 && port <= 65535)) {
    throw new UserError(`--port must be a whole number from 1 to 65535, got ${received(values.port)}`);
  }
  const [command, other] = COMMANDS.filter((it) => values[it]);
  if (other) throw new UserError(`--${command} and --${other} exclude each other`);
  if (command && values.fresh) throw new UserError(`--fresh and --${command} exclude each other`);
  const option = command ?? (values.fresh ? "fresh" : port === undefined ? undefined : "port");
  if (subcommand && option) throw new UserError(`plan takes no --${option}`);
  const chosen = values.help ? "help" : (subcommand ?? command ?? "up");
  return { command: chosen, patterns, port, fresh: values.fresh };
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

async function deploy({ port, fresh }: Options): Promise<number> {
  // Loaded here, so that the other commands answer at once.
  const { findPlatform } = await import("./found-platform.js");
  const { up } = await import("./up.js");
  requireTemporaryFolder();
  if (fresh) await down();
  // What was there before this run outlives its failure.
  const isFirst = (await findPlatform()).state === "none";
  const leave = async () => {
    await stopRunning();
    if (!isFirst) return;
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

async function plan(patterns: readonly string[]): Promise<number> {
  const { planOthers } = await import("./plan-others.js");
  requireTemporaryFolder();
  try {
    const code = await Promise.race([planOthers(patterns).then(() => 0), interruption()]);
    if (code !== 0) await stopRunning();
    return code;
  } catch (error) {
    await stopRunning();
    throw error;
  }
}

/** Prints what is to be put before PATH; whatever else there is to say is no part of it. */
async function printPath(): Promise<number> {
  const { pathOfPrograms, providePrograms } = await import("./parts.js");
  try {
    requireTemporaryFolder();
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

/** @returns what to print: a full disk can show anywhere, all else that is no UserError is a fault of this program */
export function explain(error: unknown): unknown {
  if (error instanceof UserError) return error.message;
  const settings = [
    { folder: places.cache, remedy: "set XDG_CACHE_HOME to a folder that you may write to" },
    { folder: places.root, remedy: "work in a checkout that you may write to" },
  ];
  const explained = explainFileError(error, settings);
  if (explained !== undefined) return explained;
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
      return alone(async () => {
        await down();
        console.log("The local platform is down.");
        return 0;
      });
    case "plan":
      return alone(() => plan(options.patterns));
    case "up":
      return alone(() => deploy(options));
  }
}

/** Runs the work unless another process works on this checkout's platform. */
export async function alone(work: () => Promise<number>): Promise<number> {
  try {
    const release = await takeLock(places.lock, { holder: `another ${places.command}` });
    try {
      return await work();
    } finally {
      release();
    }
  } catch (error) {
    console.error(explain(error));
    return 1;
  }
}

if (require.main === module) {
  runToExit(() => main(process.argv.slice(2)));
}
