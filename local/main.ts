import { existsSync } from "node:fs";
import { explainFileError, requireTemporaryFolder } from "../cli/file-errors";
import { runToExit } from "../cli/terminal";
import { received } from "../constructs/core/received";
import { type CommandGroup, defineCommand } from "../cli/command";
import { ONLY_ENV, STACKS } from "../cli/options";
import { UsageError, parseCall } from "../cli/parse";
import { down as takeDown } from "./down";
import { takeLock } from "./lock";
import { places } from "./places";
import { UserError } from "../constructs/core/user-error";
import { stopRunning } from "../cli/processes";
import { status as showStatus } from "./status";

const CALL = "npm run local";
const CODES = { "0": "done", "1": "failed", "2": "called wrongly", "130, 143": "interrupted" };

/** Parses a port. @throws UserError if the text is not a port */
function portOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65535) return port;
  throw new UsageError(`--port must be a whole number from 1 to 65535, got ${received(text)}.`);
}

const up = defineCommand({
  summary: "Starts the local platform and deploys the environment local to it",
  about: `Continues with a platform that exists, and never deletes one unless you ask for it with --fresh.`,
  options: {
    port: {
      type: "string",
      value: "N",
      help: "Port of the AWS emulator on 127.0.0.1.",
      otherwise: "a free one",
    },
    fresh: { type: "boolean", help: "Delete the platform with all its data, and start a new one." },
  },
  examples: [CALL, `${CALL} -- --fresh`],
  exitCodes: CODES,
  async run({ values: { port, fresh } }) {
    const emulatorPort = portOf(port);
    return alone(() => deploy(emulatorPort, fresh));
  },
});

const plan = defineCommand({
  summary: "Validates and plans stacks of the other environments, as if nothing existed yet",
  arguments: [STACKS],
  options: { env: ONLY_ENV },
  examples: [`${CALL} -- plan --env dev`, `${CALL} -- plan '*-config'`],
  exitCodes: CODES,
  run: ({ values: { env }, positionals }) => alone(() => planAll(positionals, env)),
});

const status = defineCommand({
  summary: "Shows the state of each part of the platform",
  options: {},
  examples: [`${CALL} -- status`],
  exitCodes: {
    "0": "every part is healthy",
    "1": "a part is not healthy, or nothing runs",
    "2": "called wrongly",
  },
  run: showStatus,
});

const path = defineCommand({
  summary: "Prints the folders of the platform's programs, vault among them, for PATH",
  about: "Builds programs that are missing.",
  options: {},
  examples: [`export PATH="$(npm run --silent local -- path):$PATH"`],
  exitCodes: CODES,
  run: printPath,
});

const down = defineCommand({
  summary: "Deletes the platform with all its data",
  about: "Only the cache remains.",
  options: {},
  examples: [`${CALL} -- down`],
  exitCodes: CODES,
  run: () =>
    alone(async () => {
      await takeDown();
      console.log("The local platform is down.");
      return 0;
    }),
});

/** `npm run local`. */
export const local: CommandGroup = {
  summary: "Runs a rehearsal of production on this machine",
  about: `The platform has three Vault servers, a Kubernetes API and PostgreSQL, all of them real, and an emulator of AWS. One command at a time changes the platform of a checkout; another one ends with exit code 1.`,
  fallback: "up",
  subcommands: { up, plan, status, path, down },
};

/**
 * Waits for the first signal and prints it. Later signals have no effect: npm forwards signals that the terminal has
 * already sent, and these must not end the clean-up halfway.
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

async function deploy(port: number | undefined, fresh = false): Promise<number> {
  // Imported here so that the other commands start fast.
  const { findPlatform } = await import("./found-platform.js");
  const { up: bringUp } = await import("./up.js");
  requireTemporaryFolder();
  if (fresh) await takeDown();
  // A failed run keeps a platform that existed before.
  const isFirst = (await findPlatform()).state === "none";
  const leave = async () => {
    await stopRunning();
    if (!isFirst) return;
    if (existsSync(places.run)) console.error("Taking down what this run had started.");
    await takeDown();
  };
  try {
    const code = await Promise.race([bringUp(port).then(() => 0), interruption()]);
    if (code !== 0) await leave();
    return code;
  } catch (error) {
    console.error(explain(error));
    await leave();
    return 1;
  }
}

async function planAll(patterns: readonly string[], env?: string): Promise<number> {
  const { planOthers } = await import("./plan-others.js");
  requireTemporaryFolder();
  try {
    const code = await Promise.race([planOthers(patterns, env).then(() => 0), interruption()]);
    if (code !== 0) await stopRunning();
    return code;
  } catch (error) {
    await stopRunning();
    throw error;
  }
}

/** Prints the folders to put before PATH. Other messages go to standard error. */
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

/**
 * Explains an error. A full disk can occur anywhere; any other error that is not a UserError is a bug.
 * @returns the value to print
 */
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

/**
 * Runs a subcommand of an npm script.
 * @param prefix call of the script
 * @returns the exit code: 2 for a wrong call
 */
export async function runScript(
  group: CommandGroup,
  prefix: string,
  args: readonly string[],
): Promise<number> {
  try {
    const parsed = parseCall(group, { prefix, name: "" }, args);
    if ("help" in parsed) {
      console.log(parsed.help);
      return 0;
    }
    return await parsed.command.run({ ...parsed.call, signal: new AbortController().signal });
  } catch (error) {
    console.error(explain(error));
    return error instanceof UsageError ? 2 : 1;
  }
}

/** Runs the work unless another process uses the platform of this checkout. */
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
  runToExit(() => runScript(local, `${CALL} --`, process.argv.slice(2)));
}
