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
import { standsBy } from "./stands-by";
import { TeamConfigStack } from "./config/team-config-stack";
import { WorkloadsStack } from "./workloads/workloads-stack";

/**
 * The platform's table of contents: one account stack per AWS account that holds shared state,
 * then each environment's layers in the order in which they are deployed.
 *
 * Where the variable VAULT_PLATFORM_ENVIRONMENT names an environment, only that one's layers are made, and no account.
 *
 * An account is deployed once and by itself, so the layers do not depend on it: `cdktf deploy 'production-*'`
 * has to find every dependency among the stacks that it names.
 * Hardening rules judge every stack when the app is synthesized: an error stops it before anything is written.
 * @throws EnvironmentError before anything is built when a definition is wrong, and for what constructs refuse
 */
export function buildPlatform(app: Construct, definitions: readonly EnvironmentDefinition[]): void {
  buildEnvironments(app, loadEnvironments(definitions));
}

/** `buildPlatform` of definitions that have been checked. */
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
      // The check of definitions knows most of what constructs refuse; the rest is told as its problems are.
      if (!(error instanceof ValidationError)) throw error;
      problems.push(`${environment.name}: ${error.message}`);
    }
  }
  if (problems.length > 0) throw new EnvironmentError(problems);
  applyHardening(app);
}

function addLayers(app: Construct, environment: Environment): void {
  const layers: TerraformStack[] = [];
  /** A layer is deployed after the one before it, and judged together with the others. */
  const add = <Stack extends TerraformStack>(stack: Stack, after?: TerraformStack): Stack => {
    if (after) stack.addDependency(after);
    layers.push(stack);
    return stack;
  };
  const foundation = add(new FoundationStack(app, environment));
  // Beside a Vault outside the cluster nothing runs pods, so no stack offers what could not be deployed.
  const hasPods = environment.kubernetes.vault === "inside";
  const cluster = hasPods ? add(new ClusterStack(app, environment), foundation) : foundation;
  // What stands by is empty, and gets its configuration with the data.
  if (!standsBy(environment)) {
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
