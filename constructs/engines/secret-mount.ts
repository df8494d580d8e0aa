import { Mount, type MountConfig } from "@cdktf/provider-vault/lib/mount";
import type { Construct } from "constructs";
import { requireNotLonger, SYSTEM_MAX_TTL_HOURS } from "../auth/ttl";
import { Duration } from "../core/duration";
import { importResource, type ImportExistingProps, unlessImported } from "../core/import-existing";
import { literal } from "../core/literal";
import { claimMount } from "../core/vault-names";

/** Path, type and TTLs of the mount of a secrets engine. */
export interface SecretMountProps extends ImportExistingProps {
  /** Path of the mount. */
  readonly path: string;
  /** Type of the secrets engine. */
  readonly type: string;
  /** Description of the mount. @default - the purpose; an imported mount keeps its description */
  readonly description?: string;
  /** Default description of a mount that is created. */
  readonly purpose: string;
  /** Options of a mount that is created. @default - none */
  readonly options?: MountConfig["options"];
  /** TTL of a lease if its role sets none. @default - 1 hour, at most maxTtl */
  readonly defaultTtl?: Duration;
  /** Maximum TTL of a lease. @default - 768 hours, which is Vault's own maximum */
  readonly maxTtl?: Duration;
}

/**
 * Mounts a secrets engine as the child `Resource`. A plan cannot unmount it, because that would delete all data of
 * the engine.
 * @throws ValidationError for a path that is taken or not clean, and for defaultTtl above maxTtl
 */
export function mountEngine(scope: Construct, props: SecretMountProps): { mount: Mount; maxTtl: Duration } {
  const { path, maxTtl = Duration.hours(SYSTEM_MAX_TTL_HOURS) } = props;
  const hour = Duration.hours(1);
  const defaultTtl = props.defaultTtl ?? (hour.isLongerThan(maxTtl) ? maxTtl : hour);
  claimMount(scope, path);
  // The maximum of an imported mount is known only if it is set.
  if (props.maxTtl || !props.importExisting) {
    requireNotLonger(scope, ["defaultTtl", defaultTtl], ["maxTtl", maxTtl], "Vault would cut it");
  }
  const description = props.description ?? unlessImported(props, props.purpose);
  const mount = new Mount(scope, "Resource", {
    path,
    type: props.type,
    description: description && literal(description),
    options: unlessImported(props, props.options),
    defaultLeaseTtlSeconds: (props.defaultTtl ?? unlessImported(props, defaultTtl))?.toSeconds(),
    maxLeaseTtlSeconds: (props.maxTtl ?? unlessImported(props, maxTtl))?.toSeconds(),
    lifecycle: { preventDestroy: true },
  });
  if (props.importExisting) importResource(mount, path);
  return { mount, maxTtl };
}
