import { local } from "../environments/local";
import { type ManyServices, withServices } from "./definitions";
import { type OneStack, services } from "./one-stack";
import type { Platform } from "./platform";
import { PER_SHARD, RESOURCES } from "./sizes";
import type { Changes, Stack } from "./stack";
import { type Table, figure } from "./table";

interface Props {
  /** Services of the whole platform. */
  readonly most: number;
  readonly small: boolean;
  /** Results for the same number of services in one stack. */
  readonly whole: OneStack;
}

/** Cost of deploying a stack from nothing: init, plan and apply. */
interface Cost {
  readonly seconds: number;
  readonly cpu: number;
}

/** Compares one stack with shards of several sizes, and with the whole platform in shards of the chosen size. */
export async function shardTables(platform: Platform, { most, small, whole }: Props): Promise<Table[]> {
  const sizes = small ? [5] : [10, 25, 50, 100, 200];
  const rows = [];
  for (const perShard of sizes) rows.push(await shardOf(platform, { count: most, perShard }));
  const perShard = small ? 10 : PER_SHARD;
  const one: Cost = {
    seconds: whole.plans[0].seconds + whole.applies[0].seconds,
    cpu: whole.plans[0].cpu + whole.applies[0].cpu,
  };
  const compared = [
    ["one stack", one] as const,
    [
      `shards of ${perShard}, one after the other`,
      await all(platform, { count: most, perShard }, 1),
    ] as const,
    [`shards of ${perShard}, two at once`, await all(platform, { count: most, perShard }, 2)] as const,
  ];
  return [
    {
      title: `Shards by their size, of a platform with ${services(most)}`,
      notes: [
        "Wall time in seconds, of the first shard. The last column is that of the whole, if all shards are as fast and deployed one after the other.",
      ],
      columns: [
        "shard of",
        "plan of a change to one service",
        "init, plan, apply",
        "CPU s",
        `x ${most} / size`,
      ],
      rows,
    },
    {
      title: `A platform with ${services(most)}, deployed from nothing: ${most * RESOURCES} writes`,
      notes: ["Wall time in seconds of init, plan and apply of everything, measured once."],
      columns: ["what", "seconds", "CPU s", "cheaper than one stack", "by CPU"],
      rows: compared.map(([title, cost]) => [
        title,
        figure(cost.seconds),
        figure(cost.cpu),
        `${figure(one.seconds / cost.seconds)}x`,
        `${figure(one.cpu / cost.cpu)}x`,
      ]),
    },
  ];
}

type Sharded = ManyServices & { readonly perShard: number };

async function shardOf(platform: Platform, sharded: Sharded): Promise<string[]> {
  const { count, perShard } = sharded;
  platform.say(`shards of ${perShard}, of ${services(count)}`);
  const prefix = `size-${perShard}`;
  const stacks = platform.synthesize(withServices(local, { ...sharded, prefix }), prefix);
  const [stack, cost] = await deploy(platform, stacks, `${prefix}-team-0`, {
    add: perShard * RESOURCES,
    change: 0,
  });
  platform.synthesize(withServices(local, { ...sharded, prefix, changed: true }), prefix);
  const change = await stack.plan({ add: 0, change: 1 });
  return [
    services(perShard),
    ...[change.seconds, cost.seconds, cost.cpu, (cost.seconds * count) / perShard].map(figure),
  ];
}

/** Deploys the config stack, which refers to the services' roles, and then all shards. */
async function all(platform: Platform, sharded: Sharded, atOnce: number): Promise<Cost> {
  const { count, perShard } = sharded;
  const prefix = `all-${atOnce}`;
  const stacks = platform.synthesize(withServices(local, { ...sharded, prefix }), prefix);
  const costs: Cost[] = [];
  const start = process.hrtime.bigint();
  costs.push((await deploy(platform, stacks, undefined, { add: 0, change: 1 }, prefix))[1]);
  const shards = Array.from({ length: Math.ceil(count / perShard) }, (_, team) => team);
  const worker = async () => {
    for (let team = shards.shift(); team !== undefined; team = shards.shift()) {
      platform.say(
        `shards of ${perShard}, ${atOnce} at once: shard ${team + 1} of ${Math.ceil(count / perShard)}`,
      );
      const size = Math.min(perShard, count - team * perShard);
      costs.push(
        (await deploy(platform, stacks, `${prefix}-team-${team}`, { add: size * RESOURCES, change: 0 }))[1],
      );
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return {
    seconds: Number(process.hrtime.bigint() - start) / 1e9,
    cpu: costs.reduce((sum, { cpu }) => sum + cpu, 0),
  };
}

/**
 * Deploys a stack from nothing.
 * @param team - team of the shard; undefined for the stack that all teams share
 */
async function deploy(
  platform: Platform,
  stacks: string,
  team: string | undefined,
  expected: Changes,
  key = team!,
): Promise<[Stack, Cost]> {
  const stack = await platform.stack(
    stacks,
    team === undefined ? "local-config" : `local-config-${team}`,
    key,
  );
  const steps = [await stack.init(), await stack.plan(expected), await stack.applyPlan()];
  const cost = {
    seconds: steps.reduce((sum, { seconds }) => sum + seconds, 0),
    cpu: steps.reduce((sum, { cpu }) => sum + cpu, 0),
  };
  return [stack, cost];
}
