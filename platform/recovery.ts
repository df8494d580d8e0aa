import type { EnvironmentDefinition } from "./schema";

/** Fields of a recovery environment that do not follow from its original. */
export interface RecoveryCluster {
  /**
   * Name of the environment. It must not start with the original's name and a dash, the prefix by which the original's
   * pipelines find their state.
   */
  readonly name: string;
  /** Fields that differ in the cluster of the replica region. */
  readonly kubernetes: Pick<
    EnvironmentDefinition["kubernetes"],
    "clusterName" | "oidcProvider" | "apiServer" | "zones"
  > &
    Partial<EnvironmentDefinition["kubernetes"]>;
  /** Network of the second cluster, as in an environment definition. */
  readonly network: EnvironmentDefinition["network"];
  /** Set to true after you restored the data. @default false */
  readonly isActive?: boolean;
}

/**
 * Environment that takes over when the region of the original is lost. Account, unseal key, endpoint, databases and
 * services are those of the original, so that its snapshots fit. The region is the one that has its copies.
 * `loadEnvironments` reports fields that the original lacks for this.
 */
export function recoveryOf(original: EnvironmentDefinition, cluster: RecoveryCluster): EnvironmentDefinition {
  const { name, kubernetes, network, isActive } = cluster;
  const { replica, region, stateRegion, ...aws } = original.aws;
  return {
    ...original,
    name,
    aws: { ...aws, region: replica?.region ?? region, stateRegion: stateRegion ?? region },
    kubernetes: { ...original.kubernetes, ...kubernetes },
    network,
    backup: { ...original.backup, replicate: false },
    recovers: { environment: original.name, isActive },
  };
}
