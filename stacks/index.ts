import type { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { declareEnvironment } from "../hardening/environment-facts";
import { applyHardening } from "../hardening/hardening-aspect";
import { ValidationError } from "../constructs/core/validation-error";
import { EnvironmentError, loadEnvironments } from "../platform/load";
import { teamsOf } from "../platform/names";
import { onlyEnvironment } from "../platform/only-environment";
import type { Environment, EnvironmentDefinition } from "../platform/schema";
import { AccountStack } from "./account/account-stack";
import { ClusterStack } from "./cluster/cluster-stack";
import { ConfigStack } from "./config/config-stack";
import { FoundationStack } from "./foundation/foundation-stack";
import { ReplicationStack } from "./replication/replication-stack";
import { isStandby } from "./standby";
import { TeamConfigStack } from "./config/team-config-stack";
import { WorkloadsStack } from "./workloads/workloads-stack";

/**
 * Adds the stacks of the platform: one account stack per AWS account with state in S3, then the layers of each
 * environment in deployment order.
 *
 * Set the variable VAULT_PLATFORM_ENVIRONMENT to the name of an environment to add only its layers, without an account
 * stack.
 *
 * Deploy an account once and separately. The layers do not depend on it, because `cdktf deploy 'production-*'` must
 * find every dependency among the stacks that it names.
 * Hardening rules evaluate every stack during synthesis: an error stops it before anything is written.
 * @throws EnvironmentError before anything is built if a definition is invalid, and for values that constructs reject
 */
export function buildPlatform(app: Construct, definitions: readonly EnvironmentDefinition[]): void {
  buildEnvironments(app, loadEnvironments(definitions));
}

/** Adds the stacks of the platform, as `buildPlatform` does, for environments that are already checked. */
export function buildEnvironments(app: Construct, environments: readonly Environment[]): void {
  const accounts = new Set<string>();
  const problems: string[] = [];
  const synthesized = onlyEnvironment(environments);
  const isAll = synthesized === environments;
  for (const environment of synthesized) {
    const { account, stateRegion } = environment.aws;
    if (isAll && environment.state === "s3" && !accounts.has(account)) {
      accounts.add(account);
      new AccountStack(app, { account, region: stateRegion });
    }
    try {
      addLayers(app, environment);
    } catch (error) {
      // Definition checks find most of the values that constructs reject. Report the others in the same format.
      if (!(error instanceof ValidationError)) throw error;
      problems.push(`${environment.name}: ${error.message}`);
    }
  }
  if (problems.length > 0) throw new EnvironmentError(problems);
  applyHardening(app);
}

function addLayers(app: Construct, environment: Environment): void {
  const layers: TerraformStack[] = [];
  /** Adds a layer, to be deployed after another one. Hardening rules evaluate all layers together. */
  const add = <Stack extends TerraformStack>(stack: Stack, after?: TerraformStack): Stack => {
    if (after) stack.addDependency(after);
    layers.push(stack);
    return stack;
  };
  const foundation = add(new FoundationStack(app, environment));
  // With a Vault outside the cluster nothing runs pods: leave out the stacks that could not be deployed.
  const hasPods = environment.kubernetes.vault === "internal";
  const cluster = hasPods ? add(new ClusterStack(app, environment), foundation) : foundation;
  // A standby is empty. It gets its configuration with the data.
  if (!isStandby(environment)) {
    const config = add(new ConfigStack(app, environment), cluster);
    if (environment.vault.enterprise?.dr) add(new ReplicationStack(app, environment), config);
    const teams = environment.shards === "one" ? [undefined] : teamsOf(environment);
    for (const team of teams) {
      const access = team === undefined ? config : add(new TeamConfigStack(app, environment, team), config);
      if (hasPods) add(new WorkloadsStack(app, environment, team), access);
    }
  }
  const { name, kubernetes } = environment;
  for (const layer of layers) {
    declareEnvironment(layer, { name, secretsEncryption: kubernetes.secretsEncryption });
  }
}
