import type { AuthBackendTune } from "@cdktf/provider-vault/lib/auth-backend";
import type { Construct } from "constructs";
import { Duration } from "../core/duration";
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
export interface AuthMountTtlProps {
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
  readonly tune: AuthBackendTune[];
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
  requireNotLonger(scope, ["defaultTtl", defaultTtl], ["maxTtl", maxTtl], "Vault would cut it");
  return {
    maxTtl,
    tune: [
      {
        defaultLeaseTtl: defaultTtl.toString(),
        maxLeaseTtl: maxTtl.toString(),
        listingVisibility: props.listed ? "unauth" : "hidden",
        tokenType: "default-service",
      },
    ],
  };
}
