import { Construct } from "constructs";
import { grantAdmin, grantAuditor, grantOperator } from "../../constructs/auth/access-levels";
import type { IConfigured } from "../../constructs/auth/configured";
import { LoginMfa } from "../../constructs/auth/login-mfa";
import { OidcAuth } from "../../constructs/auth/oidc-auth";
import { OidcGroup } from "../../constructs/auth/oidc-group";
import type { IKeyValueEngine } from "../../constructs/engines/key-value-engine";
import { suppressRule } from "../../hardening/suppression";
import { teamNamespaces } from "../../platform/names";
import type { Environment } from "../../platform/schema";
import { grantSecretKeeping } from "./secret-keeping";

export interface VaultPeopleProps {
  /** An environment that says where people log in. */
  readonly environment: Environment;
  /** The parts of Vault that their policies speak of. */
  readonly parts: readonly IConfigured[];
  /** Where secrets are kept. */
  readonly keyValue: IKeyValueEngine;
}

const LEVELS = { operator: grantOperator, auditor: grantAuditor, admin: grantAdmin };

/**
 * People: they log in at their identity provider, whose groups decide what they may do. Admins need two factors. Those
 * who keep secrets are in no other group, because what the others are denied stays denied.
 */
export class VaultPeople extends Construct {
  /** Where people log in. */
  readonly auth: OidcAuth;

  constructor(scope: Construct, id: string, { environment, parts, keyValue }: VaultPeopleProps) {
    super(scope, id);
    const { oidc, endpoint } = environment.vault;
    const { groups, ...login } = oidc!;
    const scopeOfGrants = { namespacesBelow: teamNamespaces(environment) };
    const auth = new OidcAuth(this, "Auth", {
      issuer: login.issuer,
      clientId: login.clientId,
      addresses: [endpoint],
      caCertificate: login.caCertificate,
      scopes: login.scopes,
      groupsClaim: login.groupsClaim,
      userClaim: login.userClaim,
      boundClaims: login.boundClaims,
      claimMappings: login.claimMappings,
      providerConfig: login.providerConfig,
    });
    this.auth = auth;
    const add = (level: keyof typeof groups, group: string | string[]) =>
      new OidcGroup(this, level[0].toUpperCase() + level.slice(1), { auth, groupName: level, group });
    const group = (level: keyof typeof LEVELS) => {
      const made = add(level, groups[level]);
      LEVELS[level](made, [auth, ...parts], scopeOfGrants);
      return made;
    };
    const operator = group("operator");
    suppressRule(
      operator,
      "policy-sudo",
      "ending leaks and handing over to another server are an operator's work",
    );
    group("auditor");
    const admin = group("admin");
    const byNature = "somebody has to administer Vault; by name, with a second factor, and denied secrets";
    suppressRule(admin, "policy-wildcard", byNature);
    suppressRule(admin, "policy-sudo", byNature);
    if (groups.keeper) {
      const keeper = add("keeper", groups.keeper);
      grantSecretKeeping(keeper, keyValue, scopeOfGrants);
      suppressRule(keeper, "policy-whole-mount", "keepers write the secrets of all services, and read none");
    }
    new LoginMfa(this, "SecondFactor", {
      enforcementName: "admin",
      issuer: `Vault ${environment.name}`,
      groups: [admin],
    });
  }
}
