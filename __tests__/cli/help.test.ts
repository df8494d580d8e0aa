import { readdirSync } from "node:fs";
import { join, parse } from "node:path";
import { type Command, type CommandGroup, isGroup } from "../../cli/command";
import { renderHelp } from "../../cli/help";
import { parseCall } from "../../cli/parse";
import { local } from "../../local/main";

const folder = join(__dirname, "../../cli/commands");
const names = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => parse(entry.name).name);

const load = (name: string): Command | CommandGroup =>
  (jest.requireActual(join(folder, name)) as { command: Command | CommandGroup }).command;

const commandsOf = (name: string, entry: Command | CommandGroup): [string, Command][] =>
  isGroup(entry)
    ? Object.entries(entry.subcommands).map(([subcommand, it]) => [`${name} ${subcommand}`.trim(), it])
    : [[name, entry]];

const commands = [...names.flatMap((name) => commandsOf(name, load(name))), ...commandsOf("local", local)];

test.each(commands)(
  "prints help for %s with usage, every option, examples and exit codes",
  (name, command) => {
    const help = renderHelp(command, name);
    expect(help).toMatch(new RegExp(`^Usage: ${name}`));
    expect(help).toContain("\n\nExamples:\n  ");
    expect(help).toMatch(/\n\nExit codes:\n(.*\n)* {2}1 /);
    for (const option of Object.keys(command.options)) expect(help).toContain(`\n  --${option}`);
    for (const option of Object.values(command.options)) expect(option.help).toMatch(/\.$/);
    for (const argument of command.arguments ?? []) expect(argument.help).toMatch(/\.$/);
  },
);

test.each(commands)(
  "prints help for %s with at most 112 characters a line, except for examples",
  (name, command) => {
    const text = renderHelp(command, name).split("\n\nExamples:\n");
    for (const line of text[0].split("\n")) expect(line.length).toBeLessThanOrEqual(112);
  },
);

test.each(commands)("names the environment option of %s --env NAME", (_name, command) => {
  const named = Object.entries(command.options).filter(([, { help }]) =>
    /^(Only this|The) environment\b/.test(help),
  );
  for (const [option, { value }] of named) expect([option, value]).toEqual(["env", "NAME"]);
  expect((command.arguments ?? []).map(({ name }) => name)).not.toContain("ENVIRONMENT");
});

describe("the help of a group", () => {
  const parsed = parseCall(load("access"), { prefix: "vault-platform", name: "access" }, ["--help"]);
  const help = "help" in parsed ? parsed.help : "";

  it("prints the usage of each subcommand and the options of the default one", () => {
    expect(help).toContain(
      [
        "Usage: vault-platform access [map] [options]",
        "       vault-platform access who-can PATH [options]",
        "       vault-platform access diff [options]",
        "       vault-platform access unmanaged --env NAME [options]",
      ].join("\n"),
    );
    expect(help).toMatch(/\n\nOptions of map:\n {2}--env NAME /);
  });

  it("names the subcommands to which an exit code applies", () => {
    expect(help).toContain("\n  3  a change is dangerous and requires approval\n");
    expect(help).toMatch(
      /\n {2}0 {2}map, who-can: printed; diff: access is unchanged; unmanaged: nothing found; report: written\n/,
    );
  });
});
