import { AuthBackend } from "@cdktf/provider-vault/lib/auth-backend";
import { JwtAuthBackendRole } from "@cdktf/provider-vault/lib/jwt-auth-backend-role";
import { Lazy } from "cdktf";
import { Construct } from "constructs";
import { Duration } from "../core/duration";
import { checkArguments, checkProps, list, object, oneOf, text } from "../core/field";
import { duration } from "../core/fields";
import { literal } from "../core/literal";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import { claimName } from "../core/vault-names";
import { pathFromRoot } from "../core/vault-scope";
import { type AuthMountTtlProps, checkAuthMount, type IAuthMount } from "./auth-mount";
import { authConfigurationPaths, type IConfigured } from "./configured";
import { authMountTtls } from "./fields";
import { type OidcProviderConfig, identityProviderProblems } from "./identity-providers";
import { requireIssuer } from "./jwt-auth";
import { CLAIM, CLAIM_VALUE, CLIENT_ID, METADATA_KEY, SCOPE, byClaim, formed } from "./oidc-claims";
import { requireNotLonger } from "./ttl";

/** Where `vault login -method=oidc` listens for the browser's answer. */
const CLI_REDIRECT = "http://localhost:8250/oidc/callback";

export interface OidcAuthProps extends AuthMountTtlProps {
  /** Path without `auth/`. @default oidc */
  readonly path?: string;
  /**
   * Issuer of the identity provider, as its discovery document has it: Vault compares every character, a slash at the
   * end included.
   */
  readonly issuer: string;
  /** Client id that the identity provider gave Vault. */
  readonly clientId: string;
  /** URLs under which users open Vault's UI. */
  readonly addresses: readonly string[];
  /**
   * Certificates (PEM) that sign the identity provider's.
   * @default - those that Vault's image trusts: most identity providers are public
   */
  readonly caCertificate?: string;
  /**
   * Claim that holds the user's groups: a list, or a string with one group. A claim by its name, such as
   * `https://example.com/groups`, or by a JSON pointer, such as `/realm_access/roles`.
   * @default groups - the name that most identity providers use
   */
  readonly groupsClaim?: string;
  /** Scopes to request besides openid. @default - profile and groups, with which most providers send the groups */
  readonly scopes?: readonly string[];
  /**
   * Claim that identifies a user in Vault, by its name or by a JSON pointer. Its value must be a string that never
   * passes on to another user. @default sub - unique and never reassigned; an email address can be
   */
  readonly userClaim?: string;
  /**
   * Further claims that a login must have, each with one of the values, such as `{ hd: ["example.com"] }`.
   * @default - none: the groups decide
   */
  readonly boundClaims?: Readonly<Record<string, readonly string[]>>;
  /**
   * Claims that Vault copies into the metadata of a login, by the metadata's key, such as `{ email: "email" }`. The
   * audit log shows them. Their values must be strings, or the login fails. @default - none
   */
  readonly claimMappings?: Readonly<Record<string, string>>;
  /** Vault's integration with one identity provider. @default - none: the token holds all groups */
  readonly providerConfig?: OidcProviderConfig;
  /** How long a login lasts before it is renewed. @default - 1 hour */
  readonly ttl?: Duration;
  /** How long a login can be renewed. @default - 8 hours, a working day; at most maxTtl */
  readonly loginMaxTtl?: Duration;
  /** @default - names the issuer */
  readonly description?: string;
}

const PROPS = object<OidcAuthProps>(() => ({
  ...authMountTtls,
  path: text.optional(),
  issuer: text,
  clientId: formed(CLIENT_ID),
  // A path is added to each.
  addresses: list(text, 1).known(),
  caCertificate: text.optional(),
  groupsClaim: formed(CLAIM).optional(),
  // Vault keeps the scopes of before when it is given none.
  scopes: list(formed(SCOPE), 1).optional(),
  userClaim: formed(CLAIM).optional(),
  boundClaims: byClaim(list(formed(CLAIM_VALUE), 1)).optional(),
  claimMappings: byClaim(formed(METADATA_KEY)).optional(),
  providerConfig: object<OidcProviderConfig>(() => ({ provider: oneOf("azure") })).optional(),
  ttl: duration.optional(),
  loginMaxTtl: duration.optional(),
  description: text.optional(),
}));

/**
 * Logins of users through their identity provider. A login gives no policy by itself: groups do, see `OidcGroup`. Users
 * who are in none of these groups are refused.
 *
 * Terraform creates the mount and its role, and leaves out the mount's configuration: it holds the client secret, which
 * this version of the Terraform provider would keep in the state. An operator runs `configurationCommand` once.
 * @see https://developer.hashicorp.com/vault/docs/auth/jwt/oidc-providers
 */
export class OidcAuth extends Construct implements IAuthMount, IConfigured {
  readonly path: string;
  readonly pathReference: string;
  readonly maxTtl: Duration;
  /** Longest life of the token of a person. */
  readonly loginMaxTtl: Duration;
  readonly backend: AuthBackend;
  private readonly groups: string[] = [];

