import { GenericEndpoint } from "@cdktf/provider-vault/lib/generic-endpoint";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { Duration } from "../core/duration";
import { checkProps, object, oneOf, reference, text, whole } from "../core/field";
import { duration as durationField } from "../core/fields";
import { received } from "../core/received";
import { ValidationError } from "../core/validation-error";
import { requireSameNamespace } from "../core/vault-scope";
import type { IAuthMount } from "./auth-mount";

/** Auth methods with credentials that can be guessed. Vault can lock users of these methods only. */
export type LockableMethod = "userpass" | "ldap" | "approle";

/** Mount and limits of a `UserLockout`. */
export interface UserLockoutProps {
  /** Mount with the users to lock. */
  readonly auth: Pick<IAuthMount, "pathReference">;
  /** Type of the mount. Logins of other types use a signature, which cannot be guessed. */
  readonly method: LockableMethod;
  /** Number of failed logins after which Vault locks the user. @default 5 - NIST SP 800-63B allows up to 100 */
  readonly threshold?: number;
  /** How long a user stays locked. @default - 15 minutes */
  readonly duration?: Duration;
  /** Time without a failed login after which the count restarts at zero. @default - 15 minutes */
  readonly counterReset?: Duration;
}

const PROPS = object<UserLockoutProps>(() => ({
  auth: reference('an auth mount, such as { pathReference: "ldap" }', () => ({ pathReference: text })),
  method: oneOf("userpass", "ldap", "approle"),
  // Vault expects a string.
  threshold: whole(1).known().optional(),
  duration: durationField.optional(),
  counterReset: durationField.optional(),
}));

/**
 * Locks users of a mount after failed logins.
 *
 * The provider has no argument for the lockout. Terraform therefore writes it only when it changes here, and does not
 * detect changes by others.
 * @see https://developer.hashicorp.com/vault/docs/concepts/user-lockout
 * @throws ValidationError for a threshold below 1 and a duration of zero
 */
export class UserLockout extends LibraryConstruct {
  constructor(scope: Construct, id: string, props: UserLockoutProps) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { threshold = 5, duration = Duration.minutes(15), counterReset = Duration.minutes(15) } = props;
    for (const [name, value] of Object.entries({ duration, counterReset })) {
      if (value.toSeconds() === 0)
        throw new ValidationError(this, `${name} must be above zero, got ${received(value)}`);
    }
    requireSameNamespace(this, "auth", props.auth);
    new GenericEndpoint(this, "Resource", {
      path: `sys/mounts/auth/${props.auth.pathReference}/tune`,
      dataJson: JSON.stringify({
        user_lockout_config: {
          lockout_threshold: String(threshold),
          lockout_duration: duration.toString(),
          lockout_counter_reset_duration: counterReset.toString(),
          lockout_disable: false,
        },
      }),
      disableRead: true,
      disableDelete: true,
    });
  }
}
