import { parseArgs } from "node:util";
import { nearest } from "../constructs/core/nearest";
import { received } from "../constructs/core/received";
import { UserError } from "../constructs/core/user-error";
import { type Call, type Command, type CommandGroup, isGroup } from "./command";
import { renderArguments, renderHelp, renderUsage } from "./help";

/** Error for a call that does not match the command. */
export class UsageError extends UserError {}

/** Result of parsing: the requested help, or a command with its arguments. */
export type Parsed =
  | { readonly help: string }
  | {
      /** Name of the subcommand. @default - the command has none */
      readonly subcommand?: string;
      readonly command: Command;
      readonly call: Omit<Call, "signal">;
    };

/** Title of a call. `name` is empty if the npm script is the command. */
interface Title {
  readonly prefix: string;
  readonly name: string;
}

interface Place {
  readonly group: CommandGroup;
  /** False if the group's fallback runs. */
  readonly isNamed: boolean;
}

/**
 * Parses the arguments of a command or a group of commands.
 * @throws UsageError that names the wrong argument and the allowed ones, with the usage
 */
export function parseCall(entry: Command | CommandGroup, title: Title, args: readonly string[]): Parsed {
  if (!isGroup(entry)) return parseCommand(entry, title, args);
  const { subcommands, fallback } = entry;
  const known = Object.keys(subcommands);
  const [first, ...rest] = args;
  const isNamed = first !== undefined && !first.startsWith("-");
  if (isNamed && !known.includes(first)) {
    throw usageError(entry, title, describeUnknownName("subcommand", first, known));
  }
  const subcommand = isNamed ? first : fallback;
  const own = { ...title, name: join(title.name, subcommand) };
  const parsed = parseCommand(subcommands[subcommand], own, isNamed ? rest : args, {
    group: entry,
    isNamed,
  });
  if ("help" in parsed) return isNamed ? parsed : { help: renderHelp(entry, lineOf(title)) };
  return { subcommand, ...parsed };
}

/** Message for an unknown name, with the most similar name and the allowed names. */
export function describeUnknownName(
  kind: string,
  name: string | undefined,
  known: readonly string[],
): string {
  const got = name === undefined ? `no ${kind}` : `the ${kind} ${received(name)}`;
  return `Got ${got}${suggest(name ?? "", known)}; allowed: ${known.join(", ")}.`;
}

function parseCommand(command: Command, title: Title, args: readonly string[], place?: Place): Parsed {
  const parsed = parseTokens(command, title, args, place);
  const { help, ...values } = parsed.values as Record<string, string | boolean | undefined>;
  if (help) return { help: renderHelp(command, lineOf(title)) };
  const terminator = parsed.tokens.find(({ kind }) => kind === "option-terminator");
  const program = command.program && terminator ? args.slice(terminator.index + 1) : [];
  const positionals = parsed.positionals.slice(0, parsed.positionals.length - program.length);
  const problem =
    wrongArguments(command, title.name, positionals, place) ?? wrongValues(command, title.name, values);
  if (problem !== undefined) throw usageError(command, title, problem);
  if (command.program === "required" && program.length === 0) {
    throw usageError(command, title, `${title.name} requires a command after --.`);
  }
  return { command, call: { values, positionals, program } as Omit<Call, "signal"> };
}

function parseTokens(command: Command, title: Title, args: readonly string[], place?: Place) {
  const options = { ...command.options, help: { type: "boolean", short: "h" } } as const;
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, tokens: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const isUnknown = code === "ERR_PARSE_ARGS_UNKNOWN_OPTION";
    throw usageError(
      command,
      title,
      isUnknown ? describeUnknownOption(args, Object.keys(options), place) : message,
    );
  }
}

function wrongArguments(
  command: Command,
  name: string,
  positionals: readonly string[],
  place?: Place,
): string | undefined {
  const allowed = command.arguments ?? [];
  const least = allowed.filter(({ optional }) => !optional).length;
  const most = allowed.some(({ repeated }) => repeated) ? Infinity : allowed.length;
  if (positionals.length >= least && positionals.length <= most) return undefined;
  const late = positionals.find(
    (it) => place && !place.isNamed && Object.hasOwn(place.group.subcommands, it),
  );
  if (late !== undefined) return `Got the subcommand ${late} after an option; write it before.`;
  if (command.program) return `${name} takes a command after -- and no other arguments.`;
  const wanted = allowed.length === 0 ? "no arguments" : renderArguments(allowed);
  // The arguments are left out, because any of them may be a secret.
  return `${name} takes ${wanted}, got ${received(positionals.length)}.`;
}

function wrongValues(
  command: Command,
  name: string,
  values: Readonly<Record<string, string | boolean | undefined>>,
): string | undefined {
  for (const [flag, { required, choices }] of Object.entries(command.options)) {
    const value = values[flag];
    if (value === undefined && required) return `${name} requires --${flag}.`;
    if (value === undefined || choices === undefined || choices.includes(String(value))) continue;
    const meant = suggest(String(value), choices);
    return `--${flag} must be ${choices.join(", ")}, got ${received(value)}${meant}.`;
  }
  return undefined;
}

/**
 * Message for an unknown option. Node's message advises to pass the option as an argument, which is rarely intended.
 */
function describeUnknownOption(args: readonly string[], known: readonly string[], place?: Place): string {
  const { tokens } = parseArgs({ args: [...args], strict: false, tokens: true });
  const unknown = tokens.find((token) => token.kind === "option" && !known.includes(token.name));
  const name = unknown?.kind === "option" ? unknown.name : "";
  const flags = known.map((it) => `--${it}`);
  const hint = (place && hintOfGroup(name, flags, place)) ?? suggest(`--${name}`, flags);
  return `Got the option ${received(`--${name}`)}${hint}; allowed: ${flags.join(", ")}.`;
}

/** Hint for an option of another subcommand, or for a subcommand that was written as an option. */
function hintOfGroup(name: string, flags: readonly string[], { group }: Place): string | undefined {
  const all = Object.entries(group.subcommands);
  const owners = all.filter(([, { options }]) => Object.hasOwn(options, name));
  if (owners.length > 0) return ` (an option of the subcommand ${owners.map(([it]) => it).join(" and ")})`;
  const names = all.map(([it]) => it);
  const meant = names.includes(name) || !nearest(`--${name}`, flags) ? nearest(name, names) : undefined;
  return meant && ` (did you mean the subcommand ${meant}?)`;
}

function suggest(name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  return meant === undefined ? "" : ` (did you mean ${meant}?)`;
}

function usageError(entry: Command | CommandGroup, title: Title, message: string): UsageError {
  const line = lineOf(title);
  return new UsageError(`${message}\n\n${renderUsage(entry, line)}\n${join(line, "--help")} explains it.`);
}

function lineOf({ prefix, name }: Title): string {
  return join(prefix, name);
}

function join(...parts: readonly string[]): string {
  return parts.filter(Boolean).join(" ");
}
