import { IdentityMfaLoginEnforcement } from "@cdktf/provider-vault/lib/identity-mfa-login-enforcement";
import { IdentityMfaTotp } from "@cdktf/provider-vault/lib/identity-mfa-totp";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { checkProps, list, object, text } from "../core/field";
import { literal } from "../core/literal";
import { claimName } from "../core/vault-names";
import { requireSameNamespace } from "../core/vault-scope";
import { oidcGroup } from "./fields";
import type { OidcGroup } from "./oidc-group";
import { requireVaultName } from "./policy";

export interface LoginMfaProps {
  /** Name of the enforcement. */
  readonly enforcementName: string;
  /** What an authenticator app calls the entry. */
  readonly issuer: string;
  /** Groups whose members must have a second factor. */
  readonly groups: readonly OidcGroup[];
}

const PROPS = object<LoginMfaProps>(() => ({
  enforcementName: text,
  issuer: text,
  groups: list(oidcGroup, 1),
}));

/**
 * A one-time password at each login of the members of groups, whatever their identity provider asked for. An admin
 * enrols a person: `vault write identity/mfa/method/totp/admin-generate method_id=... entity_id=...`.
 * @see https://developer.hashicorp.com/vault/docs/auth/login-mfa
 * @throws ValidationError for no group, an empty issuer and a name that is taken
 */
export class LoginMfa extends LibraryConstruct {
  readonly totp: IdentityMfaTotp;

  constructor(scope: Construct, id: string, props: LoginMfaProps) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { enforcementName, issuer, groups } = props;
    for (const group of groups) requireSameNamespace(this, "each of groups", group);
    requireVaultName(this, "enforcementName", enforcementName);
    claimName(this, "MFA method", enforcementName);
    this.totp = new IdentityMfaTotp(this, "Totp", { issuer: literal(issuer), maxValidationAttempts: 5 });
    new IdentityMfaLoginEnforcement(this, "Resource", {
      name: enforcementName,
      mfaMethodIds: [this.totp.methodId],
      identityGroupIds: groups.flatMap(({ identityGroups }) => identityGroups.map(({ id }) => id)),
    });
  }
}
