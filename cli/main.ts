import { readdirSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { nearest } from "../constructs/core/nearest";
import { received } from "../constructs/core/received";
import { UserError } from "../constructs/core/user-error";
import { passOn, stopRunning } from "./processes";
import { CALL, type Command, ExitCode } from "./command";

import { print, runToExit } from "./terminal";

const folder = join(__dirname, "commands");

/** Each command is one file of `commands/`, loaded only when it is asked for. */
function commandNames(): string[] {
  return readdirSync(folder)
    .filter((file) => /^[a-z-]+\.[jt]s$/.test(file))
    .map((file) => basename(file, extname(file)))
    .sort();
}

async function load(name: string): Promise<Command> {
  const file = pathToFileURL(join(folder, `${name}${extname(__filename)}`));
  return ((await import(file.href)) as { command: Command }).command;
}

async function help(): Promise<string> {
  const names = commandNames();
  const width = Math.max(...names.map((name) => name.length));
  const summaries = await Promise.all(names.map(async (name) => (await load(name)).summary));
  return [
    `${CALL} <command> [arguments]`,
    "",
    ...names.map((name, index) => `  ${name.padEnd(width)}  ${summaries[index]}`),
    "",
    `${CALL} <command> --help explains one.`,
    "Exit codes: 0 nothing to report, 1 failed or called wrongly, 2 found something, 3 found what wants a person's",
    "consent, 129, 130 and 143 interrupted.",
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
    const got = name === undefined ? "no command" : `the command ${received(name)}`;
    throw new UserError(
      `Got ${got}${suggest(name ?? "", names)}; allowed: ${names.join(", ")}. ${CALL} --help explains them.`,
    );
  }
  const command = await load(name);
  const usage = `${CALL} ${name} ${command.usage}`;
  const { values, positionals } = parse(command, rest, usage);
  if (values.help) {
    print(usage);
    return ExitCode.OK;
  }
  return runInterruptibly((signal) => command.run({ values, positionals, signal }));
}

/** @throws UserError that says which argument was wrong, with the command's usage */
function parse(command: Command, args: string[], usage: string) {
  const options = { ...command.options, help: { type: "boolean", short: "h" } } as const;
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const isUnknown = code === "ERR_PARSE_ARGS_UNKNOWN_OPTION";
    throw new UserError(`${isUnknown ? describeUnknown(args, Object.keys(options)) : message}\n\n${usage}`);
  }
}

function suggest(name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  return meant === undefined ? "" : ` (did you mean ${meant}?)`;
}

/** Node's own text advises to pass the option as an argument, which is hardly ever meant. */
function describeUnknown(args: string[], known: readonly string[]): string {
  const { tokens } = parseArgs({ args, strict: false, tokens: true });
  const unknown = tokens.find((token) => token.kind === "option" && !known.includes(token.name));
  const name = unknown?.kind === "option" ? unknown.name : "";
  const flags = known.map((it) => `--${it}`);
  return `Got the option ${received(`--${name}`)}${suggest(`--${name}`, flags)}; allowed: ${flags.join(", ")}.`;
}

const SIGNALS = [
  ["SIGHUP", 129],
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const;

/**
 * Runs a command until it ends or a signal comes, which ends all that the command runs, Terraform in order. A program
 * that has the terminal is told of each further signal as well: a person who insists is heard. The exit code is then
 * the signal's, whatever the command makes of the end of its programs. Afterwards a signal ends this process at once,
 * which may still wait for a slow reader of its output.
 */
async function runInterruptibly(work: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const abort = new AbortController();
  const working = work(abort.signal);
  // What the command itself has to tidy up, a login for example.
  const tidied = () => Promise.race([Promise.allSettled([working]), sleep(10_000)]);
  let stopped: Promise<number> | undefined;
  const interruption = new Promise<number>((resolve) => {
    for (const [signal, code] of SIGNALS) {
      process.on(signal, () => {
        abort.abort();
        passOn(signal);
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
