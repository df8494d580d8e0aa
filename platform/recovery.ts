import type { EnvironmentDefinition } from "./schema";

/** What of a recovery environment does not follow from the one that it stands by for. */
export interface RecoveryCluster {
  /** Must not start with the other's name and a dash, by which the other's pipelines find their state. */
  readonly name: string;
  /** What is different in the cluster of the replica region. */
  readonly kubernetes: Pick<
    EnvironmentDefinition["kubernetes"],
    "clusterName" | "oidcProvider" | "apiServer" | "zones"
  > &
    Partial<EnvironmentDefinition["kubernetes"]>;
  /** Ranges of the second cluster, as an environment has them. */
  readonly network: EnvironmentDefinition["network"];
  /** Whether it has been given the data. @default false */
  readonly serves?: boolean;
}

/**
 * The environment that takes over when another one's region is lost. Account, unseal key, endpoint, databases and
 * services are the other's, so that the data of its snapshots fits; the region is the one that holds its copies.
 * What the other one lacks for that is told when the definitions are loaded.
 */
export function recoveryOf(original: EnvironmentDefinition, cluster: RecoveryCluster): EnvironmentDefinition {
  const { name, kubernetes, network, serves } = cluster;
  const { replica, region, stateRegion, ...aws } = original.aws;
  return {
    ...original,
    name,
    aws: { ...aws, region: replica?.region ?? region, stateRegion: stateRegion ?? region },
    kubernetes: { ...original.kubernetes, ...kubernetes },
    network,
    backup: { ...original.backup, replicate: false },
    recovers: { environment: original.name, serves },
  };
}
