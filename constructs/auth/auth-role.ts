import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { Duration } from "../core/duration";
import { unlessImported } from "../core/import-existing";
import { ValidationError } from "../core/validation-error";
import { claimName } from "../core/vault-names";
import { requireSameNamespace } from "../core/vault-scope";
import type { IAuthMount } from "./auth-mount";
import { AttachedPolicies, type PoliciesProps } from "./own-policy";
import { type Policy, requireVaultName } from "./policy";
import type { IGrantee, PolicyRule } from "./policy-rule";
import { requireNotLonger } from "./ttl";

/** Token settings and policies that the roles of all auth methods share. */
export interface AuthRoleProps extends PoliciesProps {
  /** How long a login lasts before it is renewed. @default - 1 hour, or maxTtl if that is shorter */
  readonly ttl?: Duration;
  /** How long a login can be renewed. Its leases end with it. @default - 24 hours */
  readonly maxTtl?: Duration;
  /**
   * Makes the token periodic: it stays valid as long as it is renewed once in this period. Excludes ttl and maxTtl.
   * @default - the token ends at maxTtl
   */
  readonly period?: Duration;
}

/** Token settings in the form of the provider's role resources. Times are in seconds. */
export interface TokenSettings {
  /** Names of the policies. @default - none: an imported role keeps its policies */
  readonly tokenPolicies?: string[];
  /** TTL of the token in seconds. */
  readonly tokenTtl?: number;
  /** Maximum TTL of the token in seconds. */
  readonly tokenMaxTtl?: number;
  /** Period of a periodic token in seconds. */
  readonly tokenPeriod?: number;
}

/**
 * A role of an auth method, and a policy with its grants. Extend it to add an auth method.
 * @throws ValidationError for a role that is taken, ttl above maxTtl, either above the mount's maximum, and a period
 * beside ttl or maxTtl
 */
export abstract class AuthRole extends LibraryConstruct implements IGrantee {
  /** Name of the role in Vault. */
  readonly roleName: string;
  /** Path of the mount without `auth/`. */
  readonly authPath: string;
  /** TTL of the token, or its period. For an imported role without ttl it is `tokenMaxTtl`. */
  readonly tokenTtl: Duration;
  /**
   * Maximum TTL of the token. For a periodic token it is the mount's maximum, as for an imported role that does not
   * set maxTtl.
   */
  readonly tokenMaxTtl: Duration;
  /** True if the token is periodic: it can be renewed without limit. */
  readonly isPeriodic: boolean;
  private readonly policies: AttachedPolicies;
  /** Token settings for the role resource of the provider. */
  protected readonly tokenSettings: TokenSettings;

  constructor(
    scope: Construct,
    id: string,
    role: { readonly auth: IAuthMount; readonly roleName: string },
    shared: AuthRoleProps,
  ) {
    super(scope, id);
    const { auth, roleName } = role;
    const { ttl, maxTtl, period } = shared;
    this.roleName = roleName;
    this.authPath = auth.path;
    this.isPeriodic = period !== undefined;
    // The mount's maximum limits the period of a periodic token, not its renewals.
    const longest = maxTtl ?? unlessImported(shared, Duration.hours(24)) ?? auth.maxTtl;
    this.tokenMaxTtl = period ? auth.maxTtl : longest;
    const usual = unlessImported(shared, shorter(Duration.hours(1), this.tokenMaxTtl));
    this.tokenTtl = period ?? ttl ?? usual ?? this.tokenMaxTtl;
    requireVaultName(this, "roleName", roleName);
    if (period && (ttl || maxTtl)) {
      const others = [ttl && `ttl ${ttl}`, maxTtl && `maxTtl ${maxTtl}`].filter(Boolean).join(" and ");
      throw new ValidationError(this, `period excludes ttl and maxTtl, got period ${period} with ${others}`);
    }
    if (!period) {
      requireNotLonger(this, ["ttl", this.tokenTtl], ["maxTtl", this.tokenMaxTtl], "a login ends there");
    }
    requireNotLonger(
      this,
      period ? ["period", period] : ["maxTtl", this.tokenMaxTtl],
      [`maxTtl of the mount auth/${auth.path}`, auth.maxTtl],
      "Vault would cut it",
    );
    requireSameNamespace(this, "auth", auth);
    claimName(this, "role", `auth/${auth.path}/role/${roleName}`);
    this.policies = new AttachedPolicies(this, roleName, shared);
    const seconds = (stated: Duration | undefined, known: Duration) =>
      (stated ?? unlessImported(shared, known))?.toSeconds();
    this.tokenSettings = {
      tokenPolicies: this.policies.references,
      ...(period
        ? { tokenPeriod: period.toSeconds() }
        : { tokenTtl: seconds(ttl, this.tokenTtl), tokenMaxTtl: seconds(maxTtl, this.tokenMaxTtl) }),
    };
  }

  /**
   * Adds a rule to the role's policy.
   * @throws ValidationError as `Policy.grant` does, and for an imported role without additionalPolicies: it keeps its
   * policies, which may not include the granted one
   */
  grant(rule: PolicyRule): void {
    this.policies.requireOwn();
    this.policy.grant(rule);
  }

  /**
   * Adds a rule that no grant method covers. The access map marks it as custom.
   * @throws ValidationError as `grant` does
   */
  addCustomRule(rule: PolicyRule): void {
    this.policies.requireOwn();
    this.policy.addCustomRule(rule);
  }

  /** Policy that contains the role's grants. */
  get policy(): Policy {
    return this.policies.own;
  }
}

function shorter(one: Duration, other: Duration): Duration {
  return one.isLongerThan(other) ? other : one;
}
