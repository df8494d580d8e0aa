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
import { authConfigurationPaths, type IPolicyTarget } from "./policy-target";
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

/** Address at which `vault login -method=oidc` receives the browser's callback. */
const CLI_REDIRECT = "http://localhost:8250/oidc/callback";

/** Identity provider, claims and TTLs of an `OidcAuth` mount. */
export interface OidcAuthProps extends AuthMountTtlProps {
  /** Path without `auth/`. @default oidc */
  readonly path?: string;
  /**
   * Issuer of the identity provider, exactly as in its discovery document. Vault compares every character, including
   * a slash at the end.
   */
  readonly issuer: string;
  /** Client id of Vault at the identity provider. */
  readonly clientId: string;
  /** URLs under which users open Vault's UI. */
  readonly addresses: readonly string[];
  /**
   * CA certificates (PEM) that sign the identity provider's certificate.
   * @default - the CAs that Vault's image trusts: most identity providers are public
   */
  readonly caCertificate?: string;
  /**
   * Claim that contains the user's groups: a list, or a string with one group. Give its name, such as
   * `https://example.com/groups`, or a JSON pointer, such as `/realm_access/roles`.
   * @default groups - the name that most identity providers use
   */
  readonly groupsClaim?: string;
  /** Scopes to request besides openid. @default - profile and groups: most providers then send the groups */
  readonly scopes?: readonly string[];
  /**
   * Claim that identifies a user in Vault. Give its name or a JSON pointer. Its value must be a string that is never
   * reassigned to another user.
   * @default sub - unique and never reassigned; an email address can be
   */
  readonly userClaim?: string;
  /**
   * Further claims that a login must have, each with one of the listed values, such as `{ hd: ["example.com"] }`.
   * @default - none: the groups decide
   */
  readonly boundClaims?: Readonly<Record<string, readonly string[]>>;
  /**
   * Claims that Vault copies into the metadata of a login, each with its metadata key, such as `{ email: "email" }`.
   * The audit log shows them. Their values must be strings; otherwise the login fails.
   * @default - none
   */
  readonly claimMappings?: Readonly<Record<string, string>>;
  /** Vault's integration with one identity provider. @default - none: the token contains all groups */
  readonly providerConfig?: OidcProviderConfig;
  /** Role that users log in with. @default people */
  readonly roleName?: string;
  /** How long a login lasts before it is renewed. @default - 1 hour */
  readonly ttl?: Duration;
  /** How long a login can be renewed. @default - 8 hours, a working day; at most maxTtl */
  readonly loginMaxTtl?: Duration;
  /** Description of the mount. @default - names the issuer */
  readonly description?: string;
}

const PROPS = importable<OidcAuthProps, Known>(
  () => ({
    ...authMountTtls,
    path: text.optional(),
    roleName: text.optional(),
    // A command is printed with these values, so they must be known at synthesis.
    issuer: text.known(),
    clientId: formed(CLIENT_ID).known(),
    // A path is appended to each address.
    addresses: list(text, 1).known(),
    caCertificate: text.known().optional(),
    groupsClaim: formed(CLAIM).optional(),
    // Vault keeps the previous scopes if it gets none.
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
 * An auth mount for users of an identity provider. A login grants no policy by itself: groups do, see `OidcGroup`.
 * Vault rejects users without such a group.
 *
 * Terraform creates the mount and its role, but not the mount's configuration. The configuration contains the client
 * secret, which this version of the Terraform provider would store in the state. Run `configurationCommand` once.
 * @see https://developer.hashicorp.com/vault/docs/auth/jwt/oidc-providers
 * @throws ValidationError for URLs without https://, no address, contradictory TTLs, claims, scopes or a client id that
 * Vault would misread, settings that the identity provider is known to reject, and a path that is taken
 */
export class OidcAuth extends LibraryConstruct implements IAuthMount, IPolicyTarget {
  /** Path without `auth/`. */
  readonly path: string;
  /** Path as a token, so that Terraform creates roles after the mount. */
  readonly pathReference: string;
  /** Maximum TTL of a token of this mount. */
  readonly maxTtl: Duration;
  /** Maximum TTL of a user's token. */
  readonly loginMaxTtl: Duration;
  /** Resource of the mount. */
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
      // Vault detects a JSON pointer by its slash in all claims but this one.
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
   * Allows the members of a group of the identity provider to log in. `OidcGroup` calls it.
   * @param isImported true for an existing group, which an imported mount may already admit
   * @throws ValidationError for a group that the identity provider is known not to send, and for a new group on an
   * imported mount without groupsClaim
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
   * Bash command that configures the mount and prompts for the client secret. Run it after the first deploy. Run it
   * again when the secret, the client id, the issuer, its CA or `providerConfig` changes.
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

  /** Paths that Terraform reads to compare the configuration. */
  get configurationPaths(): readonly string[] {
    return authConfigurationPaths(this.path);
  }

  /** Paths that return, use or destroy secrets: none. */
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

  /** Throws a ValidationError for settings that the identity provider of this issuer is known to reject. */
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
