import { parseArgs } from "node:util";
import { UserError } from "../constructs/core/user-error";

/** Parts that can be measured, in the order of the measurements. */
export const PARTS = ["synth", "config", "lifecycle", "tests"] as const;
/** Name of a part. */
export type PartName = (typeof PARTS)[number];

/** Parts with a single size. A small run leaves them out. */
const ONE_SIZE: readonly PartName[] = ["tests"];

/** Help text of the bench. */
export const HELP = `npm run bench [-- options] [part ...]

Measures this project on this machine, on real programs, and prints tables: minimum, median and maximum of all runs.
docs/performance.md says what the figures mean.

  synth       the program, from one service to 3,000: time and memory; against ts-node with barrel imports, and
              with terraform validate against plain HCL
  config      plan and apply of the config layer on a real Vault: in one stack, by shards of several sizes, and by the
              vault command; needs Terraform's providers vault and kubernetes
  lifecycle   unsealing, failover, backup and restore of three real servers
  tests       npm test, with an empty cache and with a full one

  --small     small sizes, some two minutes: whether everything can still be measured; without tests, which have one size
  --markdown  tables as docs/performance.md has them
  --help      this text

Progress goes to stderr. What config and lifecycle start lives in .bench and is taken away at the end; the programs are
those of npm run local.

Exit codes: 0 measured, whatever the times are; 1 a measured program failed; 2 wrong options; 130, 143 interrupted.`;

/** Parsed arguments of the bench. */
export interface Arguments {
  readonly parts: readonly PartName[];
  readonly small: boolean;
  readonly markdown: boolean;
  readonly help: boolean;
}

/** Parses the arguments. @throws UserError that names the wrong argument and the allowed ones */
export function parseArguments(args: readonly string[]): Arguments {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        small: { type: "boolean", default: false },
        markdown: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw new UserError((error as Error).message);
  }
  const { values, positionals } = parsed;
  const unknown = positionals.find((name) => !(PARTS as readonly string[]).includes(name));
  if (unknown !== undefined) throw new UserError(`got the part "${unknown}"; allowed: ${PARTS.join(", ")}`);
  const oneSize = positionals.find((name) => (ONE_SIZE as readonly string[]).includes(name));
  if (values.small && oneSize !== undefined) {
    throw new UserError(`got --small with the part "${oneSize}", which has one size; leave one of them out`);
  }
  const all = values.small ? PARTS.filter((name) => !ONE_SIZE.includes(name)) : PARTS;
  return {
    parts: all.filter((name) => positionals.length === 0 || positionals.includes(name)),
    small: values.small,
    markdown: values.markdown,
    help: values.help,
  };
}
