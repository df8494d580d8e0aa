import { projectPaths } from "./project-paths";

/** Start of every call in the help and in messages. */
export const CALL = projectPaths.installed ? "npx vault-platform" : "npm run vault-platform --";
/** The same for calls that may output only the result of the command. */
export const QUIET_CALL = projectPaths.installed ? CALL : "npm run --silent vault-platform --";

/** Exit codes of commands. Up to 2, they mean the same as those of Terraform's -detailed-exitcode. */
export const ExitCode = {
  /** Success, with nothing to report. */
  OK: 0,
  /** Failure, or a wrong call. */
  FAILED: 1,
  /** Success, with findings such as changes or violations. */
  FOUND: 2,
  /** Success, with findings that require approval. A gate in a pipeline stops at this code and passes the others. */
  GATE: 3,
} as const;
/** Exit code of a command. */
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** Option of a command. The parser, the help and the types of the values read it. */
export interface Option {
  /** Type of the value. */
  readonly type: "string" | "boolean";
  /** One or more sentences for the help. */
  readonly help: string;
  /** Placeholder of the value in the help, such as NAME. @default VALUE - choices replace it */
  readonly value?: string;
  /** True if the command fails without it. @default false */
  readonly required?: boolean;
  /** Allowed values. @default - any text */
  readonly choices?: readonly string[];
  /** Value without the option. @default - none */
  readonly default?: string;
  /** Effect of a call without the option, for the help. @default - `default`, if it is set */
  readonly otherwise?: string;
}
/** Options by name. */
export type Options = Readonly<Record<string, Option>>;

/** Positional argument of a command. */
export interface Argument {
  /** Placeholder in the help, such as STACK. */
  readonly name: string;
  /** Sentence for the help. */
  readonly help: string;
  /** True if the argument may be omitted. @default false */
  readonly optional?: boolean;
  /** True for one or more arguments; with `optional`, for any number. @default false */
  readonly repeated?: boolean;
}

type Text<O extends Option> = O extends { readonly choices: readonly (infer Choice)[] } ? Choice : string;
type Value<O extends Option> = O extends { readonly type: "boolean" }
  ? boolean | undefined
  : O extends { readonly required: true } | { readonly default: string }
    ? Text<O>
    : Text<O> | undefined;

/** Call of a command. */
export interface Call<O extends Options = Options> {
  /** Values of the options. */
  readonly values: { readonly [Name in keyof O]: Value<O[Name]> };
  /** Positional arguments. */
  readonly positionals: readonly string[];
  /** Program and arguments after `--`, for a command that runs another one. */
  readonly program: readonly string[];
  /** Aborted by an interruption: running programs are being ended, and no others may start. */
  readonly signal: AbortSignal;
}

/** Command: a subcommand, or a file in `commands/` that exports it as `command` and is named after it. */
export interface Command<O extends Options = Options> {
  /** One sentence for the list of commands, with a verb and without a full stop. */
  readonly summary: string;
  /** Further sentences for the help of the command. @default - none */
  readonly about?: string;
  /** Positional arguments. @default - none are allowed */
  readonly arguments?: readonly Argument[];
  /** Whether another command may follow after `--`. @default - it may not */
  readonly program?: "required" | "optional";
  /** Options of the command. */
  readonly options: O;
  /** True if a shell evaluates the output, so that a failure must also fail in the shell. @default false */
  readonly isEvaluated?: boolean;
  /** Complete calls, as the user types them. */
  readonly examples: readonly string[];
  /** Meaning of each exit code. */
  readonly exitCodes: Readonly<Record<string, string>>;
  /**
   * Runs the command.
   * @returns the exit code: one of ExitCode, or that of a program that the command ran
   * @throws UserError for errors that the user can fix, wrong arguments included
   */
  run(call: Call<O>): Promise<number>;
}

/** Command with subcommands, such as `access`. */
export interface CommandGroup {
  /** One sentence for the list of commands, with a verb and without a full stop. */
  readonly summary: string;
  /** Further sentences for the help. @default - none */
  readonly about?: string;
  /** Subcommands by name. */
  readonly subcommands: Readonly<Record<string, Command>>;
  /** Subcommand that runs if none is named. */
  readonly fallback: string;
}

/** Infers the types of the option values in `run`. */
export function defineCommand<const O extends Options>(command: Command<O>): Command<O> {
  return command;
}

/** Returns true for a command with subcommands. */
export function isGroup(entry: Command | CommandGroup): entry is CommandGroup {
  return "subcommands" in entry;
}
