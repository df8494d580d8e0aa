import { Construct } from "constructs";
import { grantAdmin, grantAuditor, grantOperator } from "../../constructs/auth/access-levels";
import type { IPolicyTarget } from "../../constructs/auth/policy-target";
import { LoginMfa } from "../../constructs/auth/login-mfa";
import { OidcAuth } from "../../constructs/auth/oidc-auth";
import { OidcGroup } from "../../constructs/auth/oidc-group";
import type { IKeyValueEngine } from "../../constructs/engines/key-value-engine";
import { suppressRule } from "../../hardening/suppression";
import { SECRET_WRITERS, teamNamespaces } from "../../platform/names";
import type { Environment } from "../../platform/schema";
import { grantSecretWriting } from "./secret-writers";

/** Properties of `VaultPeople`. */
export interface HumanAccessProps {
  /** Environment with an identity provider (`vault.oidc`). */
  readonly environment: Environment;
  /** Policy targets of the access levels. */
  readonly parts: readonly IPolicyTarget[];
  /** Secrets engine for the secret writers. */
  readonly keyValue: IKeyValueEngine;
}

const LEVELS = { operator: grantOperator, auditor: grantAuditor, admin: grantAdmin };

/**
 * Vault access of users. They log in at their identity provider, and its groups determine their permissions. Admins
 * need a second factor. Put secret writers in no other group: the deny rules of other groups would apply to them.
 */
export class HumanAccess extends Construct {
  /** Auth mount at which users log in. */
  readonly auth: OidcAuth;

  constructor(scope: Construct, id: string, { environment, parts, keyValue }: HumanAccessProps) {
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
      new OidcGroup(this, level[0].toUpperCase() + level.slice(1), {
        auth,
        groupName: level === "secretWriter" ? SECRET_WRITERS : level,
        group,
      });
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
    if (groups.secretWriter) {
      const writer = add("secretWriter", groups.secretWriter);
      grantSecretWriting(writer, keyValue, scopeOfGrants);
      suppressRule(
        writer,
        "policy-whole-mount",
        "secret writers write the secrets of all services, and read none",
      );
    }
    new LoginMfa(this, "SecondFactor", {
      enforcementName: "admin",
      issuer: `Vault ${environment.name}`,
      groups: [admin],
    });
  }
}
