import { readdirSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Problem } from "../local/problem";
import { passOn, stopRunning } from "../local/processes";
import { CALL, type Command, ExitCode } from "./command";

const folder = join(__dirname, "commands");

/** Each command is one file of `commands/`, loaded only when it is asked for. */
function commandNames(): string[] {
  return readdirSync(folder)
    .filter((file) => /^[a-z-]+\.[jt]s$/.test(file))
    .map((file) => basename(file, extname(file)))
    .sort();
}

async function load(name: string): Promise<Command> {
  return ((await import(join(folder, name))) as { command: Command }).command;
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
    console.log(await help());
    return ExitCode.OK;
  }
  const names = commandNames();
  if (!names.includes(name)) {
    const got = name === undefined ? "no command" : `the command "${name}"`;
    throw new Problem(`Got ${got}; allowed: ${names.join(", ")}. ${CALL} --help explains them.`);
  }
  const command = await load(name);
  const usage = `${CALL} ${name} ${command.usage}`;
  const { values, positionals } = parse(command, rest, usage);
  if (values.help) {
    console.log(usage);
    return ExitCode.OK;
  }
  return runInterruptibly((signal) => command.run({ values, positionals, signal }));
}

/** @throws Problem that says which argument was wrong, with the command's usage */
function parse({ options }: Command, args: string[], usage: string) {
  try {
    return parseArgs({
      args,
      options: { ...options, help: { type: "boolean", short: "h" } },
      allowPositionals: true,
    });
  } catch (error) {
    throw new Problem(`${(error as Error).message}\n\n${usage}`);
  }
}

/**
 * Runs a command until it ends or a signal comes, which ends all that the command runs, Terraform in order. A program
 * that has the terminal is told of each further signal as well: a person who insists is heard. The exit code is then
 * the signal's, whatever the command makes of the end of its programs.
 */
async function runInterruptibly(work: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const abort = new AbortController();
  const working = work(abort.signal);
  // What the command itself has to tidy up, a login for example.
  const tidied = () => Promise.race([Promise.allSettled([working]), sleep(10_000)]);
  let stopped: Promise<number> | undefined;
  const interruption = new Promise<number>((resolve) => {
    for (const [signal, code] of [
      ["SIGHUP", 129],
      ["SIGINT", 130],
      ["SIGTERM", 143],
    ] as const) {
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
    return stopped ?? code;
  } catch (error) {
    if (!stopped) throw error;
    return stopped;
  }
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error) => {
    console.error(error instanceof Problem ? error.message : error);
    process.exit(ExitCode.FAILED);
  },
);
