import type { AuthBackendTune } from "@cdktf/provider-vault/lib/auth-backend";
import type { Construct } from "constructs";
import { Duration } from "../core/duration";
import { type ImportExistingProps, unlessImported } from "../core/import-existing";
import { claimMount } from "../core/vault-names";
import { requireNotLonger, SYSTEM_MAX_TTL_HOURS } from "./ttl";

/** An auth mount that this app creates or references. */
export interface IAuthMount {
  /** Path without `auth/`. */
  readonly path: string;
  /** Path as a token, so that Terraform creates roles after the mount. Stored, because each new token costs time. */
  readonly pathReference: string;
  /** Maximum TTL of a token of this mount. */
  readonly maxTtl: Duration;
}

/** TTLs of the tokens of an auth mount. */
export interface AuthMountTtlProps extends ImportExistingProps {
  /** TTL of a token if its role sets none. @default - 1 hour, at most maxTtl */
  readonly defaultTtl?: Duration;
  /** Maximum TTL of any token of the mount, including renewals. @default - 768 hours, which is Vault's own maximum */
  readonly maxTtl?: Duration;
}

/** Path, TTLs and visibility of an auth mount. */
export interface AuthMountProps extends AuthMountTtlProps {
  /** Path without `auth/`. */
  readonly path: string;
  /** Shows the mount on the login page of Vault's UI before users log in. @default false */
  readonly listed?: boolean;
}

/** Validated settings for the resource of a mount and for its roles. */
export interface CheckedAuthMount {
  /** Maximum TTL of a token of the mount. */
  readonly maxTtl: Duration;
  /** Tune settings of the mount. @default - none: an imported mount keeps its settings */
  readonly tune?: AuthBackendTune[];
}

/**
 * Claims the path of an auth mount and calculates the TTLs of its tokens.
 * @throws ValidationError for a path that is taken or not clean, and for defaultTtl above maxTtl
 */
export function checkAuthMount(scope: Construct, props: AuthMountProps): CheckedAuthMount {
  const { path, maxTtl = Duration.hours(SYSTEM_MAX_TTL_HOURS) } = props;
  const hour = Duration.hours(1);
  const defaultTtl = props.defaultTtl ?? (hour.isLongerThan(maxTtl) ? maxTtl : hour);
  claimMount(scope, `auth/${path}`);
  // The maximum of an imported mount is known only if it is set.
  if (props.maxTtl || !props.importExisting) {
    requireNotLonger(scope, ["defaultTtl", defaultTtl], ["maxTtl", maxTtl], "Vault would cut it");
  }
  const tune: AuthBackendTune = {
    defaultLeaseTtl: (props.defaultTtl ?? unlessImported(props, defaultTtl))?.toString(),
    maxLeaseTtl: (props.maxTtl ?? unlessImported(props, maxTtl))?.toString(),
    listingVisibility: unlessImported(props, props.listed ? "unauth" : "hidden"),
    tokenType: unlessImported(props, "default-service"),
  };
  return { maxTtl, tune: Object.values(tune).some((value) => value !== undefined) ? [tune] : undefined };
}
