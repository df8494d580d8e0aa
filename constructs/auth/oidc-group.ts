import { IdentityGroup } from "@cdktf/provider-vault/lib/identity-group";
import { IdentityGroupAlias } from "@cdktf/provider-vault/lib/identity-group-alias";
import { Construct } from "constructs";
import type { Duration } from "../core/duration";
import { checkProps, either, list, object, text } from "../core/field";
import { literal } from "../core/literal";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import { claimName } from "../core/vault-names";
import { requireSameNamespace } from "../core/vault-scope";
import { oidcAuth, policy } from "./fields";
import { noteIdentity } from "./identity";
import type { OidcAuth } from "./oidc-auth";
import { GROUP, formed } from "./oidc-claims";
import { type IPolicy, Policy } from "./policy";
import type { IGrantee, PolicyRule } from "./policy-rule";

export interface OidcGroupProps {
  readonly auth: OidcAuth;
  /** The group's name in Vault and that of its policy. */
  readonly groupName: string;
  /**
   * The group as the identity provider sends it in the groups claim. Of several, a user must be in one; add to the end
   * of the list. Vault does not distinguish capital and small letters.
   */
  readonly group: string | readonly string[];
  /** Further policies, which others write. @default - none: the group's own policy alone */
  readonly additionalPolicies?: readonly IPolicy[];
}

const PROPS = object<OidcGroupProps>(() => ({
  auth: oidcAuth,
  groupName: text,
  group: either(GROUP.allowed, formed(GROUP), list(formed(GROUP), 1)),
  additionalPolicies: list(policy).optional(),
}));

/** What the members of groups of the identity provider may do: external groups in Vault, with one policy. */
export class OidcGroup extends Construct implements IGrantee {
  readonly policy: Policy;
  /** Groups in Vault, one for each group of the identity provider. */
  readonly identityGroups: readonly IdentityGroup[];
  readonly tokenMaxTtl: Duration;
  readonly isPeriodic = false;

  /**
   * @throws ValidationError for no group, one with a comma or outer spaces, one that the identity provider is known not
   * to send, and for a name or a group that is taken
   */
  constructor(scope: Construct, id: string, props: OidcGroupProps) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { auth, groupName, group, additionalPolicies = [] } = props;
    const groups = [group].flat();
    this.tokenMaxTtl = auth.loginMaxTtl;
    if (!groups.slice(1).every(isLiteral)) {
      throw new ValidationError(this, "group must be known at synthesis after the first, got a reference");
    }
    requireSameNamespace(this, "auth", auth);
    for (const policy of additionalPolicies) requireSameNamespace(this, "each of additionalPolicies", policy);
    claimName(this, "group", groupName);
    for (const each of groups) {
      claimName(this, "group", `auth/${auth.path}/group/${isLiteral(each) ? each.toLowerCase() : each}`);
      auth.admit(each);
    }
    this.policy = new Policy(this, "Policy", { policyName: groupName });
    const policies = [this.policy, ...additionalPolicies];
    noteIdentity(this, {
      mount: `auth/${auth.path}`,
      role: groupName,
      subject: `${groups.length > 1 ? "groups" : "group"} ${groups.join(", ")}`,
      policies: policies.map(({ policyName }) => policyName),
    });
    const granted = policies.map(({ policyReference }) => policyReference);
    // The first keeps its resources when others are added. Vault allows one alias for each external group.
    this.identityGroups = groups.map((each, index) => {
      const suffix = index === 0 ? "" : `-${each}`;
      const identityGroup = new IdentityGroup(this, `Resource${suffix}`, {
        name: index === 0 ? groupName : literal(`${groupName}: ${each}`),
        type: "external",
        policies: granted,
      });
      new IdentityGroupAlias(this, `Alias${suffix}`, {
        name: literal(each),
        mountAccessor: auth.backend.accessor,
        canonicalId: identityGroup.id,
      });
      return identityGroup;
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
