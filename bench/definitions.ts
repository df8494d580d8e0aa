import type { EnvironmentDefinition } from "../platform/schema";

/** Options of `withServices`. */
export interface ManyServices {
  readonly count: number;
  /** Services per team, and so per shard. @default - no shards */
  readonly perShard?: number;
  /** Prefix of the services' names. Two measurements with different prefixes can use one Vault. @default service */
  readonly prefix?: string;
  /** The first service reads another path, as after a typical pull request. @default false */
  readonly changed?: boolean;
  /**
   * Whether the environment has the services' Deployments and ExternalSecrets. Otherwise they are in other
   * repositories.
   * @default true
   */
  readonly delivered?: boolean;
}

/** Replaces the services of the environment by many copies of the first one, each with the same access to Vault. */
export function withServices(
  definition: EnvironmentDefinition,
  { count, perShard, prefix = "service", changed = false, delivered = true }: ManyServices,
): EnvironmentDefinition {
  const [{ deployment, secrets, ...access }] = definition.services!;
  const services = Array.from({ length: count }, (_, index) => {
    const name = `${prefix}-${index}`;
    return {
      ...access,
      ...(delivered && {
        deployment: { ...deployment!, config: { ...deployment!.config!, secret: `${name}/config` } },
        secrets: secrets?.map((it) => ({ ...it, name: `${name}-${it.name}`, secret: `${name}/config` })),
      }),
      name,
      team: `${prefix}-team-${perShard ? Math.floor(index / perShard) : 0}`,
      reads: [`${name}/*`, ...(changed && index === 0 ? ["shared/*"] : [])],
      certificates: [`${name}.production.svc`],
    };
  });
  return { ...definition, shards: perShard ? "team" : "one", services };
}
