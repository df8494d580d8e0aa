import type { CommandGroup } from "../command";
import { diff } from "./access/diff";
import { map } from "./access/map";
import { report } from "./access/report";
import { unmanaged } from "./access/unmanaged";
import { whoCan } from "./access/who-can";

/** Command group `access`. */
export const command: CommandGroup = {
  summary: "Shows who can do what in Vault, and what a change does to it",
  about: `Reads what the CDK app synthesizes. Only unmanaged asks Vault; nothing asks a cloud.`,
  fallback: "map",
  subcommands: { map, "who-can": whoCan, diff, unmanaged, report },
};
