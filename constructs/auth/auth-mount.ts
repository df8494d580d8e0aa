import type { AuthBackendTune } from "@cdktf/provider-vault/lib/auth-backend";
import type { Construct } from "constructs";
import { Duration } from "../core/duration";
import { type ImportExistingProps, unlessImported } from "../core/import-existing";
import { claimMount } from "../core/vault-names";
import { requireNotLonger, SYSTEM_MAX_TTL_HOURS } from "./ttl";

/** A mount of an auth method, whoever made it. */
export interface IAuthMount {
  /** Path without `auth/`. */
  readonly path: string;
  /** The path as Terraform resolves it: roles are made after the mount. Made once, because each reference costs time. */
  readonly pathReference: string;
  /** Longest life of a token of this mount. */
  readonly maxTtl: Duration;
}

/** Where tokens of a mount end. */
export interface AuthMountTtlProps extends ImportExistingProps {
  /** Life of a token whose role says nothing. @default - 1 hour, at most maxTtl */
  readonly defaultTtl?: Duration;
  /** Longest life of any token of the mount, renewals included. @default - 768 hours, which is Vault's own maximum */
  readonly maxTtl?: Duration;
}

export interface AuthMountProps extends AuthMountTtlProps {
  /** Path without `auth/`. */
  readonly path: string;
  /** Shows the mount at the login of Vault's UI to those who have not logged in. @default false */
  readonly listed?: boolean;
}

/** What a mount's resource and its roles need, checked. */
export interface CheckedAuthMount {
  readonly maxTtl: Duration;
  /** @default - the mount is imported and keeps its own */
  readonly tune?: AuthBackendTune[];
}

/**
 * Takes the path of an auth mount and works out where its tokens end.
 * @throws ValidationError for a path that is taken or not clean and for defaultTtl above maxTtl
 */
export function checkAuthMount(scope: Construct, props: AuthMountProps): CheckedAuthMount {
  const { path, maxTtl = Duration.hours(SYSTEM_MAX_TTL_HOURS) } = props;
  const hour = Duration.hours(1);
  const defaultTtl = props.defaultTtl ?? (hour.isLongerThan(maxTtl) ? maxTtl : hour);
  claimMount(scope, `auth/${path}`);
  // The maximum of an imported mount is not known, unless it is set.
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
