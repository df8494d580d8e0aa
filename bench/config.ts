import { commandTable } from "./commands";
import { type OneStack, oneStack } from "./one-stack";
import { Platform, type Say } from "./platform";
import { shardTables } from "./shards";
import { RESOURCES } from "./sizes";
import { MissingProviders } from "./stack";
import { RANGE, type Table, range, ratio } from "./table";
import { type Timed, meanCpu, seconds } from "./timed";

/** Measures plan and apply of the config layer on a real Vault: in one stack, in shards, and by the vault command. */
export async function config(small: boolean, say: Say): Promise<Table[]> {
  let platform: Platform;
  try {
    platform = await Platform.start((text) => say(`config: ${text}`));
  } catch (error) {
    if (!(error instanceof MissingProviders)) throw error;
    say(`SKIPPED: config: ${error.message}`);
    return [];
  }
  const runs = small ? 1 : 3;
  const many = small ? 10 : 100;
  const most = small ? 20 : 1000;
  const cases = [
    await oneStack(platform, { count: 1, runs }),
    await oneStack(platform, { count: many, runs }),
    await oneStack(platform, { count: many, runs: 1, state: "file" }),
  ];
  const whole = await oneStack(platform, { count: most, runs: 1 });
  return [
    oneStackTable([...cases, whole], cases[1]),
    await parallelism(platform, many),
    await commandTable(platform, { many, runs, terraform: cases }),
    ...(await shardTables(platform, { most, small, whole })),
  ];
}

function oneStackTable(cases: readonly OneStack[], yardstick: OneStack): Table {
  const rows = (title: string, of: (it: OneStack) => readonly Timed[]) =>
    cases.map((it) => [
      `${title}, ${it.title}`,
      ...range(seconds(of(it))),
      meanCpu(of(it)),
      ratio(seconds(of(it)), seconds(of(yardstick))),
      String(of(it).length),
    ]);
  return {
    title: "The config layer in one stack",
    notes: [
      `Wall time in seconds; processor time of Terraform and its providers. A service has ${RESOURCES} resources. State is in a bucket, as in production, unless the row says otherwise.`,
    ],
    columns: ["what", ...RANGE, "CPU s", `of ${yardstick.title}`, "runs"],
    rows: [
      ...rows("plan of what is new", (it) => it.plans),
      ...rows("apply", (it) => it.applies),
      ...rows("plan of a change to one service", (it) => it.changes),
    ],
  };
}

async function parallelism(platform: Platform, count: number): Promise<Table> {
  const cases: (OneStack & { flags: readonly string[] })[] = [];
  for (const width of [2, 10, 50]) {
    const flags = [`-parallelism=${width}`];
    cases.push({ flags, ...(await oneStack(platform, { count, runs: 1, flags })) });
  }
  return {
    title: `Terraform's parallelism: ${count} services in one stack`,
    notes: ["Wall time in seconds, one run."],
    columns: ["what", "plan", "apply", "CPU s", "apply, of the default's"],
    rows: cases.map(({ flags, plans, applies }) => [
      flags[0] === "-parallelism=10" ? `${flags[0]}, the default` : flags[0],
      ...[plans, applies].map((it) => range(seconds(it))[1]),
      meanCpu(applies),
      ratio(seconds(applies), seconds(cases[1].applies)),
    ]),
  };
}
