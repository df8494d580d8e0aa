import type { Construct } from "constructs";
import { loadEnvironments } from "../environments/load";
import type { Environment, EnvironmentDefinition } from "../environments/schema";
import { AccountStack } from "./account";
import { ClusterStack } from "./cluster";
import { ConfigStack } from "./config";
import { FoundationStack } from "./foundation";
import { TeamConfigStack } from "./team-config";
import { WorkloadsStack } from "./workloads";

/**
 * The platform's table of contents: one account stack per AWS account that holds shared state,
 * then each environment's layers in the order in which they are deployed.
 *
 * An account is deployed once and by itself, so the layers do not depend on it: `cdktf deploy 'production-*'`
 * has to find every dependency among the stacks that it names.
 * @throws EnvironmentError before anything is built when a definition is wrong
 */
export function buildPlatform(app: Construct, definitions: readonly EnvironmentDefinition[]): void {
  const accounts = new Set<string>();
  for (const environment of loadEnvironments(definitions)) {
    const { account, stateRegion } = environment.aws;
    if (environment.state === "s3" && !accounts.has(account)) {
      accounts.add(account);
      new AccountStack(app, { account, region: stateRegion });
    }
    addLayers(app, environment);
  }
}

function addLayers(app: Construct, environment: Environment): void {
  const foundation = new FoundationStack(app, environment);
  const cluster = new ClusterStack(app, environment);
  cluster.addDependency(foundation);
  const config = new ConfigStack(app, environment);
  config.addDependency(cluster);
  if (environment.shards === "one") {
    new WorkloadsStack(app, environment).addDependency(config);
    return;
  }
  for (const team of [...new Set(environment.services.map((service) => service.team))].sort()) {
    const teamConfig = new TeamConfigStack(app, environment, team);
    teamConfig.addDependency(config);
    new WorkloadsStack(app, environment, team).addDependency(teamConfig);
  }
}
