import { JwtAuthBackend } from "@cdktf/provider-vault/lib/jwt-auth-backend";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { certificatesOf } from "../core/certificate-bundle";
import type { Duration } from "../core/duration";
import { checkProps, object, text } from "../core/field";
import { parseProperty } from "../core/format-error";
import { importResource, unlessImported } from "../core/import-existing";
import { literal } from "../core/literal";
import { OidcIssuer } from "../core/oidc-issuer";
import { type AuthMountTtlProps, checkAuthMount, type IAuthMount } from "./auth-mount";
import { authConfigurationPaths, type IPolicyTarget } from "./policy-target";
import { authMountTtls } from "./fields";

/** Issuer of the identity tokens of GitHub workflows. */
export const GITHUB_ISSUER = "https://token.actions.githubusercontent.com";

/** Path, issuer and TTLs of a `JwtAuth` mount. */
export interface JwtAuthProps extends AuthMountTtlProps {
  /** Path without `auth/`. @default jwt */
  readonly path?: string;
  /** Issuer of the tokens. Vault reads its keys from `/.well-known/`. @default GITHUB_ISSUER - GitHub Actions */
  readonly issuer?: string;
  /** CA certificates (PEM) that sign the issuer's certificate. @default - the CAs of Vault's system */
  readonly caCertificate?: string;
  /** Description of the mount. @default - names the issuer */
  readonly description?: string;
}

const PROPS = object<JwtAuthProps>(() => ({
  ...authMountTtls,
  path: text.optional(),
  issuer: text.optional(),
  caCertificate: text.optional(),
  description: text.optional(),
}));

/**
 * An auth mount for pipelines, which log in with identity tokens of their platform. No credential is stored, so none
 * can be stolen from a settings page.
 * @see https://developer.hashicorp.com/vault/docs/auth/jwt
 * @throws ValidationError for an issuer without https://, a discovery URL, and a path that is taken
 */
export class JwtAuth extends LibraryConstruct implements IAuthMount, IPolicyTarget {
  /** Path without `auth/`. */
  readonly path: string;
  /** Path as a token, so that Terraform creates roles after the mount. */
  readonly pathReference: string;
  /** Maximum TTL of a token of this mount. */
  readonly maxTtl: Duration;
  /** Resource of the mount. */
  readonly backend: JwtAuthBackend;

  constructor(scope: Construct, id: string, props: JwtAuthProps = {}) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { path = "jwt" } = props;
    const issuer = props.issuer ?? unlessImported(props, GITHUB_ISSUER);
    parseProperty(this, "issuer", issuer, OidcIssuer.parse);
    const caCertificate = certificatesOf(this, "caCertificate", props.caCertificate);
    const { maxTtl, tune } = checkAuthMount(this, { ...props, path });
    this.path = path;
    this.maxTtl = maxTtl;
    const description = props.description ?? unlessImported(props, `Pipelines with tokens of ${issuer}`);
    this.backend = new JwtAuthBackend(this, "Resource", {
      type: "jwt",
      path,
      description: description && literal(description),
      oidcDiscoveryUrl: issuer,
      oidcDiscoveryCaPem: caCertificate && literal(caCertificate),
      boundIssuer: issuer,
      tune,
    });
    if (props.importExisting) importResource(this.backend, path);
    this.pathReference = this.backend.path;
  }

  /** Paths that Terraform reads to compare the configuration. */
  get configurationPaths(): readonly string[] {
    return authConfigurationPaths(this.path);
  }

  /** Paths that return, use or destroy secrets: none. */
  get secretPaths(): readonly string[] {
    return [];
  }
}
