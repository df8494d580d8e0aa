import { KubernetesAuthBackendRole } from "@cdktf/provider-vault/lib/kubernetes-auth-backend-role";
import { Construct } from "constructs";
import type { ServiceAccountReference } from "../aws/irsa-role";
import { Duration } from "../core/duration";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import { claimName } from "../core/vault-names";
import { noteIdentity } from "./identity";
import type { IKubernetesAuth } from "./kubernetes-auth";
import { type IPolicy, Policy, requireVaultName } from "./policy";
import type { IGrantee, PolicyRule } from "./policy-rule";
import { requireNotLonger } from "./ttl";

export interface K8sAuthBindingProps {
  readonly auth: IKubernetesAuth;
  /** The one ServiceAccount whose pods may log in. */
  readonly serviceAccount: ServiceAccountReference;
  /** Name of the role and of its policy. @default - the ServiceAccount's name */
  readonly roleName?: string;
  /**
   * What the pod's token must be made for. Kubernetes does not put it into a pod's default token, so a token that
   * another service got hold of does not open Vault. @default vault
   */
  readonly audience?: string;
  /** How long a login lasts before it is renewed. @default - 1 hour, or maxTtl if that is shorter */
  readonly ttl?: Duration;
  /** How long a login can be renewed; leases end with it. @default - 24 hours */
  readonly maxTtl?: Duration;
  /**
   * Makes the token periodic: it lives for ever as long as it is renewed once in this time. Excludes ttl and maxTtl.
   * @default - the token ends at maxTtl
   */
  readonly period?: Duration;
  /** Further policies, which others write. @default - none: the role's own policy alone */
  readonly additionalPolicies?: readonly IPolicy[];
}

/**
 * The identity of one workload in Vault: a role for exactly one ServiceAccount, with a policy of its own that holds
 * what the workload was granted.
 * @see https://developer.hashicorp.com/vault/docs/auth/kubernetes#configuration
 */
export class K8sAuthBinding extends Construct implements IGrantee {
  readonly roleName: string;
  /** Path of the mount without `auth/`. */
  readonly authPath: string;
  readonly audience: string;
  readonly serviceAccount: ServiceAccountReference;
  /** The period, where the token is periodic. */
  readonly tokenTtl: Duration;
  readonly tokenMaxTtl: Duration;
  readonly isPeriodic: boolean;
  readonly policy: Policy;

  /**
   * @throws ValidationError for a wildcard, an empty audience, a role that is taken, ttl above maxTtl or either above
   * the mount's
   */
  constructor(scope: Construct, id: string, props: K8sAuthBindingProps) {
    super(scope, id);
    const { auth, serviceAccount, audience = "vault", period, additionalPolicies = [] } = props;
    this.authPath = auth.path;
    this.audience = audience;
    this.serviceAccount = serviceAccount;
    this.roleName = props.roleName ?? serviceAccount.name;
    this.isPeriodic = period !== undefined;
    // The mount's maximum bounds a period and not the life of a periodic token.
    this.tokenMaxTtl = period ? auth.maxTtl : (props.maxTtl ?? Duration.hours(24));
    this.tokenTtl = period ?? props.ttl ?? shorter(Duration.hours(1), this.tokenMaxTtl);
    this.validate(props);
    claimName(this, "role", `auth/${auth.path}/role/${this.roleName}`);
    this.policy = new Policy(this, "Policy", { policyName: this.roleName });
    const policies = [this.policy, ...additionalPolicies];
    noteIdentity(this, {
      mount: `auth/${auth.path}`,
      role: this.roleName,
      subject: `ServiceAccount ${serviceAccount.namespace}/${serviceAccount.name}`,
      policies: policies.map(({ policyName }) => policyName),
    });
    new KubernetesAuthBackendRole(this, "Resource", {
      backend: auth.pathReference,
      roleName: this.roleName,
      boundServiceAccountNames: [serviceAccount.name],
      boundServiceAccountNamespaces: [serviceAccount.namespace],
      audience,
      // A ServiceAccount that is deleted and made anew is another identity.
      aliasNameSource: "serviceaccount_uid",
      tokenPolicies: policies.map(({ policyReference }) => policyReference),
      ...(period
        ? { tokenPeriod: period.toSeconds() }
        : { tokenTtl: this.tokenTtl.toSeconds(), tokenMaxTtl: this.tokenMaxTtl.toSeconds() }),
    });
  }

  grant(rule: PolicyRule): void {
    this.policy.grant(rule);
  }

  /**
   * Adds a rule that no grant method writes; it is marked as such in the access map.
   * @throws ValidationError as `grant` does
   */
  addCustomRule(rule: PolicyRule): void {
    this.policy.addCustomRule(rule);
  }

  private validate({ auth, serviceAccount, ttl, maxTtl, period }: K8sAuthBindingProps): void {
    for (const [prop, name] of Object.entries({
      namespace: serviceAccount.namespace,
      name: serviceAccount.name,
    })) {
      if (isLiteral(name) && !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(name)) {
        throw new ValidationError(
          this,
          `serviceAccount.${prop} must be one exact Kubernetes name without wildcards, got "${name}"`,
        );
      }
    }
    requireVaultName(this, "roleName", this.roleName);
    if (isLiteral(this.audience) && this.audience.trim() === "") {
      throw new ValidationError(this, "audience must not be empty: any token of the ServiceAccount would do");
    }
    if (period && (ttl || maxTtl)) {
      throw new ValidationError(this, `period excludes ttl and maxTtl, got ${period}, ${ttl} and ${maxTtl}`);
    }
    const mountMax = [`the maxTtl of auth/${auth.path}`, auth.maxTtl] as const;
    requireNotLonger(
      this,
      ["ttl", this.tokenTtl],
      ["maxTtl", this.tokenMaxTtl],
      "a renewal could not reach it",
    );
    requireNotLonger(
      this,
      [period ? "period" : "maxTtl", period ?? this.tokenMaxTtl],
      mountMax,
      "Vault would cut it",
    );
  }
}

function shorter(one: Duration, other: Duration): Duration {
  return one.isLongerThan(other) ? other : one;
}
