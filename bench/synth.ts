import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { App } from "cdktf";
import { production } from "../environments/production";
import { ONLY_ENVIRONMENT } from "../platform/only-environment";
import { buildPlatform } from "../stacks";
import { terraformEnvironment } from "../local/terraform";
import { withServices } from "./definitions";
import { copyWithBarrelImports } from "./init-habit";
import { type Measurement, measure, median } from "./measure";
import { plainHcl } from "./plain-hcl";
import { type Say, providerConfig } from "./platform";
import { PER_SHARD } from "./sizes";
import { MissingProviders, Stack } from "./stack";
import { RANGE, type Table, figure, range, ratio } from "./table";

const root = resolve(__dirname, "..");

/** Measures the CDK app: all layers of all environments, or of production with many services. */
export async function synth(small: boolean, say: Say): Promise<Table[]> {
  const runs = small ? 2 : 5;
  const sizes = small ? [100] : [100, 300, 1000, 3000];
  const rows: [string, Measurement][] = [];
  const add = async (title: string, args: string[], times: number, cwd = root, env = {}) => {
    say(`synth: ${title}`);
    rows.push([title, await measure(args, { cwd, runs: times, env })]);
  };
  await add("node -e 0", ["-e", "0"], runs);
  await add("the program: all environments, one service each", ["cli/program/run.cjs", "main.ts"], runs);
  await add("the program: production alone", ["cli/program/run.cjs", "main.ts"], runs, root, {
    [ONLY_ENVIRONMENT]: production.name,
  });
  const habit = copyWithBarrelImports(root);
  try {
    // Few runs: this takes long and is only the reference.
    await add(
      "the same by ts-node, barrel imports",
      ["--require", "ts-node/register", join(habit, "main.ts")],
      small ? 1 : 3,
      habit,
    );
  } finally {
    rmSync(habit, { recursive: true, force: true });
  }
  const counts: [number, Measurement][] = [];
  for (const count of [1, ...sizes]) {
    const title = `production, ${count === 1 ? "one service" : `${count} services`}`;
    await add(
      title,
      ["cli/program/run.cjs", "bench/services.ts", String(count), String(PER_SHARD)],
      count > 1000 ? 2 : 3,
    );
    counts.push([count, rows.at(-1)![1]]);
  }
  const most = small ? 100 : 1000;
  await add(
    `production, ${most} services, what is theirs in Vault alone`,
    ["cli/program/run.cjs", "bench/services.ts", String(most), String(PER_SHARD), "access"],
    3,
  );
  const { stacks, remove } = manyServices(most);
  try {
    await add(
      `plain cdktf, what ${most} services have, as literals`,
      ["cli/program/run.cjs", "bench/literals.ts", stacks],
      3,
    );
  } finally {
    remove();
  }
  const [[, node], [, program]] = rows;
  const times: Table = {
    title: "Synthesis",
    notes: ["Wall time in seconds, peak memory in MiB. All layers; services in shards."],
    columns: ["what", ...RANGE, "of node -e 0", "of the program's", "peak MiB", "runs"],
    rows: rows.map(([title, { seconds, mebibytes }]) => [
      title,
      ...range(seconds),
      ratio(seconds, node.seconds),
      ratio(seconds, program.seconds),
      median(mebibytes).toFixed(0),
      String(seconds.length),
    ]),
  };
  return [times, ...(await againstPlainHcl(counts, small, say))];
}

/** Stacks of production with the given number of services, for the app that writes them as literals. */
function manyServices(count: number): { stacks: string; remove(): void } {
  const outdir = mkdtempSync(join(tmpdir(), "bench-literals-"));
  const app = new App({ outdir });
  buildPlatform(app, [withServices(production, { count, perShard: PER_SHARD })]);
  app.synth();
  return { stacks: join(outdir, "stacks"), remove: () => rmSync(outdir, { recursive: true }) };
}

/** Compares the time before a plan: synthesis and terraform validate here, terraform validate alone with plain HCL. */
async function againstPlainHcl(
  synthesis: readonly [number, Measurement][],
  small: boolean,
  say: Say,
): Promise<Table[]> {
  const folder = mkdtempSync(join(tmpdir(), "bench-validate-"));
  const env = terraformEnvironment(process.env, {
    cliConfig: providerConfig(),
    endpoint: "http://127.0.0.1:1",
  });
  const validate = async (path: string, runs: number): Promise<number[]> => {
    const stack = new Stack(path, env, { bucket: "", key: "validate", region: "", state: "file" });
    await stack.init();
    const seconds = [];
    for (let run = 0; run < runs; run++) seconds.push((await stack.validate()).seconds);
    return seconds;
  };
  const rows: string[][] = [];
  try {
    for (const [count, { seconds: synthesized }] of synthesis) {
      const runs = small || count > 1000 ? 1 : 3;
      say(`validate: ${count} services, plain HCL`);
      const hcl = join(folder, `hcl-${count}`);
      mkdirSync(hcl);
      writeFileSync(join(hcl, "main.tf"), plainHcl(count));
      const plain = await validate(hcl, runs);
      say(`validate: ${count} services, synthesized`);
      const outdir = join(folder, `stacks-${count}`);
      const synthesize = (perShard?: number) => {
        const app = new App({ outdir });
        buildPlatform(app, [withServices(production, { count, perShard })]);
        app.synth();
      };
      synthesize();
      const one = await validate(join(outdir, "stacks", "production-config"), runs);
      synthesize(PER_SHARD);
      const shard = await validate(join(outdir, "stacks", "production-config-service-team-0"), runs);
      const whole = median(synthesized) + median(one);
      rows.push([
        count === 1 ? "one service" : `${count} services`,
        ...[plain, synthesized, one, shard].map((values) => figure(median(values))),
        figure(whole),
        `${figure(whole / median(plain))}x`,
        figure(median(synthesized) + median(shard)),
      ]);
    }
  } catch (error) {
    if (!(error instanceof MissingProviders)) throw error;
    say(`SKIPPED: synth against plain HCL: ${error.message}`);
    return [];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return [
    {
      title: "Synthesis and terraform validate against plain HCL",
      notes: [
        "Medians of wall time in seconds. Plain HCL: a root module with the same four resources for each service, written by the bench, and nothing else. Synthesis writes every layer of production.",
      ],
      columns: [
        "what",
        "plain HCL: validate",
        "synthesis",
        "validate: one stack",
        "validate: one shard",
        "synthesis + one stack",
        "of plain HCL's",
        "synthesis + one shard",
      ],
      rows,
    },
  ];
}
