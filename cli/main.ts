import { readdirSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { UserError } from "../constructs/core/user-error";
import { forwardSignal, stopRunning } from "./processes";
import { CALL, type Command, type CommandGroup, ExitCode, isGroup } from "./command";
import { describeUnknownName, parseCall } from "./parse";
import { print, runToExit } from "./terminal";

const folder = join(__dirname, "commands");

/** Names of the commands. Each command is one file of `commands/`, loaded only for its call. */
function commandNames(): string[] {
  return readdirSync(folder)
    .filter((file) => /^[a-z-]+\.[jt]s$/.test(file))
    .map((file) => basename(file, extname(file)))
    .sort();
}

async function load(name: string): Promise<Command | CommandGroup> {
  const file = pathToFileURL(join(folder, `${name}${extname(__filename)}`));
  return ((await import(file.href)) as { command: Command | CommandGroup }).command;
}

async function help(): Promise<string> {
  const names = commandNames();
  const width = Math.max(...names.map((name) => name.length));
  const summaries = await Promise.all(names.map(async (name) => (await load(name)).summary));
  return [
    `Usage: ${CALL} COMMAND [arguments]`,
    "",
    "Commands:",
    ...names.map((name, index) => `  ${name.padEnd(width)}  ${summaries[index]}`),
    "",
    "Exit codes:",
    "  0              done, and nothing to report",
    "  1              failed or called wrongly",
    "  2              found something",
    "  3              found something that requires approval",
    "  129, 130, 143  interrupted",
    "",
    `${CALL} COMMAND --help explains one.`,
  ].join("\n");
}

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === "--help" || name === "-h") {
    print(await help());
    return ExitCode.OK;
  }
  const names = commandNames();
  if (!names.includes(name)) {
    throw new UserError(`${describeUnknownName("command", name, names)} ${CALL} --help explains them.`);
  }
  const entry = await load(name);
  try {
    const parsed = parseCall(entry, { prefix: CALL, name }, rest);
    if ("help" in parsed) {
      print(parsed.help);
      return ExitCode.OK;
    }
    return await runInterruptibly((signal) => parsed.command.run({ ...parsed.call, signal }));
  } catch (error) {
    // A shell takes an empty text for success, and the next command would run against another environment.
    if (!isGroup(entry) && entry.isEvaluated && !rest.includes("--")) print("false");
    throw error;
  }
}

const SIGNALS = [
  ["SIGHUP", 129],
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const;

/**
 * Runs a command until it ends or a signal arrives. A signal ends all programs of the command; Terraform ends in order.
 * An attached program also receives every further signal, so that the user can force it to stop.
 * The exit code is then that of the signal, regardless of the result of the command.
 * Afterwards, a signal ends this process at once. The process may still be waiting for a slow reader of its output.
 */
async function runInterruptibly(work: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const abort = new AbortController();
  const working = work(abort.signal);
  // Cleanup of the command, for example the revocation of a login.
  const tidied = () => Promise.race([Promise.allSettled([working]), sleep(10_000)]);
  let stopped: Promise<number> | undefined;
  const interruption = new Promise<number>((resolve) => {
    for (const [signal, code] of SIGNALS) {
      process.on(signal, () => {
        abort.abort();
        forwardSignal(signal);
        stopped ??= stopRunning()
          .then(tidied)
          .then(() => code);
        resolve(stopped);
      });
    }
  });
  try {
    const code = await Promise.race([working, interruption]);
    return (await stopped) ?? code;
  } catch (error) {
    if (!stopped) throw error;
    return await stopped;
  } finally {
    for (const [signal] of SIGNALS) process.removeAllListeners(signal);
  }
}

runToExit(() => main(process.argv.slice(2)));
