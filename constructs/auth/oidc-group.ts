import { IdentityGroup } from "@cdktf/provider-vault/lib/identity-group";
import { IdentityGroupAlias } from "@cdktf/provider-vault/lib/identity-group-alias";
import { Construct } from "constructs";
import type { Duration } from "../core/duration";
import { checkProps, list, object, text } from "../core/field";
import { literal } from "../core/literal";
import { ValidationError } from "../core/validation-error";
import { claimName } from "../core/vault-names";
import { requireSameNamespace } from "../core/vault-scope";
import { oidcAuth, policy } from "./fields";
import { noteIdentity } from "./identity";
import type { OidcAuth } from "./oidc-auth";
import { type IPolicy, Policy } from "./policy";
import type { IGrantee, PolicyRule } from "./policy-rule";

export interface OidcGroupProps {
  readonly auth: OidcAuth;
  /** The group's name in Vault and that of its policy. */
  readonly groupName: string;
  /** The group as the identity provider calls it, in the groups claim. */
  readonly group: string;
  /** Further policies, which others write. @default - none: the group's own policy alone */
  readonly additionalPolicies?: readonly IPolicy[];
}

const PROPS = object<OidcGroupProps>(() => ({
  auth: oidcAuth,
  groupName: text,
  group: text,
  additionalPolicies: list(policy).optional(),
}));

/** What the members of one group of the identity provider may do. */
export class OidcGroup extends Construct implements IGrantee {
  readonly policy: Policy;
  readonly identityGroup: IdentityGroup;
  readonly tokenMaxTtl: Duration;
  readonly isPeriodic = false;

  /** @throws ValidationError for a group without a name or with a comma, and for a name that is taken */
  constructor(scope: Construct, id: string, props: OidcGroupProps) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { auth, groupName, group, additionalPolicies = [] } = props;
    this.tokenMaxTtl = auth.loginMaxTtl;
    // The provider parts the values of a claim at commas.
    if (!/^[^,]*[^,\s][^,]*$/.test(group)) {
      throw new ValidationError(
        this,
        `group must be one group of the identity provider, without commas, got "${group}"`,
      );
    }
    requireSameNamespace(this, "auth", auth);
    for (const policy of additionalPolicies) requireSameNamespace(this, "each of additionalPolicies", policy);
    claimName(this, "group", groupName);
    claimName(this, "group", `auth/${auth.path}/group/${group}`);
    auth.admit(literal(group));
    this.policy = new Policy(this, "Policy", { policyName: groupName });
    const policies = [this.policy, ...additionalPolicies];
    noteIdentity(this, {
      mount: `auth/${auth.path}`,
      role: groupName,
      subject: `group ${group}`,
      policies: policies.map(({ policyName }) => policyName),
    });
    this.identityGroup = new IdentityGroup(this, "Resource", {
      name: groupName,
      type: "external",
      policies: policies.map(({ policyReference }) => policyReference),
    });
    new IdentityGroupAlias(this, "Alias", {
      name: literal(group),
      mountAccessor: auth.backend.accessor,
      canonicalId: this.identityGroup.id,
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
}
