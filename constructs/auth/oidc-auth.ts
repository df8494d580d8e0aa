import { AuthBackend } from "@cdktf/provider-vault/lib/auth-backend";
import { JwtAuthBackendRole } from "@cdktf/provider-vault/lib/jwt-auth-backend-role";
import { Lazy } from "cdktf";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { CertificateBundle, certificatesOf } from "../core/certificate-bundle";
import { Duration } from "../core/duration";
import { checkArguments, checkProps, flag, list, object, oneOf, text } from "../core/field";
import { duration } from "../core/fields";
import { parseProperty } from "../core/format-error";
import {
  importable,
  importResource,
  type Importable,
  KEPT,
  requireStated,
  unlessImported,
} from "../core/import-existing";
import { received } from "../core/received";
import { isLiteral } from "../core/tokens";
import { literal } from "../core/literal";
import { OidcIssuer } from "../core/oidc-issuer";
import { Url } from "../core/url";
import { ValidationError } from "../core/validation-error";
import { claimName } from "../core/vault-names";
import { pathFromRoot } from "../core/vault-scope";
import { type AuthMountTtlProps, checkAuthMount, type IAuthMount } from "./auth-mount";
import { authConfigurationPaths, type IConfigured } from "./configured";
import { authMountTtls } from "./fields";
import { type OidcProviderConfig, identityProviderProblems } from "./identity-providers";
import {
  CLAIM,
  CLAIM_VALUE,
  CLIENT_ID,
  METADATA_KEY,
  SCOPE,
  byClaim,
  formed,
  joinedValues,
} from "./oidc-claims";
import { configurationCommand } from "./oidc-configuration";
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
  /** Role that users log in by. @default people */
  readonly roleName?: string;
  /** How long a login lasts before it is renewed. @default - 1 hour */
  readonly ttl?: Duration;
  /** How long a login can be renewed. @default - 8 hours, a working day; at most maxTtl */
  readonly loginMaxTtl?: Duration;
  /** @default - names the issuer */
  readonly description?: string;
}

const PROPS = importable<OidcAuthProps, Known>(
  () => ({
    ...authMountTtls,
    path: text.optional(),
    roleName: text.optional(),
    // A command is printed with these, so they must be known.
    issuer: text.known(),
    clientId: formed(CLIENT_ID).known(),
    // A path is added to each.
    addresses: list(text, 1).known(),
    caCertificate: text.known().optional(),
    groupsClaim: formed(CLAIM).optional(),
    // Vault keeps the scopes of before when it is given none.
    scopes: list(formed(SCOPE), 1).optional(),
    userClaim: formed(CLAIM).optional(),
    boundClaims: byClaim(list(formed(CLAIM_VALUE), 1).known()).optional(),
    claimMappings: byClaim(formed(METADATA_KEY)).optional(),
    providerConfig: object<OidcProviderConfig>(() => ({ provider: oneOf("azure") })).optional(),
    ttl: duration.optional(),
    loginMaxTtl: duration.optional(),
    description: text.optional(),
  }),
  "issuer",
  "clientId",
  "addresses",
);

type Known = "issuer" | "clientId" | "addresses";

/**
 * Logins of users through their identity provider. A login gives no policy by itself: groups do, see `OidcGroup`. Users
 * who are in none of these groups are refused.
 *
 * Terraform creates the mount and its role, and leaves out the mount's configuration: it holds the client secret, which
 * this version of the Terraform provider would keep in the state. An operator runs `configurationCommand` once.
 * @see https://developer.hashicorp.com/vault/docs/auth/jwt/oidc-providers
 * @throws ValidationError for URLs without https://, no address, TTLs that disagree, claims, scopes or a client id
 * that Vault would misread, settings that the identity provider is known to refuse, and a path that is taken
 */
