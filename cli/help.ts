import { type Argument, type Command, type CommandGroup, type Option, isGroup } from "./command";

/** Width of the help text, in columns. */
const WIDTH = 110;

type Row = readonly [name: string, text: string];

/**
 * Help of a command or a group of commands.
 * @param title call without options, such as `npm run vault-platform -- diff`
 */
export function renderHelp(entry: Command | CommandGroup, title: string): string {
  return isGroup(entry) ? renderGroup(entry, title) : renderCommand(entry, title);
}

/** Lines that show how to call a command or a group. */
export function renderUsage(entry: Command | CommandGroup, title: string): string {
  const lines = isGroup(entry)
    ? Object.entries(entry.subcommands).map(([name, command]) =>
        usageOf(command, `${title} ${name === entry.fallback ? `[${name}]` : name}`),
      )
    : [usageOf(entry, title)];
  return lines.map((line, index) => `${index === 0 ? "Usage: " : "       "}${line}`).join("\n");
}

/** Flag of an option with its value, such as `--env NAME`. */
export function flagOf(name: string, { type, value, choices }: Option): string {
  return type === "boolean" ? `--${name}` : `--${name} ${choices?.join("|") ?? value ?? "VALUE"}`;
}

/** Arguments in the notation of the usage line. */
export function renderArguments(all: readonly Argument[]): string {
  return all
    .map(({ name, optional, repeated }) => {
      const text = repeated ? `${name} ...` : name;
      return optional ? `[${text}]` : text;
    })
    .join(" ");
}

function usageOf(command: Command, title: string): string {
  const options = Object.entries(command.options);
  const program = "-- COMMAND [ARGUMENT ...]";
  return [
    title,
    renderArguments(command.arguments ?? []),
    ...options.filter(([, { required }]) => required).map(([name, option]) => flagOf(name, option)),
    options.some(([, { required }]) => !required) ? "[options]" : "",
    command.program === "required" ? program : command.program === "optional" ? `[${program}]` : "",
  ]
    .filter(Boolean)
    .join(" ");
}

function renderCommand(command: Command, title: string): string {
  return joinParts([
    renderUsage(command, title),
    wrap(`${command.summary}.`, 0),
    paragraphs(command.about),
    section("Arguments", argumentRows(command)),
    section("Options", optionRows(command)),
    examples(command.examples),
    section("Exit codes", Object.entries(command.exitCodes)),
  ]);
}

function renderGroup(group: CommandGroup, title: string): string {
  const { subcommands, fallback } = group;
  const names = Object.entries(subcommands);
  return joinParts([
    renderUsage(group, title),
    wrap(`${group.summary}.`, 0),
    paragraphs(group.about),
    section(
      "Subcommands",
      names.map(([name, { summary }]) => [name, `${summary}.${name === fallback ? " The default." : ""}`]),
    ),
    section(`Options of ${fallback}`, optionRows(subcommands[fallback])),
    examples(names.flatMap(([, command]) => command.examples.slice(0, 1))),
    section("Exit codes", groupCodes(group)),
    `${title} SUBCOMMAND --help explains one.`,
  ]);
}

/**
 * Exit codes of a group. Subcommands with the same meaning of a code are listed together. If all subcommands share the
 * meaning, none is named.
 */
function groupCodes({ subcommands }: CommandGroup): Row[] {
  const commands = Object.entries(subcommands);
  const codes = [...new Set(commands.flatMap(([, { exitCodes }]) => Object.keys(exitCodes)))];
  return codes
    .sort((one, other) => parseInt(one, 10) - parseInt(other, 10))
    .map((code) => {
      const names = new Map<string, string[]>();
      for (const [name, { exitCodes }] of commands) {
        const text = exitCodes[code];
        if (text !== undefined) names.set(text, [...(names.get(text) ?? []), name]);
      }
      if (names.size === 1) return [code, [...names.keys()][0]];
      return [code, [...names].map(([text, of]) => `${of.join(", ")}: ${text}`).join("; ")];
    });
}

function argumentRows(command: Command): Row[] {
  return (command.arguments ?? []).map(({ name, help }) => [name, help]);
}

function optionRows({ options }: Command): Row[] {
  const rows = Object.entries(options).map(([name, option]): Row => {
    const { help, required, otherwise = option.default } = option;
    const note = required ? " Required." : otherwise === undefined ? "" : ` Default: ${otherwise}.`;
    return [flagOf(name, option), `${help}${note}`];
  });
  return [...rows, ["-h, --help", "Prints this text."]];
}

function examples(lines: readonly string[]): string {
  return lines.length === 0 ? "" : `Examples:\n${lines.map((line) => `  ${line}`).join("\n")}`;
}

function section(title: string, rows: readonly Row[]): string {
  if (rows.length === 0) return "";
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, text]) => `  ${name.padEnd(width)}  ${wrap(text, width + 4)}`);
  return `${title}:\n${lines.join("\n")}`;
}

function paragraphs(text = ""): string {
  return text
    .split("\n\n")
    .map((paragraph) => wrap(paragraph.replaceAll("\n", " "), 0))
    .join("\n\n");
}

/** Breaks a text between words, and indents the further lines. */
function wrap(text: string, indent: number): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1)!;
    if (line !== "" && indent + line.length + 1 + word.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines.join(`\n${" ".repeat(indent)}`);
}

function joinParts(parts: readonly string[]): string {
  return parts.filter(Boolean).join("\n\n");
}
