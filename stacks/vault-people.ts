import { Construct } from "constructs";
import { grantAdmin, grantAuditor, grantOperator } from "../constructs/auth/access-levels";
import type { IConfigured } from "../constructs/auth/configured";
import { LoginMfa } from "../constructs/auth/login-mfa";
import { OidcAuth } from "../constructs/auth/oidc-auth";
import { OidcGroup } from "../constructs/auth/oidc-group";
import { suppressRule } from "../constructs/hardening/suppression";
import type { Environment } from "../environments/schema";

export interface VaultPeopleProps {
  /** An environment that says where people log in. */
  readonly environment: Environment;
  /** The parts of Vault that their policies speak of. */
  readonly parts: readonly IConfigured[];
}

const LEVELS = { operator: grantOperator, auditor: grantAuditor, admin: grantAdmin };

/** People: they log in at their identity provider, whose groups decide what they may do; admins need two factors. */
export class VaultPeople extends Construct {
  constructor(scope: Construct, id: string, { environment, parts }: VaultPeopleProps) {
    super(scope, id);
    const { oidc, endpoint } = environment.vault;
    const { issuer, clientId, groups } = oidc!;
    const auth = new OidcAuth(this, "Auth", { issuer, clientId, addresses: [endpoint] });
    const group = (level: keyof typeof LEVELS) => {
      const made = new OidcGroup(this, level[0].toUpperCase() + level.slice(1), {
        auth,
        groupName: level,
        group: groups[level],
      });
      LEVELS[level](made, [auth, ...parts]);
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
    new LoginMfa(this, "SecondFactor", {
      enforcementName: "admin",
      issuer: `Vault ${environment.name}`,
      groups: [admin],
    });
  }
}
