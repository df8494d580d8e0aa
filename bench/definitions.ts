import type { EnvironmentDefinition } from "../platform/schema";

export interface ManyServices {
  readonly count: number;
  /** Services of one team, and with that of one shard. @default - no shards */
  readonly perShard?: number;
  /** What the services' names begin with: those of two measurements can live in one Vault. @default service */
  readonly prefix?: string;
  /** The first service reads another path, as a pull request may ask for. @default false */
  readonly changed?: boolean;
  /** Whether services have their Deployment and ExternalSecret here, and not in a repository of their own. @default true */
  readonly delivered?: boolean;
}

/** The environment with many services like its first one, each with all that this one has in Vault. */
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
