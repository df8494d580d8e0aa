import { PkiSecretBackendIntermediateCertRequest } from "@cdktf/provider-vault/lib/pki-secret-backend-intermediate-cert-request";
import { PkiSecretBackendIntermediateSetSigned } from "@cdktf/provider-vault/lib/pki-secret-backend-intermediate-set-signed";
import { PkiSecretBackendRootCert } from "@cdktf/provider-vault/lib/pki-secret-backend-root-cert";
import { PkiSecretBackendRootSignIntermediate } from "@cdktf/provider-vault/lib/pki-secret-backend-root-sign-intermediate";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import type { IPolicyTarget } from "../auth/policy-target";
import { requireNotLonger, SYSTEM_MAX_TTL_HOURS } from "../auth/ttl";
import { vaultAddress } from "../server/fields";
import type { IVault } from "../server/vault";
import { Duration } from "../core/duration";
import { type Fields, checkArguments, checkProps, fieldOf, object, text } from "../core/field";
import { duration } from "../core/fields";
import type { Importable } from "../core/import-existing";
import { literal } from "../core/literal";
import { NameRule } from "../core/name-rule";
import { received, shownName } from "../core/received";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import { PkiAuthority } from "./pki-authority";
import { PkiRole, type PkiRoleProps, addedPkiRole } from "./pki-role";
import { pkiPaths } from "./engine-paths";

/** A PKI secrets engine that issues certificates, created or referenced by this app. */
export interface IPkiEngine {
  /** Path of the issuing CA's mount. */
  readonly path: string;
  /** Path as a token, so that Terraform creates roles after the issuer. */
  readonly pathReference: string;
  /** Maximum TTL of a certificate. */
  readonly maxTtl: Duration;
}

/** Attributes of a PKI secrets engine that another stack creates. */
export interface PkiEngineAttributes {
  /** Path of the issuing CA's mount. @default pki */
  readonly path?: string;
  /** Maximum TTL of a certificate. @default - 768 hours, which is Vault's own maximum */
  readonly maxTtl?: Duration;
}

/** Names, paths and TTLs of a `PkiEngine` that is created. */
export interface PkiEngineProps extends PkiEngineAttributes {
  /** True imports an existing CA, see `ExistingPkiEngineProps`. @default false - the CA is created */
  readonly importExisting?: false;
  /** Vault with the address at which clients find the issuer's certificate and the revocation list. */
  readonly vault: Pick<IVault, "address">;
  /** Name of the organization in both CA certificates. */
  readonly organization: string;
  /** Path of the root CA's mount. @default pki-root */
  readonly rootPath?: string;
  /** TTL of the root CA. @default - 10 years */
  readonly rootTtl?: Duration;
  /** TTL of the issuing CA. @default - 5 years */
  readonly intermediateTtl?: Duration;
}

const ATTRIBUTES: Fields<PkiEngineAttributes> = { path: text.optional(), maxTtl: duration.optional() };

const PROPS = object<PkiEngineProps>(() => ({
  ...ATTRIBUTES,
  importExisting: fieldOf("true or left out", (value) => value === undefined || value === false),
  vault: vaultAddress,
  organization: text,
  rootPath: text.optional(),
  rootTtl: duration.optional(),
  intermediateTtl: duration.optional(),
}));

const EXISTING_PROPS = object<ExistingPkiEngineProps>(() => ({
  ...ATTRIBUTES,
  importExisting: fieldOf("true", (value) => value === true),
  rootPath: text.optional(),
}));

/**
 * Paths and maximum TTL of a `PkiEngine` that exists in Vault. Its keys, certificates and issuers stay as they are.
 * Terraform knows none of them.
 */
export interface ExistingPkiEngineProps extends PkiEngineAttributes {
  /** Imports the existing CA. */
  readonly importExisting: true;
  /** Path of the root CA's mount. @default - none: the root is not in this Vault, or Terraform does not manage it */
  readonly rootPath?: string;
}

