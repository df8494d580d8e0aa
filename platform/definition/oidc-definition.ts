/** Login of users with an OpenID Connect identity provider. See docs/identity-providers.md. */
export interface OidcDefinition {
  /**
   * Issuer of the identity provider (https), exactly as in its discovery document: a slash at the end counts.
   * @example "https://login.example.com"
   */
  readonly issuer: string;
  /**
   * Client id of Vault at the identity provider.
   * @example "vault"
   */
  readonly clientId: string;
  /**
   * Certificates in PEM of the CA that signs the identity provider's certificate.
   * @default - the CAs that Vault's image trusts: most identity providers have a public certificate
   * @example readFileSync("corporate-ca.pem", "utf8")
   */
  readonly caCertificate?: string;
  /**
   * Scopes that Vault requests in addition to `openid`. At least one.
   * @default ["profile", "groups"] - identity providers usually put the groups in these scopes
   * @example ["profile"]
   */
  readonly scopes?: readonly string[];
  /**
   * Claim with the groups of a user: a name, or a JSON pointer.
   * @default "groups" - the usual name
   * @example "/realm_access/roles"
   */
  readonly groupsClaim?: string;
  /**
   * Claim that identifies a user. Its value must never be reassigned to another user.
   * @default "sub" - OpenID Connect guarantees that it is never reassigned
   * @example "oid"
   */
  readonly userClaim?: string;
  /**
   * Further claims that a login must have, each with one of the values. `groupsClaim` is rejected here.
   * @default {} - the groups alone decide
   * @example { hd: ["example.com"] }
   */
  readonly boundClaims?: Readonly<Record<string, readonly string[]>>;
  /**
   * Claims that Vault copies to the metadata of a login and to the audit log: the claim, then the metadata key.
   * @default {} - no claim is copied
   * @example { email: "email" }
   */
  readonly claimMappings?: Readonly<Record<string, string>>;
  /**
   * Vault's integration with one identity provider.
   * @default - none: the groups are in a claim
   * @example { provider: "azure" }
   */
  readonly providerConfig?: OidcProviderDefinition;
  /**
   * Ranges of the identity provider's addresses, in CIDR notation.
   * @default [] - the host decides: the namespace of a Service, or the internet
   * @example ["10.0.9.0/24"]
   */
  readonly ranges?: readonly string[];
  /**
   * Port of the identity provider's pods, if the host is a Service that translates the port: 1 to 65535.
   * @default - the port of the URL: no Service translates it
   * @example 8443
   */
  readonly targetPort?: number;
  /**
   * Groups of the identity provider, by access level in Vault. See docs/constructs/access-levels.md.
   * @example { operator: "vault-operators", auditor: "vault-auditors", admin: "vault-admins" }
   */
  readonly groups: OidcGroupsDefinition;
}

/** Integration of Vault with one identity provider. */
export interface OidcProviderDefinition {
  /**
   * Identity provider. With `azure` Vault reads the groups from Microsoft Graph.
   * @example "azure"
   */
  readonly provider: "azure";
}

/** Groups of the identity provider: one name or a list for each access level. A group has one level only. */
export interface OidcGroupsDefinition {
  /**
   * Group or groups of users who operate Vault.
   * @example "vault-operators"
   */
  readonly operator: string | readonly string[];
  /**
   * Group or groups of users who read Vault's configuration for an audit.
   * @example ["vault-auditors", "external-auditors"]
   */
  readonly auditor: string | readonly string[];
  /**
   * Group or groups of users who administer Vault.
   * @example "vault-admins"
   */
  readonly admin: string | readonly string[];
  /**
   * Group or groups of users who write secrets without reading them.
   * @default - none: no user writes secrets
   * @example "vault-secret-writers"
   */
  readonly secretWriter?: string | readonly string[];
}
