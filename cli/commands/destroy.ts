import { createInterface } from "node:readline/promises";
import { CALL, ExitCode, defineCommand } from "../command";
import type { Teardown } from "../teardown";
import { CA, ENV, PORT_FORWARD } from "../options";
import { print } from "../terminal";
import type { ReachProps } from "../vault-reach";

/** Command `destroy`. */
export const command = defineCommand({
  summary: "Destroys an environment, but for resources that must be retained",
  about: `Goes through the stacks of the environment from the last to the first. Resources with prevent_destroy are retained, and Terraform no longer manages them: keys, buckets with their protection, Secrets of the recovery shares, namespaces with volumes, and mounts of Vault with their data. All of them are listed before anything is changed. Everything else is destroyed. Run the command again to finish a run that was interrupted.`,
  options: {
    env: ENV,
    "port-forward": PORT_FORWARD,
    ca: CA,
    "auto-approve": { type: "boolean", help: "Do not ask.", otherwise: "you type the environment's name" },
  },
  examples: [`${CALL} destroy --env dev`, `${CALL} destroy --env dev --port-forward`],
  exitCodes: { "0": "destroyed, or nothing to destroy", "1": "failed, not approved, or called wrongly" },
  async run({ values, signal }) {
    const { findEnvironment } = await import("./exec.js");
    const { reachProps } = await import("../vault-environment.js");
    const environment = findEnvironment(values.env);
    const { selectStacks, synthesize } = await import("../stacks.js");
    const { StackTeardown } = await import("../teardown.js");
    const stacks = selectStacks(await synthesize({ env: values.env }), [], values.env).reverse();
    const leaving: Teardown[] = [];
    for (const stack of stacks) leaving.push(await new StackTeardown(stack, process.env).look());
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
          const terraform = new StackTeardown(it.stack, env);
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

/** Retained resources by name, and the number of destroyed ones. */
export function describe(leaving: readonly Teardown[]): string {
  return leaving
    .flatMap(({ stack, stays, goes }) => [
      `${stack.name}: ${goes.length} resources go`,
      ...stays.map(({ address, id }) => `  stays: ${address}  ${id}`),
    ])
    .join("\n");
}

function needsVault({ goes }: Teardown): boolean {
  return goes.some(({ type }) => type.startsWith("vault_"));
}

/** Runs work. While Vault's configuration is destroyed, it has a login to Vault. */
async function withVault(
  needed: boolean,
  props: () => Promise<ReachProps>,
  work: (env: NodeJS.ProcessEnv) => Promise<void>,
): Promise<void> {
  if (!needed) return work(process.env);
  const { VaultSession } = await import("../vault-session.js");
  const session = await VaultSession.open(await props());
  try {
    // Terraform logs in without this token.
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