class ImportedPkiEngine extends LibraryConstruct implements IPkiEngine {
  readonly path: string;
  readonly pathReference: string;
  readonly maxTtl: Duration;

  constructor(scope: Construct, id: string, attributes: PkiEngineAttributes) {
    super(scope, id);
    checkProps(
      this,
      object(() => ATTRIBUTES),
      attributes,
    );
    this.path = attributes.path ?? "pki";
    this.pathReference = this.path;
    this.maxTtl = attributes.maxTtl ?? Duration.hours(SYSTEM_MAX_TTL_HOURS);
  }
}

/**
 * A CA in Vault. It consists of a root CA, which signs only the issuing CA, and the issuing CA, with the roles for
 * workloads. Vault creates both keys, and they never leave it. You cannot restore a key after its mount is deleted.
 * To create the CA, Terraform's identity needs access to `<root>/issuer/+/sign-intermediate`. The identity of the
 * bootstrap has this access.
 * @see https://developer.hashicorp.com/vault/docs/secrets/pki/considerations
 * @throws ValidationError for a TTL longer than the signer's, an empty organization and a path that is taken
 */
export class PkiEngine extends LibraryConstruct implements IPkiEngine, IPolicyTarget {
  /** References an engine that another stack creates, for example the platform's engine in a team's stack. */
  static fromAttributes(scope: Construct, id: string, attributes: PkiEngineAttributes = {}): IPkiEngine {
    return new ImportedPkiEngine(scope, id, attributes);
  }

  /** Path of the issuing CA's mount. */
  readonly path: string;
  /** Path as a token, so that Terraform creates resources that use it after the issuer. */
  readonly pathReference: string;
  /** Maximum TTL of a certificate. */
  readonly maxTtl: Duration;
  /** Root CA. @default - none: an imported CA without `rootPath` */
  readonly root?: PkiAuthority;
  /** Issuing CA. */
  readonly intermediate: PkiAuthority;
  private readonly roles = new Map<string, PkiRole>();

  constructor(scope: Construct, id: string, props: PkiEngineProps | ExistingPkiEngineProps) {
    super(scope, id);
    if (props?.importExisting === true) checkProps(this, EXISTING_PROPS, props);
    else checkProps(this, PROPS, props);
    const { path = "pki" } = props;
    this.path = path;
    this.maxTtl = props.maxTtl ?? Duration.hours(SYSTEM_MAX_TTL_HOURS);
    const created = props.importExisting ? undefined : props;
    if (created) this.validate(created);
    const rootPath = props.rootPath ?? (created && "pki-root");
    const rootTtl = created && rootTtlOf(created);
    if (rootPath !== undefined) {
      const description = "Root CA; signs the issuing CA and nothing else";
      this.root = new PkiAuthority(this, "Root", {
        vault: created?.vault,
        path: rootPath,
        maxTtl: rootTtl,
        description,
      });
    }
    this.intermediate = new PkiAuthority(this, "Intermediate", {
      vault: created?.vault,
      path,
      maxTtl: created ? this.maxTtl : props.maxTtl,
      description: "Issuing CA; its roles are what workloads use",
    });
    this.node.defaultChild = this.intermediate.node.defaultChild;
    this.pathReference =
      created && this.root ? this.createIssuers(created, this.root) : this.intermediate.pathReference;
  }

  /** Adds a role. You can get it by `role` later. */
  addRole(props: Importable<Omit<PkiRoleProps, "engine">, "allowedDomains">): PkiRole {
    checkProps(this, addedPkiRole, props);
    const role = new PkiRole(this, props.roleName, { ...props, engine: this });
    this.roles.set(role.roleName, role);
    return role;
  }

