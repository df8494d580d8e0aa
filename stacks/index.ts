import type { Construct } from "constructs";
import { loadEnvironments } from "../environments/load";
import type { EnvironmentDefinition } from "../environments/schema";
import { AccountStack } from "./account";
import { FoundationStack } from "./foundation";

/**
 * The platform's table of contents: one account stack per AWS account and region that holds shared state,
 * then each environment's layers in the order in which they are deployed.
 * @throws EnvironmentError before anything is built when a definition is wrong
 */
export function buildPlatform(app: Construct, definitions: readonly EnvironmentDefinition[]): void {
  const environments = loadEnvironments(definitions);
  const accounts = new Map<string, AccountStack>();
  for (const environment of environments) {
    const { account, region } = environment.aws;
    const foundation = new FoundationStack(app, environment);
    if (environment.state === "local") continue;
    const key = `${account}-${region}`;
    if (!accounts.has(key)) accounts.set(key, new AccountStack(app, { account, region }));
    foundation.addDependency(accounts.get(key)!);
  }
}
