import { DataVaultIdentityGroup } from "@cdktf/provider-vault/lib/data-vault-identity-group";
import { IdentityGroup } from "@cdktf/provider-vault/lib/identity-group";
import { IdentityGroupAlias } from "@cdktf/provider-vault/lib/identity-group-alias";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import type { Duration } from "../core/duration";
import { checkProps, either, list, object, text } from "../core/field";
import { importExistingFields, importResource } from "../core/import-existing";
import { literal } from "../core/literal";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import { claimName } from "../core/vault-names";
import { requireSameNamespace } from "../core/vault-scope";
import { oidcAuth, ownPolicy, policy } from "./fields";
import type { OidcAuth } from "./oidc-auth";
import { GROUP, formed } from "./oidc-claims";
import { AttachedPolicies, type PoliciesProps } from "./own-policy";
import type { Policy } from "./policy";
import type { IGrantee, PolicyRule } from "./policy-rule";

/** Groups of the identity provider and policies of an `OidcGroup`. */
export interface OidcGroupProps extends PoliciesProps {
  /** Mount that the users log in to. */
  readonly auth: OidcAuth;
  /** Name of the group in Vault and of its policy. */
  readonly groupName: string;
  /**
   * Group as the identity provider sends it in the groups claim. If you give several, a user must be in one of them.
   * Append new groups to the end of the list. Vault does not distinguish upper and lower case.
   */
  readonly group: string | readonly string[];
}

const PROPS = object<OidcGroupProps>(() => ({
  ...importExistingFields,
  auth: oidcAuth,
  groupName: text,
  group: either(GROUP.allowed, formed(GROUP), list(formed(GROUP), 1).known()),
  additionalPolicies: list(policy).optional(),
  policy: ownPolicy.optional(),
}));

/**
 * Gives permissions to groups of the identity provider. It creates external groups in Vault with one policy.
 * @throws ValidationError for no group, a group with a comma or outer spaces, a group that the identity provider is
 * known not to send, and for a name or a group that is taken
 */
export class OidcGroup extends LibraryConstruct implements IGrantee {
  private readonly policies: AttachedPolicies;
  /** Groups in Vault, one for each group of the identity provider. */
  readonly identityGroups: readonly IdentityGroup[];
  /** Maximum TTL of a user's token. */
  readonly tokenMaxTtl: Duration;
  /** False: a user's token is never periodic. */
  readonly isPeriodic = false;

  constructor(scope: Construct, id: string, props: OidcGroupProps) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { auth, groupName, group, importExisting = false } = props;
    const groups = [group].flat();
    this.tokenMaxTtl = auth.loginMaxTtl;
    if (!groups.slice(1).every(isLiteral)) {
      throw new ValidationError(this, "group must be known at synthesis after the first, got a reference");
    }
    requireSameNamespace(this, "auth", auth);
    claimName(this, "group", groupName);
    for (const each of groups) {
      claimName(this, "group", `auth/${auth.path}/group/${isLiteral(each) ? each.toLowerCase() : each}`);
      auth.admit(each, importExisting);
    }
    this.policies = new AttachedPolicies(this, groupName, props);
    // The first group keeps its resources when you append others. Vault allows one alias for each external group.
    this.identityGroups = groups.map((each, index) => {
      const suffix = index === 0 ? "" : `-${each}`;
      const identityGroup = new IdentityGroup(this, `Resource${suffix}`, {
        name: index === 0 ? groupName : literal(`${groupName}: ${each}`),
        type: "external",
        policies: this.policies.references,
      });
      const alias = new IdentityGroupAlias(this, `Alias${suffix}`, {
        name: literal(each),
        mountAccessor: auth.backend.accessor,
        canonicalId: identityGroup.id,
      });
      if (importExisting) {
        // Vault generates the id of a group.
        const known = new DataVaultIdentityGroup(this, `Existing${suffix}`, {
          groupName: identityGroup.nameInput,
        });
        importResource(identityGroup, known.groupId);
        importResource(alias, known.aliasId);
      }
      return identityGroup;
    });
  }

  /** Policy that contains the grants to the group. */
  get policy(): Policy {
    return this.policies.own;
  }

  /**
   * Adds a rule to the group's policy.
   * @throws ValidationError as `AuthRole.grant` does
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
}