  /**
   * Returns a role that was added before.
   * @throws ValidationError for an unknown name
   */
  role(roleName: string): PkiRole {
    checkArguments(this, { roleName: [roleName, text.known()] });
    const role = this.roles.get(roleName);
    if (role) return role;
    const known = [...this.roles.keys()].join(", ") || "none; add one with addRole()";
    throw new ValidationError(
      this,
      `there is no role ${shownName(roleName)} of ${this.path}; roles: ${known}`,
    );
  }

  /** Paths that Terraform reads to compare the configuration. */
  get configurationPaths(): readonly string[] {
    return this.authorities.flatMap(({ path }) => pkiPaths(path).configurationPaths);
  }

  /** Paths that issue certificates, sign requests or return keys. */
  get secretPaths(): readonly string[] {
    return this.authorities.flatMap(({ path }) => pkiPaths(path).secretPaths);
  }

  private get authorities(): readonly PkiAuthority[] {
    return this.root ? [this.root, this.intermediate] : [this.intermediate];
  }

  private validate(props: PkiEngineProps): void {
    const { organization } = props;
    const excess = isLiteral(organization) ? NameRule.COMMON_NAME.excess(issuingCa(organization)) : 0;
    if (excess > 0) {
      throw new ValidationError(
        this,
        `organization must be at most ${Buffer.byteLength(organization) - excess} bytes, got ${received(organization)}: clients refuse longer names of a CA`,
      );
    }
    const because = "a certificate is not valid without its signer's";
    const intermediateTtl = intermediateTtlOf(props);
    requireNotLonger(this, ["intermediateTtl", intermediateTtl], ["rootTtl", rootTtlOf(props)], because);
    requireNotLonger(this, ["maxTtl", this.maxTtl], ["intermediateTtl", intermediateTtl], because);
  }

  /**
   * Creates both CAs.
   * @returns the path of the issuing CA as a token that Terraform resolves once the CA can issue
   */
  private createIssuers(props: PkiEngineProps, root: PkiAuthority): string {
    const { organization } = props;
    const subject = {
      organization: literal(organization),
      // The common name is a display name, not a host name.
      excludeCnFromSans: true,
    };
    const rootCertificate = new PkiSecretBackendRootCert(this, "RootCertificate", {
      backend: root.pathReference,
      type: "internal",
      commonName: literal(`${organization} Root CA`),
      ...subject,
      issuerName: "root",
      keyType: "ec",
      keyBits: 384,
      ttl: rootTtlOf(props).toString(),
      // Allows one CA level below the root.
      maxPathLength: 1,
      dependsOn: [root.urls],
      lifecycle: { preventDestroy: true },
    });
    root.addIssuer("root", rootCertificate.issuerId);
    const request = new PkiSecretBackendIntermediateCertRequest(this, "Request", {
      backend: this.intermediate.pathReference,
      type: "internal",
      commonName: literal(issuingCa(organization)),
      ...subject,
      keyType: "ec",
      keyBits: 384,
      lifecycle: { preventDestroy: true },
    });
    const signed = new PkiSecretBackendRootSignIntermediate(this, "Signature", {
      backend: root.pathReference,
      csr: request.csr,
      commonName: literal(issuingCa(organization)),
      ...subject,
      issuerRef: rootCertificate.issuerId,
      ttl: intermediateTtlOf(props).toString(),
      maxPathLength: 0,
      lifecycle: { preventDestroy: true },
    });
    const imported = new PkiSecretBackendIntermediateSetSigned(this, "Import", {
      backend: this.intermediate.pathReference,
      certificate: signed.certificateBundle,
    });
    return this.intermediate.addIssuer("issuing", `\${${imported.fqn}.imported_issuers[0]}`);
  }
}

function rootTtlOf({ rootTtl = Duration.days(3650) }: PkiEngineProps): Duration {
  return rootTtl;
}

function intermediateTtlOf({ intermediateTtl = Duration.days(1825) }: PkiEngineProps): Duration {
  return intermediateTtl;
}

/** Common name of the issuing CA. It is longer than the name of the root CA. */
function issuingCa(organization: string): string {
  return `${organization} Issuing CA`;
}
