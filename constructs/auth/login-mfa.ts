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

/** Groups and TOTP settings of a `LoginMfa`. */
export interface LoginMfaProps {
  /** Name of the enforcement. */
  readonly enforcementName: string;
  /** Name of the entry in an authenticator app. */
  readonly issuer: string;
  /** Groups that require a second factor at login. */
  readonly groups: readonly OidcGroup[];
}

const PROPS = object<LoginMfaProps>(() => ({
  enforcementName: text,
  issuer: text,
  groups: list(oidcGroup, 1),
}));

/**
 * Requires a one-time password at each login of the groups' members, in addition to the checks of their identity
 * provider. An administrator enrols a user with
 * `vault write identity/mfa/method/totp/admin-generate method_id=... entity_id=...`.
 * @see https://developer.hashicorp.com/vault/docs/auth/login-mfa
 * @throws ValidationError for no group, an empty issuer and a name that is taken
 */
export class LoginMfa extends LibraryConstruct {
  /** Resource of the TOTP method. */
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