export class OidcAuth extends LibraryConstruct implements IAuthMount, IConfigured {
  readonly path: string;
  readonly pathReference: string;
  readonly maxTtl: Duration;
  /** Longest life of the token of a person. */
  readonly loginMaxTtl: Duration;
  readonly backend: AuthBackend;
  private readonly groups: string[] = [];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: Importable<OidcAuthProps, Known>,
  ) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { path = "oidc", issuer, addresses, roleName = "people" } = props;
    parseProperty(this, "issuer", issuer, OidcIssuer.parse);
    parseProperty(this, "caCertificate", props.caCertificate, CertificateBundle.parse);
    const { maxTtl, tune } = checkAuthMount(this, { ...props, path, listed: true });
    this.path = path;
    this.maxTtl = maxTtl;
    const day = unlessImported(props, Duration.hours(8));
    this.loginMaxTtl = props.loginMaxTtl ?? day ?? maxTtl;
    const ttl = props.ttl ?? unlessImported(props, Duration.hours(1));
    if (ttl) requireNotLonger(this, ["ttl", ttl], ["loginMaxTtl", this.loginMaxTtl], "a login ends there");
    requireNotLonger(this, ["loginMaxTtl", this.loginMaxTtl], ["maxTtl", maxTtl], "Vault would cut it");
    for (const address of addresses ?? []) {
      parseProperty(this, "each of addresses", address, (text) => Url.parse(text, { allowPath: false }));
    }
    this.validateClaims();
    this.requireAccepted([]);
    const description = props.description ?? unlessImported(props, `People of ${issuer}`);
    this.backend = new AuthBackend(this, "Resource", {
      type: "oidc",
      path,
      description: description && literal(description),
      tune,
    });
    this.pathReference = this.backend.path;
    claimName(this, "role", `auth/${path}/role/${roleName}`);
    const isSet = (value: unknown) => value !== undefined || !props.importExisting;
    const role = new JwtAuthBackendRole(this, "Role", {
      backend: this.pathReference,
      roleName,
      roleType: "oidc",
      userClaim: isSet(props.userClaim) ? literal(this.userClaim) : KEPT,
      // Of this claim alone Vault does not tell a pointer by its slash.
      ...(this.userClaim.startsWith("/") && { userClaimJsonPointer: true }),
      oidcScopes: isSet(props.scopes) ? [...this.scopes] : undefined,
      allowedRedirectUris: addresses && [
        ...addresses.map((address) => `${address}/ui/vault/auth/${path}/oidc/callback`),
        CLI_REDIRECT,
      ],
      ...(isSet(props.groupsClaim) && {
        groupsClaim: literal(this.groupsClaim),
        boundClaimsType: "string",
        boundClaims: {
          ...joinedValues(this.boundClaims),
          [literal(this.groupsClaim)]: Lazy.stringValue({ produce: () => this.groups.join(",") }),
        },
      }),
      ...(Object.keys(this.claimMappings).length > 0 && {
        claimMappings: Object.fromEntries(
          Object.entries(this.claimMappings).map(([claim, key]) => [literal(claim), key]),
        ),
      }),
      tokenPolicies: unlessImported(props, []),
      tokenTtl: ttl?.toSeconds(),
      tokenMaxTtl: (props.loginMaxTtl ?? day)?.toSeconds(),
    });
    if (props.importExisting) {
      importResource(this.backend, path);
      importResource(role, `auth/${path}/role/${roleName}`, isSet(props.userClaim) ? [] : ["user_claim"]);
    }
    this.node.addValidation({
      validate: () =>
        this.groups.length > 0 || !isSet(props.groupsClaim)
          ? []
          : [`no group may log in by auth/${path}; add one with new OidcGroup() [${this.node.path}]`],
    });
  }

  /**
   * Lets the members of a group of the identity provider log in; `OidcGroup` calls it.
   * @param isImported true for a group that exists, which an imported mount may admit already
   * @throws ValidationError for a group that the identity provider is known not to send, and on an imported mount whose
   * groupsClaim is not set
   */
  admit(group: string, isImported = false): void {
    checkArguments(this, { group: [group, text], isImported: [isImported, flag] });
    this.requireAccepted([group]);
    if (this.props.importExisting && !isImported) {
      const why = `the role keeps the groups that it admits, so that it may not admit ${group}`;
      requireStated(this, "groupsClaim", this.props.groupsClaim, why);
    }
    this.groups.push(literal(group));
  }

  /**
   * Command for bash that configures the mount; it asks for the client secret. Run it after the first deploy, and again
   * when the secret, the client id, the issuer, its CA or `providerConfig` changes.
   */
  get configurationCommand(): string {
    const why = "the command writes the whole configuration of the mount";
    return configurationCommand(pathFromRoot(this, `auth/${this.path}/config`), {
      ...this.props,
      caCertificate: certificatesOf(this, "caCertificate", this.props.caCertificate),
      issuer: requireStated(this, "issuer", this.props.issuer, why),
      clientId: requireStated(this, "clientId", this.props.clientId, why),
    });
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
    if (issuer === undefined) return;
    const { scopes, groupsClaim, boundClaims } = this;
    const settings = { issuer, scopes, groupsClaim, boundClaims, providerConfig, groups };
    const [problem] = isLiteral(JSON.stringify(settings)) ? identityProviderProblems(settings) : [];
    if (problem === undefined) return;
    const { field, allowed } = problem;
    throw new ValidationError(this, `${field} must be ${allowed}, got ${received(problem.received)}`);
  }

  private validateClaims(): void {
    const { groupsClaim, boundClaims, claimMappings } = this;
    if (groupsClaim in boundClaims) {
      throw new ValidationError(
        this,
        `boundClaims must not name groupsClaim, whose values are the groups, got ${received(groupsClaim)}`,
      );
    }
    const keys = Object.values(claimMappings);
    if (new Set(keys).size < keys.length) {
      throw new ValidationError(this, `claimMappings must have a key for each claim, got ${received(keys)}`);
    }
  }
}