  /**
   * @throws ValidationError for URLs without https://, no address, TTLs that disagree, claims, scopes or a client id
   * that Vault would misread, settings that the identity provider is known to refuse, and a path that is taken
   */
  constructor(
    scope: Construct,
    id: string,
    private readonly props: OidcAuthProps,
  ) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { path = "oidc", issuer, addresses } = props;
    requireIssuer(this, issuer);
    const { maxTtl, tune } = checkAuthMount(this, { ...props, path, listed: true });
    this.path = path;
    this.maxTtl = maxTtl;
    this.loginMaxTtl = props.loginMaxTtl ?? Duration.hours(8);
    const ttl = props.ttl ?? Duration.hours(1);
    requireNotLonger(this, ["ttl", ttl], ["loginMaxTtl", this.loginMaxTtl], "a login ends there");
    requireNotLonger(this, ["loginMaxTtl", this.loginMaxTtl], ["maxTtl", maxTtl], "Vault would cut it");
    const wrong = addresses.find((address) => isLiteral(address) && !/^https:\/\/[^/\s]+$/.test(address));
    if (wrong !== undefined) {
      throw new ValidationError(this, `addresses must be https:// URLs without a path, got ${wrong}`);
    }
    this.validateClaims();
    this.requireAccepted([]);
    this.backend = new AuthBackend(this, "Resource", {
      type: "oidc",
      path,
      description: literal(props.description ?? `People of ${issuer}`),
      tune,
    });
    this.pathReference = this.backend.path;
    claimName(this, "role", `auth/${path}/role/people`);
    new JwtAuthBackendRole(this, "Role", {
      backend: this.pathReference,
      roleName: "people",
      roleType: "oidc",
      userClaim: literal(this.userClaim),
      // Of this claim alone Vault does not tell a pointer by its slash.
      ...(this.userClaim.startsWith("/") && { userClaimJsonPointer: true }),
      groupsClaim: literal(this.groupsClaim),
      oidcScopes: [...this.scopes],
      allowedRedirectUris: [
        ...addresses.map((address) => `${address}/ui/vault/auth/${path}/oidc/callback`),
        CLI_REDIRECT,
      ],
      boundClaimsType: "string",
      boundClaims: {
        ...Object.fromEntries(
          Object.entries(this.boundClaims).map(([claim, values]) => [
            literal(claim),
            values.map(literal).join(","),
          ]),
        ),
        [literal(this.groupsClaim)]: Lazy.stringValue({ produce: () => this.groups.join(",") }),
      },
      ...(Object.keys(this.claimMappings).length > 0 && {
        claimMappings: Object.fromEntries(
          Object.entries(this.claimMappings).map(([claim, key]) => [literal(claim), key]),
        ),
      }),
      tokenPolicies: [],
      tokenTtl: ttl.toSeconds(),
      tokenMaxTtl: this.loginMaxTtl.toSeconds(),
    });
    this.node.addValidation({
      validate: () =>
        this.groups.length > 0
          ? []
          : [`no group may log in by auth/${path}; add one with new OidcGroup() [${this.node.path}]`],
    });
  }

  /**
   * Lets the members of a group of the identity provider log in; `OidcGroup` calls it.
   * @throws ValidationError for a group that the identity provider is known not to send
   */
  admit(group: string): void {
    checkArguments(this, { group: [group, text] });
    this.requireAccepted([group]);
    this.groups.push(literal(group));
  }

  /**
   * Command for bash that configures the mount; it asks for the client secret. Run it after the first deploy, and again
   * when the secret, the client id, the issuer, its CA or `providerConfig` changes.
   */
  get configurationCommand(): string {
    const { issuer, clientId, caCertificate, providerConfig } = this.props;
    return [
      "read -r -s -p 'Client secret: ' secret && printf '%s' \"$secret\" |",
      `vault write ${pathFromRoot(this, `auth/${this.path}/config`)}`,
      // A map has no form of its own among the arguments of `vault write`.
      ...(providerConfig
        ? [`@<(printf '%s' ${quote(JSON.stringify({ provider_config: providerConfig }))})`]
        : []),
      `oidc_discovery_url=${quote(issuer)} oidc_client_id=${quote(clientId)}`,
      ...(caCertificate === undefined ? [] : [`oidc_discovery_ca_pem=${quote(caCertificate)}`]),
      "oidc_client_secret=- default_role=people",
    ].join(" ");
  }

  get configurationPaths(): readonly string[] {
    return authConfigurationPaths(this.path);
  }

  get secretPaths(): readonly string[] {
    return [];
  }

  private get groupsClaim(): string {
    return this.props.groupsClaim ?? "groups";
  }

  private get userClaim(): string {
    return this.props.userClaim ?? "sub";
  }

  private get scopes(): readonly string[] {
    return this.props.scopes ?? ["profile", "groups"];
  }

  private get boundClaims(): Readonly<Record<string, readonly string[]>> {
    return this.props.boundClaims ?? {};
  }

  private get claimMappings(): Readonly<Record<string, string>> {
    return this.props.claimMappings ?? {};
  }

  /** What the identity provider of this issuer is known to refuse. */
  private requireAccepted(groups: readonly string[]): void {
    const { issuer, providerConfig } = this.props;
    const { scopes, groupsClaim, boundClaims } = this;
    const settings = { issuer, scopes, groupsClaim, boundClaims, providerConfig, groups };
    const [problem] = isLiteral(JSON.stringify(settings)) ? identityProviderProblems(settings) : [];
    if (problem === undefined) return;
    const { field, received, allowed } = problem;
    throw new ValidationError(this, `${field} must be ${allowed}, got ${JSON.stringify(received)}`);
  }

  private validateClaims(): void {
    const { groupsClaim, boundClaims, claimMappings } = this;
    if (groupsClaim in boundClaims) {
      throw new ValidationError(
        this,
        `boundClaims must not name groupsClaim, whose values are the groups, got ${groupsClaim}`,
      );
    }
    const keys = Object.values(claimMappings);
    if (new Set(keys).size < keys.length) {
      throw new ValidationError(this, `claimMappings must have a key for each claim, got ${keys.join(", ")}`);
    }
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
