import { AuthBackend } from "@cdktf/provider-vault/lib/auth-backend";
import { JwtAuthBackendRole } from "@cdktf/provider-vault/lib/jwt-auth-backend-role";
import { Lazy } from "cdktf";
import { Construct } from "constructs";
import { Duration } from "../core/duration";
import { checkArguments, checkProps, list, object, text } from "../core/field";
import { duration } from "../core/fields";
import { literal } from "../core/literal";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import { claimName } from "../core/vault-names";
import { pathFromRoot } from "../core/vault-scope";
import { type AuthMountTtlProps, checkAuthMount, type IAuthMount } from "./auth-mount";
import { authConfigurationPaths, type IConfigured } from "./configured";
import { authMountTtls } from "./fields";
import { requireIssuer } from "./jwt-auth";
import { requireNotLonger } from "./ttl";

/** Where `vault login -method=oidc` listens for the browser's answer. */
const CLI_REDIRECT = "http://localhost:8250/oidc/callback";

export interface OidcAuthProps extends AuthMountTtlProps {
  /** Path without `auth/`. @default oidc */
  readonly path?: string;
  /** URL of the identity provider. */
  readonly issuer: string;
  /** Client id that the identity provider gave Vault. */
  readonly clientId: string;
  /** URLs under which people open Vault's UI. */
  readonly addresses: readonly string[];
  /** Claim that holds the groups of a person. @default groups */
  readonly groupsClaim?: string;
  /** Scopes to ask for besides openid. @default - profile and groups */
  readonly scopes?: readonly string[];
  /** Claim by which a person is recognised. @default sub */
  readonly userClaim?: string;
  /** How long a login of a person lasts before it is renewed. @default - 1 hour */
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
  clientId: text,
  // A path is added to each.
  addresses: list(text, 1).known(),
  groupsClaim: text.optional(),
  scopes: list(text).optional(),
  userClaim: text.optional(),
  ttl: duration.optional(),
  loginMaxTtl: duration.optional(),
  description: text.optional(),
}));

/**
 * Logins of people through their identity provider. A login gives no policy by itself: groups do, see `OidcGroup`, and
 * who is in none of them is refused.
 *
 * Terraform makes the mount and its role and leaves out the mount's configuration, because it holds the client secret
 * and this version of the provider would keep that in its state. A person writes it once, by `configurationCommand`.
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

  /** @throws ValidationError for URLs without https://, no address, TTLs that disagree, and a path that is taken */
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
      userClaim: props.userClaim ?? "sub",
      groupsClaim: this.groupsClaim,
      oidcScopes: [...(props.scopes ?? ["profile", "groups"])],
      allowedRedirectUris: [
        ...addresses.map((address) => `${address}/ui/vault/auth/${path}/oidc/callback`),
        CLI_REDIRECT,
      ],
      boundClaimsType: "string",
      boundClaims: { [this.groupsClaim]: Lazy.stringValue({ produce: () => this.groups.join(",") }) },
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

  /** Admits a group of the identity provider to log in; `OidcGroup` calls it. */
  admit(group: string): void {
    checkArguments(this, { group: [group, text] });
    this.groups.push(group);
  }

  /** What a person runs once, and again when the client secret changes; the secret is asked for. */
  get configurationCommand(): string {
    const { issuer, clientId } = this.props;
    return [
      "read -r -s -p 'Client secret: ' secret && printf '%s' \"$secret\" |",
      `vault write ${pathFromRoot(this, `auth/${this.path}/config`)} oidc_discovery_url=${quote(issuer)} oidc_client_id=${quote(clientId)}`,
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
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
