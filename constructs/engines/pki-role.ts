import { PkiSecretBackendRole } from "@cdktf/provider-vault/lib/pki-secret-backend-role";
import type { Construct } from "constructs";
import { type Grant, grantRules } from "../auth/grant";
import { LibraryConstruct } from "../core/library-construct";
import { grantee as GRANTEE } from "../auth/fields";
import { requireVaultName } from "../auth/policy";
import type { IGrantee } from "../auth/policy-rule";
import { requireNotLonger } from "../auth/ttl";
import { Duration } from "../core/duration";
import { type Fields, checkArguments, checkProps, flag, list, oneOf, text } from "../core/field";
import { duration } from "../core/fields";
import { parseProperty } from "../core/format-error";
import { Host } from "../core/host";
import {
  importable,
  importExistingFields,
  importResource,
  type Importable,
  type ImportExistingProps,
  unlessImported,
} from "../core/import-existing";
import { received } from "../core/received";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import { claimName } from "../core/vault-names";
import { requireSameNamespace } from "../core/vault-scope";
import { pkiEngine } from "./fields";
import type { IPkiEngine } from "./pki-engine";

/** Domains, TTLs and key type of a `PkiRole`. */
export interface PkiRoleProps extends ImportExistingProps {
  /** PKI secrets engine that issues the certificates. */
  readonly engine: IPkiEngine;
  /** Name of the role in Vault. */
  readonly roleName: string;
  /** Domains for which the role issues certificates. */
  readonly allowedDomains: readonly string[];
  /** Issues certificates for names below the domains too. @default false */
  readonly allowSubdomains?: boolean;
  /** TTL of a certificate. @default - 24 hours, or maxTtl if that is shorter */
  readonly ttl?: Duration;
  /** Maximum TTL that a client can request. @default - 30 days, or the engine's maximum if that is shorter */
  readonly maxTtl?: Duration;
  /** Key type of the certificates: EC P-256 or RSA 2048. @default ec */
  readonly keyType?: "ec" | "rsa";
}

const SETTINGS: Fields<Omit<PkiRoleProps, "engine">> = {
  ...importExistingFields,
  roleName: text,
  allowedDomains: list(text, 1),
  allowSubdomains: flag.optional(),
  ttl: duration.optional(),
  maxTtl: duration.optional(),
  keyType: oneOf("ec", "rsa").optional(),
};

const PROPS = importable<PkiRoleProps, "allowedDomains">(
  () => ({ ...SETTINGS, engine: pkiEngine }),
  "allowedDomains",
);

/** Field for the props of `PkiEngine.addRole`. The name is also a construct id, so it must be known at synthesis. */
export const addedPkiRole = importable<Omit<PkiRoleProps, "engine">, "allowedDomains">(
  () => ({ ...SETTINGS, roleName: text.known() }),
  "allowedDomains",
);

/**
 * A role for certificates of one service's domains. The certificates are for servers and clients. They contain only
 * host names.
 * @see https://developer.hashicorp.com/vault/api-docs/secret/pki#create-update-role
 * @throws ValidationError for no domain, a domain that allows everything, ttl above maxTtl, and a role that is taken
 */
export class PkiRole extends LibraryConstruct {
  /** Name of the role in Vault. */
  readonly roleName: string;
  /** PKI secrets engine that issues the certificates. */
  readonly engine: IPkiEngine;
  /** Maximum TTL that a client can request. */
  readonly maxTtl: Duration;

  constructor(scope: Construct, id: string, props: Importable<PkiRoleProps, "allowedDomains">) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { engine, roleName, allowedDomains } = props;
    const allowSubdomains = props.allowSubdomains ?? unlessImported(props, false);
    const keyType = props.keyType ?? unlessImported(props, "ec");
    this.roleName = roleName;
    this.engine = engine;
    const longest = unlessImported(props, shorter(Duration.days(30), engine.maxTtl));
    this.maxTtl = props.maxTtl ?? longest ?? engine.maxTtl;
    const ttl = props.ttl ?? unlessImported(props, shorter(Duration.hours(24), this.maxTtl));
    requireVaultName(this, "roleName", roleName);
    if (allowedDomains) this.validate(allowedDomains, allowSubdomains ?? false);
    if (ttl) requireNotLonger(this, ["ttl", ttl], ["maxTtl", this.maxTtl], "Vault would cut it");
    requireNotLonger(
      this,
      ["maxTtl", this.maxTtl],
      [`maxTtl of the mount ${engine.path}`, engine.maxTtl],
      "Vault would cut it",
    );
    requireSameNamespace(this, "engine", engine);
    claimName(this, "role", `${engine.path}/role/${roleName}`);
    const role = new PkiSecretBackendRole(this, "Resource", {
      backend: engine.pathReference,
      name: roleName,
      allowedDomains: allowedDomains && [...allowedDomains],
      allowSubdomains,
      keyType,
      keyBits: keyType && (keyType === "ec" ? 256 : 2048),
      ttl: ttl?.toSeconds().toString(),
      maxTtl: (props.maxTtl ?? longest)?.toSeconds().toString(),
      ...unlessImported(props, RESTRICTIONS),
    });
    if (props.importExisting) importResource(role, `${engine.path}/roles/${roleName}`);
  }

  /** Allows the grantee to request certificates with keys that Vault creates. */
  grantIssue(grantee: IGrantee): Grant {
    return this.grant(grantee, "issue", "has certificates issued");
  }

  /** Allows the grantee to submit its own requests for signing, as an issuer of cert-manager does. */
  grantSign(grantee: IGrantee): Grant {
    return this.grant(grantee, "sign", "has certificate requests signed");
  }

  private grant(grantee: IGrantee, endpoint: "issue" | "sign", reason: string): Grant {
    checkArguments(this, { grantee: [grantee, GRANTEE] });
    return grantRules(grantee, {
      path: `${this.engine.path}/${endpoint}/${this.roleName}`,
      capabilities: ["create", "update"],
      reason,
      grantedBy: this,
    });
  }

  private validate(domains: readonly string[], allowSubdomains: boolean): void {
    for (const domain of domains.filter(isLiteral)) {
      // allowSubdomains allows names below the domain; wildcards are rejected.
      parseProperty(this, "each of allowedDomains", domain, Host.parseName);
      if (allowSubdomains && !domain.includes(".")) {
        throw new ValidationError(
          this,
          `allowedDomains must have a dot where allowSubdomains is set, or it allows everything below ${domain}, got ${received(domain)}`,
        );
      }
    }
  }
}

const RESTRICTIONS = {
  allowBareDomains: true,
  allowAnyName: false,
  allowGlobDomains: false,
  allowIpSans: false,
  allowLocalhost: false,
  allowWildcardCertificates: false,
  enforceHostnames: true,
  // Clients verify the alternative names. cert-manager requests no common name by default.
  requireCn: false,
  serverFlag: true,
  clientFlag: true,
  // Revocation needs the stored certificate.
  noStore: false,
};

function shorter(one: Duration, other: Duration): Duration {
  return one.isLongerThan(other) ? other : one;
}
