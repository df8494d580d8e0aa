import { createInterface } from "node:readline/promises";
import { UserError } from "../../constructs/core/user-error";
import { ExitCode, defineCommand } from "../command";
import type { Leaving } from "../leaving";
import { print } from "../terminal";
import type { ReachProps } from "../vault-reach";

export const command = defineCommand({
  summary: "takes an environment away, but for what must never go with it",
  usage: `--env NAME [--port-forward] [--ca FILE] [--auto-approve]

Goes through the stacks of the environment from the last to the first. What has prevent_destroy stays where it is and
is only forgotten by Terraform: keys, buckets with what protects them, containers of the recovery shares, namespaces
with the volumes in them, mounts of Vault with what is in them. All of it is listed before anything happens.
Everything else is destroyed. A run that was interrupted is finished by the next.

  --env NAME      the environment
  --port-forward  reach Vault through the cluster's API server   (default: at the environment's endpoint)
  --ca FILE       certificates that sign Vault's      (default: VAULT_CACERT, the environment's, or its cluster's)
  --auto-approve  do not ask

Exit codes: 0 done, 1 failed or not approved.`,
  options: {
    env: { type: "string" },
    "port-forward": { type: "boolean" },
    ca: { type: "string" },
    "auto-approve": { type: "boolean" },
  },
  async run({ values, signal }) {
    if (values.env === undefined) throw new UserError("destroy needs --env: it takes one environment away.");
    const { findEnvironment } = await import("./connect.js");
    const { reachProps } = await import("../vault-environment.js");
    const environment = findEnvironment(values.env);
    const { selectStacks, synthesize } = await import("../stacks.js");
    const { LeavingStack } = await import("../leaving.js");
    const stacks = selectStacks(await synthesize({ env: values.env }), [], values.env).reverse();
    const leaving: Leaving[] = [];
    for (const stack of stacks) leaving.push(await new LeavingStack(stack, process.env).look());
    print(describe(leaving));
    if (leaving.every(({ stays, goes }) => stays.length + goes.length === 0)) return ExitCode.OK;
    if (!values["auto-approve"] && !(await isApproved(values.env))) {
      print("Nothing was changed.");
      return ExitCode.FAILED;
    }
    for (const it of leaving) {
      if (signal.aborted) return ExitCode.FAILED;
      if (it.stays.length + it.goes.length === 0) continue;
      print(`\n== ${it.stack.name}: ${it.stays.length} stay, ${it.goes.length} go`);
      await withVault(
        needsVault(it),
        () => reachProps(environment, values),
        async (env) => {
          const terraform = new LeavingStack(it.stack, env);
          await terraform.forget(it);
          await terraform.destroy();
        },
      );
    }
    print(
      "\nWhat stayed is Terraform's no more. To bring the environment back, import it before the first deploy.",
    );
    return ExitCode.OK;
  },
});

/** What stays, by name, and how much goes. */
export function describe(leaving: readonly Leaving[]): string {
  return leaving
    .flatMap(({ stack, stays, goes }) => [
      `${stack.name}: ${goes.length} resources go`,
      ...stays.map(({ address, id }) => `  stays: ${address}  ${id}`),
    ])
    .join("\n");
}

function needsVault({ goes }: Leaving): boolean {
  return goes.some(({ type }) => type.startsWith("vault_"));
}

/** Vault is asked for a login only while its own configuration goes. */
async function withVault(
  needed: boolean,
  props: () => Promise<ReachProps>,
  work: (env: NodeJS.ProcessEnv) => Promise<void>,
): Promise<void> {
  if (!needed) return work(process.env);
  const { VaultSession } = await import("../vault-session.js");
  const session = await VaultSession.open(await props());
  try {
    // Terraform logs in by itself.
    await work({ ...process.env, ...session.environment, VAULT_TOKEN: undefined });
  } finally {
    await session.close();
  }
}

async function isApproved(name: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return (await terminal.question(`\nType ${name} to take it away: `)) === name;
  } finally {
    terminal.close();
  }
}
