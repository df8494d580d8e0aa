import type { Command, CommandGroup } from "../../../cli/command";
import { parseCall } from "../../../cli/parse";

/** Runs a command with arguments, like the command line. @returns the exit code */
export async function callCommand(
  entry: Command | CommandGroup,
  name: string,
  args: readonly string[],
): Promise<number> {
  const parsed = parseCall(entry, { prefix: "vault-platform", name }, args);
  if ("help" in parsed) throw new Error("The call asks for the help.");
  return parsed.command.run({ ...parsed.call, signal: new AbortController().signal });
}
