import type { ParseArgsConfig, parseArgs } from "node:util";
import { projectPaths } from "./project-paths";

/** How a person calls the command line. */
export const CALL = projectPaths.installed ? "npx vault-platform" : "npm run vault-platform --";
/** The same where nothing but what the command prints may be in the output. */
export const QUIET_CALL = projectPaths.installed ? CALL : "npm run --silent vault-platform --";

/** What a command's end says to the shell; up to 2 Terraform's -detailed-exitcode says the same. */
export const ExitCode = {
  /** Done, and nothing to report. */
  OK: 0,
  /** Failed, or called wrongly. */
  FAILED: 1,
  /** Done, and found what was looked for: changes, violations. */
  FOUND: 2,
  /** Done, and found what wants a person's consent: a gate in a pipeline lets the others pass and stops at this one. */
  GATE: 3,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

type OptionsConfig = NonNullable<ParseArgsConfig["options"]>;

type Parsed<Options extends OptionsConfig> = ReturnType<
  typeof parseArgs<{ options: Options; allowPositionals: true; strict: true }>
>;

/** How a command was called. */
export type Call<Options extends OptionsConfig> = Pick<Parsed<Options>, "values" | "positionals"> & {
  /** Aborted by an interruption: what runs is being ended, and nothing more may be started. */
  readonly signal: AbortSignal;
};

/** One command: a file in `commands/` that exports it as `command` and gives it its name. */
export interface Command<Options extends OptionsConfig = OptionsConfig> {
  /** One line for the list of commands. */
  readonly summary: string;
  /** What follows the command's name, its arguments and options, each explained; printed by `--help`. */
  readonly usage: string;
  readonly options: Options;
  /**
   * @returns the exit code: one of ExitCode's, or that of a program which the command ran
   * @throws UserError for what the person at the terminal can mend, wrong arguments included
   */
  run(call: Call<Options>): Promise<number>;
}

/** Gives `run` the types of the options. */
export function defineCommand<const Options extends OptionsConfig>(
  command: Command<Options>,
): Command<Options> {
  return command;
}
