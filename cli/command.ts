import { projectPaths } from "./project-paths";

/** Start of every call in the help and in messages. */
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

/** An option of a command; the parser, the help and the types of the values all read it. */
export interface Option {
  readonly type: "string" | "boolean";
  /** One or more sentences for the help. */
  readonly help: string;
  /** Placeholder of the value in the help, such as NAME. @default - VALUE; choices take its place */
  readonly value?: string;
  /** True if the command fails without it. @default false */
  readonly required?: boolean;
  /** The only values. @default - any text */
  readonly choices?: readonly string[];
  /** Value without the option. @default - none */
  readonly default?: string;
  /** What the command does without the option, for the help. @default - `default`, if there is one */
  readonly otherwise?: string;
}
export type Options = Readonly<Record<string, Option>>;

/** An argument that is not an option. */
export interface Argument {
  /** Placeholder in the help, such as STACK. */
  readonly name: string;
  readonly help: string;
  /** @default false */
  readonly optional?: boolean;
  /** True for one or more of them; with `optional` for any number. @default false */
  readonly repeated?: boolean;
}

type Text<O extends Option> = O extends { readonly choices: readonly (infer Choice)[] } ? Choice : string;
type Value<O extends Option> = O extends { readonly type: "boolean" }
  ? boolean | undefined
  : O extends { readonly required: true } | { readonly default: string }
    ? Text<O>
    : Text<O> | undefined;

/** How a command was called. */
export interface Call<O extends Options = Options> {
  readonly values: { readonly [Name in keyof O]: Value<O[Name]> };
  readonly positionals: readonly string[];
  /** What follows `--`, for a command that runs another one: its program and arguments. */
  readonly program: readonly string[];
  /** Aborted by an interruption: what runs is being ended, and nothing more may be started. */
  readonly signal: AbortSignal;
}

/** One command: a file in `commands/` that exports it as `command` and gives it its name, or a subcommand. */
export interface Command<O extends Options = Options> {
  /** One sentence for the list of commands, with a verb and without a full stop. */
  readonly summary: string;
  /** Further sentences for the help of the command. @default - none */
  readonly about?: string;
  /** @default - none are allowed */
  readonly arguments?: readonly Argument[];
  /** Whether another command may follow after `--`. @default - it may not */
  readonly program?: "required" | "optional";
  readonly options: O;
  /** True if a shell evaluates the output, so that a failure must fail there as well. @default false */
  readonly isEvaluated?: boolean;
  /** Whole lines, as they are typed. */
  readonly examples: readonly string[];
  /** Meaning of each exit code. */
  readonly exitCodes: Readonly<Record<string, string>>;
  /**
   * @returns the exit code: one of ExitCode's, or that of a program which the command ran
   * @throws UserError for what the user can fix, wrong arguments included
   */
  run(call: Call<O>): Promise<number>;
}

/** A command that has subcommands, such as `access`. */
export interface CommandGroup {
  readonly summary: string;
  /** @default - none */
  readonly about?: string;
  readonly subcommands: Readonly<Record<string, Command>>;
  /** Subcommand that runs if none is named. */
  readonly fallback: string;
}

/** Gives `run` the types of the options. */
export function defineCommand<const O extends Options>(command: Command<O>): Command<O> {
  return command;
}

export function isGroup(entry: Command | CommandGroup): entry is CommandGroup {
  return "subcommands" in entry;
}
