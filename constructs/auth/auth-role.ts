import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { Duration } from "../core/duration";
import { unlessImported } from "../core/import-existing";
import { ValidationError } from "../core/validation-error";
import { claimName } from "../core/vault-names";
import { requireSameNamespace } from "../core/vault-scope";
import type { IAuthMount } from "./auth-mount";
import { noteIdentity } from "./identity";
import { AttachedPolicies, type PoliciesProps } from "./own-policy";
import { type Policy, requireVaultName } from "./policy";
import type { IGrantee, PolicyRule } from "./policy-rule";
import { requireNotLonger } from "./ttl";

/** What the roles of all auth methods have in common. */
export interface AuthRoleProps extends PoliciesProps {
  /** How long a login lasts before it is renewed. @default - 1 hour, or maxTtl if that is shorter */
  readonly ttl?: Duration;
  /** How long a login can be renewed; leases end with it. @default - 24 hours */
  readonly maxTtl?: Duration;
  /**
   * Makes the token periodic: it lives for ever as long as it is renewed once in this time. Excludes ttl and maxTtl.
   * @default - the token ends at maxTtl
   */
  readonly period?: Duration;
}

/** Token settings as every role resource of the provider takes them; times in seconds. */
export interface TokenSettings {
  readonly tokenPolicies?: string[];
  readonly tokenTtl?: number;
  readonly tokenMaxTtl?: number;
  readonly tokenPeriod?: number;
}

/** A role of an auth method, with a policy of its own that holds what the role was granted. */
export abstract class AuthRole extends LibraryConstruct implements IGrantee {
  readonly roleName: string;
  /** Path of the mount without `auth/`. */
  readonly authPath: string;
  /** The period, where the token is periodic; of an imported role the mount's maximum, where nothing is set. */
  readonly tokenTtl: Duration;
  readonly tokenMaxTtl: Duration;
  readonly isPeriodic: boolean;
  private readonly policies: AttachedPolicies;
  protected readonly tokenSettings: TokenSettings;

  /**
   * @param subject who logs in, as the access map shows it
   * @throws ValidationError for a role that is taken, ttl above maxTtl, either above the mount's, or a period beside
   * them
   */
  constructor(
    scope: Construct,
    id: string,
    role: { readonly auth: IAuthMount; readonly roleName: string; readonly subject: string },
    shared: AuthRoleProps,
  ) {
    super(scope, id);
    const { auth, roleName } = role;
    const { ttl, maxTtl, period } = shared;
    this.roleName = roleName;
    this.authPath = auth.path;
    this.isPeriodic = period !== undefined;
    // The mount's maximum bounds a period and not the life of a periodic token.
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
    noteIdentity(this, {
      mount: `auth/${auth.path}`,
      role: roleName,
      subject: role.subject,
      policies: this.policies.all.map(({ policyName }) => policyName),
    });
  }

  /**
   * @throws ValidationError as `Policy.grant` does, and on an imported role whose policies are not set: it may not have
   * the one that is granted to
   */
  grant(rule: PolicyRule): void {
    this.policies.requireOwn();
    this.policy.grant(rule);
  }

  /**
   * Adds a rule that no grant method writes; it is marked as such in the access map.
   * @throws ValidationError as `grant` does
   */
  addCustomRule(rule: PolicyRule): void {
    this.policies.requireOwn();
    this.policy.addCustomRule(rule);
  }

  get policy(): Policy {
    return this.policies.own;
  }
}

function shorter(one: Duration, other: Duration): Duration {
  return one.isLongerThan(other) ? other : one;
}
