import { Mount, type MountConfig } from "@cdktf/provider-vault/lib/mount";
import type { Construct } from "constructs";
import { requireNotLonger, SYSTEM_MAX_TTL_HOURS } from "../auth/ttl";
import { Duration } from "../core/duration";
import { importResource, type ImportExistingProps, unlessImported } from "../core/import-existing";
import { literal } from "../core/literal";
import { claimMount } from "../core/vault-names";

export interface SecretMountProps extends ImportExistingProps {
  readonly path: string;
  readonly type: string;
  readonly description?: string;
  /** Description of a mount that is created. */
  readonly purpose: string;
  readonly options?: MountConfig["options"];
  /** @default - 1 hour, at most maxTtl */
  readonly defaultTtl?: Duration;
  /** @default - 768 hours, which is Vault's own maximum */
  readonly maxTtl?: Duration;
}

/**
 * Mounts a secrets engine as the child `Resource`. Unmounting deletes everything of the engine, so a plan cannot.
 * @throws ValidationError for a path that is taken or not clean and for defaultTtl above maxTtl
 */
export function mountEngine(scope: Construct, props: SecretMountProps): { mount: Mount; maxTtl: Duration } {
  const { path, maxTtl = Duration.hours(SYSTEM_MAX_TTL_HOURS) } = props;
  const hour = Duration.hours(1);
  const defaultTtl = props.defaultTtl ?? (hour.isLongerThan(maxTtl) ? maxTtl : hour);
  claimMount(scope, path);
  // The maximum of an imported mount is not known, unless it is set.
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
