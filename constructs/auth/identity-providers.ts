/** Settings of an OIDC login that an identity provider can reject. */
export interface OidcLoginSettings {
  /** Issuer of the identity provider. */
  readonly issuer: string;
  /** Scopes to request besides openid. */
  readonly scopes: readonly string[];
  /** Claim that contains the user's groups. */
  readonly groupsClaim: string;
  /** Further claims that a login must have, each with the allowed values. */
  readonly boundClaims: Readonly<Record<string, readonly string[]>>;
  /** Vault's integration with the identity provider. @default - none */
  readonly providerConfig?: OidcProviderConfig;
  /** Groups that may log in. */
  readonly groups: readonly string[];
}

/** Vault's integration with one identity provider, under Vault's name for it. */
export interface OidcProviderConfig {
  /**
   * `azure` reads the groups from Microsoft Graph for users in more than 200 groups: their tokens contain no groups.
   */
  readonly provider: "azure";
}

/** A setting with which no login can succeed, or with which the wrong users can log in. */
export interface OidcLoginProblem {
  /** Name of the setting. */
  readonly field: "issuer" | "scopes" | "groupsClaim" | "boundClaims" | "providerConfig" | "groups";
  /** Value of the setting. */
  readonly received: unknown;
  /** Description of the allowed values. */
  readonly allowed: string;
}

interface KnownProvider {
  /** Recognizes the provider by its issuer. */
  readonly matches: (issuer: URL) => boolean;
  /** Form of the issuer in the provider's discovery document. Vault compares it letter by letter. */
  readonly issuer: RegExp;
  readonly issuerAllowed: string;
  readonly check?: (settings: OidcLoginSettings) => (OidcLoginProblem | false)[];
}

const GUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const isGuid = (text: string) => new RegExp(`^${GUID}$`, "i").test(text);

const ENTRA_ID: KnownProvider = {
  matches: ({ hostname }) =>
    /^login\.(microsoftonline\.(com|us)|partner\.microsoftonline\.cn)$/.test(hostname),
  issuer: new RegExp(`^https://[^/]+/${GUID}/v2\\.0$`),
  issuerAllowed: "https://login.microsoftonline.com/<tenant id>/v2.0: tokens name the tenant by its id",
  check: ({ scopes, groupsClaim, providerConfig, groups }) => [
    scopes.includes("groups") && {
      field: "scopes",
      received: scopes,
      allowed:
        "scopes without groups, which Microsoft Entra ID refuses; groups is a claim of the token there",
    },
    providerConfig !== undefined &&
      !scopes.includes("profile") && {
        field: "scopes",
        received: scopes,
        allowed: "scopes with profile, without which the token does not say where its groups are",
      },
    providerConfig !== undefined &&
      groupsClaim !== "groups" && {
        field: "groupsClaim",
        received: groupsClaim,
        allowed: "groups with providerConfig azure: Microsoft Graph has no other claim",
      },
    providerConfig !== undefined &&
      !groups.every(isGuid) && {
        field: "groups",
        received: groups.find((group) => !isGuid(group)),
        allowed: "object ids of groups with providerConfig azure: Microsoft Graph gives no names",
      },
  ],
};

const GOOGLE: KnownProvider = {
  matches: ({ hostname }) => hostname === "accounts.google.com",
  issuer: /^https:\/\/accounts\.google\.com$/,
  issuerAllowed: "https://accounts.google.com",
  check: ({ scopes, groupsClaim, boundClaims }) => [
    !scopes.every((scope) => ["openid", "email", "profile"].includes(scope)) && {
      field: "scopes",
      received: scopes,
      allowed: "email and profile: Google has no scope for groups",
    },
    groupsClaim !== "email" && {
      field: "groupsClaim",
      received: groupsClaim,
      allowed: "email, with each group an email address: tokens of Google hold no groups",
    },
    groupsClaim === "email" &&
      !scopes.includes("email") && {
        field: "scopes",
        received: scopes,
        allowed: "scopes with email, which groupsClaim reads",
      },
    !boundClaims.hd?.length && {
      field: "boundClaims",
      received: boundClaims,
      allowed:
        "hd with the domains of your Google Workspace: any Google account could claim an address otherwise",
    },
  ],
};

const AUTH0: KnownProvider = {
  matches: ({ hostname }) => hostname.endsWith(".auth0.com"),
  issuer: /^https:\/\/[^/]+\/$/,
  issuerAllowed: "https://<tenant>.auth0.com/, with the slash at the end",
  check: ({ groupsClaim }) => [
    ["groups", "roles", "permissions", "entitlements"].includes(groupsClaim) && {
      field: "groupsClaim",
      received: groupsClaim,
      allowed:
        "a claim with a namespace, such as https://example.com/groups: Auth0 adds no custom claim of this name",
    },
  ],
};

const COGNITO_SCOPES = ["openid", "email", "phone", "profile", "aws.cognito.signin.user.admin"];

const COGNITO: KnownProvider = {
  matches: ({ hostname }) => /^cognito-idp\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/.test(hostname),
  issuer: /^https:\/\/[^/]+\/[a-z0-9-]+_[A-Za-z0-9]+$/,
  issuerAllowed: "https://cognito-idp.<region>.amazonaws.com/<user pool id>",
  check: ({ scopes }) => [
    !scopes.every((scope) => COGNITO_SCOPES.includes(scope) || scope.includes("/")) && {
      field: "scopes",
      received: scopes,
      allowed: `scopes that Amazon Cognito knows: ${COGNITO_SCOPES.slice(1).join(", ")}, and those of resource servers`,
    },
  ],
};

const OKTA: KnownProvider = {
  matches: ({ hostname }) => /\.(okta|oktapreview|okta-emea|okta-gov)\.com$/.test(hostname),
  issuer: /^https:\/\/(?![^/]+-admin\.)[^/]+(\/oauth2\/[^/]+)?$/,
  issuerAllowed: "https://<org>.okta.com, or https://<org>.okta.com/oauth2/<authorization server>",
};

const KEYCLOAK: KnownProvider = {
  matches: ({ pathname }) => /\/realms\/[^/]+/.test(pathname),
  issuer: /^https:\/\/[^?#]+\/realms\/[^/]+$/,
  issuerAllowed:
    "the address of a realm, such as https://keycloak.example.com/realms/main, without a slash at the end",
};

const KNOWN = [ENTRA_ID, GOOGLE, AUTH0, COGNITO, OKTA, KEYCLOAK];

/** Finds settings that the identity provider of this issuer is known to reject. */
export function identityProviderProblems(settings: OidcLoginSettings): OidcLoginProblem[] {
  const { issuer, providerConfig } = settings;
  if (!URL.canParse(issuer)) return [];
  const known = KNOWN.find(({ matches }) => matches(new URL(issuer)));
  const problems = known?.check?.(settings).filter((problem) => problem !== false) ?? [];
  if (known && !known.issuer.test(issuer)) {
    problems.unshift({ field: "issuer", received: issuer, allowed: known.issuerAllowed });
  }
  if (providerConfig?.provider === "azure" && known !== ENTRA_ID) {
    problems.push({
      field: "providerConfig",
      received: providerConfig,
      allowed: "nothing, unless the issuer is Microsoft Entra ID",
    });
  }
  return problems;
}
