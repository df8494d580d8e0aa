import { selectStacks } from "../cli/stacks";
import { findPlatform } from "./found-platform";
import { emulatorUrl, recordedPorts } from "./platform";
import { planStack } from "./plans";
import { type Row, renderTable, stopwatch } from "../access/table";
import { providerConfig, requireTerraform, synthesize } from "./synthesis";
import { terraformEnvironment } from "./terraform";

/** Stacks that `npm run local` deploys. They have a state, so they are not planned from nothing. */
const isDeployed = (stack: string) => stack.startsWith("local-");

/** Endpoint without a listener: a plan from nothing calls no cloud. */
const NO_CLOUD = "http://127.0.0.1:9";

/**
 * Validates stacks of the other environments and plans them as if nothing existed yet.
 * @param patterns names of stacks, in which `*` matches any text; empty for all stacks
 * @param environment selects only its stacks
 * @throws UserError for a pattern or an environment that matches nothing, and for a plan that fails
 */
export async function planOthers(patterns: readonly string[], environment?: string): Promise<void> {
  const elapsed = stopwatch();
  const say = (text: string) => console.log(`[${elapsed().toFixed(0).padStart(4)}s] ${text}`);
  requireTerraform();
  say("synthesizing every environment");
  const stacks = selectOthers(await synthesize(), patterns, environment);
  const ports = (await findPlatform()).state === "up" ? recordedPorts() : undefined;
  const env = terraformEnvironment(process.env, {
    cliConfig: providerConfig(say),
    endpoint: ports ? emulatorUrl(ports) : NO_CLOUD,
  });
  const rows: Row[] = [];
  for (const stack of stacks) rows.push(await planStack(stack, env, say));
  console.log(`\n${renderTable(rows)}`);
}

/** Selects stacks of the other environments. @throws UserError that lists the valid names */
export function selectOthers(
  stacks: readonly string[],
  patterns: readonly string[],
  environment?: string,
): string[] {
  const others = stacks.filter((stack) => !isDeployed(stack)).map((name) => ({ name }));
  return selectStacks(others, patterns, environment).map(({ name }) => name);
}
