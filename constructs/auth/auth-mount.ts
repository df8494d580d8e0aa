import { AuthBackend } from "@cdktf/provider-vault/lib/auth-backend";
import { Construct } from "constructs";
import { Duration } from "../core/duration";
import { literal } from "../core/literal";
import { claimMount } from "../core/vault-names";
import { requireNotLonger, SYSTEM_MAX_TTL_HOURS } from "./ttl";

/** A mount of an auth method, whoever made it. */
export interface IAuthMount {
  /** Path without `auth/`. */
  readonly path: string;
  /** The path as Terraform resolves it: roles are made after the mount. */
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
  readonly type: string;
  /** Path without `auth/`. */
  readonly path: string;
  readonly description: string;
  /** Shows the mount at the login of Vault's UI to those who have not logged in. @default false */
  readonly listed?: boolean;
}

/** The mount of one auth method with its TTLs tuned. */
export class AuthMount extends Construct implements IAuthMount {
  readonly path: string;
  readonly maxTtl: Duration;
  readonly backend: AuthBackend;

  /** @throws ValidationError for a path that is taken or not clean and for defaultTtl above maxTtl */
  constructor(scope: Construct, id: string, props: AuthMountProps) {
    super(scope, id);
    const { path, maxTtl = Duration.hours(SYSTEM_MAX_TTL_HOURS) } = props;
    const hour = Duration.hours(1);
    const defaultTtl = props.defaultTtl ?? (hour.isLongerThan(maxTtl) ? maxTtl : hour);
    this.path = path;
    this.maxTtl = maxTtl;
    claimMount(this, `auth/${path}`);
    requireNotLonger(this, ["defaultTtl", defaultTtl], ["maxTtl", maxTtl], "Vault would cut it");
    this.backend = new AuthBackend(this, "Resource", {
      type: props.type,
      path,
      description: literal(props.description),
      tune: [
        {
          defaultLeaseTtl: defaultTtl.toString(),
          maxLeaseTtl: maxTtl.toString(),
          listingVisibility: props.listed ? "unauth" : "hidden",
          tokenType: "default-service",
        },
      ],
    });
  }

  get pathReference(): string {
    return this.backend.path;
  }
}
