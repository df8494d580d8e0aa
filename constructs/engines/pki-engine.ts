import { PkiSecretBackendIntermediateCertRequest } from "@cdktf/provider-vault/lib/pki-secret-backend-intermediate-cert-request";
import { PkiSecretBackendIntermediateSetSigned } from "@cdktf/provider-vault/lib/pki-secret-backend-intermediate-set-signed";
import { PkiSecretBackendRootCert } from "@cdktf/provider-vault/lib/pki-secret-backend-root-cert";
import { PkiSecretBackendRootSignIntermediate } from "@cdktf/provider-vault/lib/pki-secret-backend-root-sign-intermediate";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import type { IConfigured } from "../auth/configured";
import { requireNotLonger, SYSTEM_MAX_TTL_HOURS } from "../auth/ttl";
import { vaultAddress } from "../server/fields";
import type { IVault } from "../server/vault";
import { Duration } from "../core/duration";
import { type Fields, checkArguments, checkProps, fieldOf, object, text } from "../core/field";
import { duration } from "../core/fields";
import type { Importable } from "../core/import-existing";
import { literal } from "../core/literal";
import { NameRule } from "../core/name-rule";
import { received } from "../core/received";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import { PkiAuthority } from "./pki-authority";
import { PkiRole, type PkiRoleProps, addedPkiRole } from "./pki-role";
import { pkiPaths } from "./engine-paths";

/** A PKI engine that issues certificates, whoever made it. */
export interface IPkiEngine {
  readonly path: string;
  /** The path as Terraform resolves it: roles are made after the issuer. */
  readonly pathReference: string;
  /** Longest life of a certificate. */
  readonly maxTtl: Duration;
}

export interface PkiEngineAttributes {
  /** @default pki */
  readonly path?: string;
  /** Longest life of a certificate. @default - 768 hours, which is Vault's own maximum */
  readonly maxTtl?: Duration;
}

export interface PkiEngineProps extends PkiEngineAttributes {
  /** @default false - the CA is created; see `ExistingPkiEngineProps` */
  readonly importExisting?: false;
  /** Vault, at whose address clients find the issuer's certificate and the list of revoked ones. */
  readonly vault: Pick<IVault, "address">;
  /** Name of the organization in both CA certificates. */
  readonly organization: string;
  /** Path of the root. @default pki-root */
  readonly rootPath?: string;
  /** Life of the root. @default - 10 years */
  readonly rootTtl?: Duration;
  /** Life of the issuing CA. @default - 5 years */
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

/** A CA that exists in Vault. Its keys, certificates and issuers stay as they are, and Terraform knows none of them. */
export interface ExistingPkiEngineProps extends PkiEngineAttributes {
  readonly importExisting: true;
  /** Path of the root. @default - none: the root is not in this Vault, or Terraform does not manage it */
  readonly rootPath?: string;
}

/**
 * Certificates of a CA inside Vault: a root that signs one issuing CA and nothing else, and that CA, whose roles
 * workloads use. Both keys are made in Vault and never leave it, so neither can be put back when its mount is deleted.
 * Only an identity that may use `<root>/issuer/+/sign-intermediate` can make it, such as the bootstrap's for Terraform.
 * @see https://developer.hashicorp.com/vault/docs/secrets/pki/considerations
 * @throws ValidationError for lives that outlive their signer's, an empty organization and a path that is taken
 */
export class PkiEngine extends LibraryConstruct implements IPkiEngine, IConfigured {
  /** An engine that another stack makes, such as the platform's for a team's shard. */
  static fromAttributes(attributes: PkiEngineAttributes = {}): IPkiEngine {
    checkProps(
      "PkiEngine",
      object(() => ATTRIBUTES),
      attributes,
    );
    const { path = "pki", maxTtl = Duration.hours(SYSTEM_MAX_TTL_HOURS) } = attributes;
    return { path, pathReference: path, maxTtl };
  }

  readonly path: string;
  /** The path as Terraform resolves it; what names it is made after the issuer is there. */
  readonly pathReference: string;
  readonly maxTtl: Duration;
  /** @default - none: an imported CA without `rootPath` */
  readonly root?: PkiAuthority;
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

  /** Adds a role, which `role` then finds. */
  addRole(props: Importable<Omit<PkiRoleProps, "engine">, "allowedDomains">): PkiRole {
    checkProps(this, addedPkiRole, props);
    const role = new PkiRole(this, props.roleName, { ...props, engine: this });
    this.roles.set(role.roleName, role);
    return role;
  }

  /**
   * A role that was added before.
   * @throws ValidationError for the name of another one
   */
  role(roleName: string): PkiRole {
    checkArguments(this, { roleName: [roleName, text.known()] });
    const role = this.roles.get(roleName);
    if (role) return role;
    const known = [...this.roles.keys()].join(", ") || "none; add one with addRole()";
    throw new ValidationError(this, `there is no role ${roleName} of ${this.path}; roles: ${known}`);
  }

  get configurationPaths(): readonly string[] {
    return this.authorities.flatMap(({ path }) => pkiPaths(path).configurationPaths);
  }

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

  /** @returns the path of the issuing CA as Terraform resolves it once it can issue */
  private createIssuers(props: PkiEngineProps, root: PkiAuthority): string {
    const { organization } = props;
    const subject = {
      organization: literal(organization),
      // A name of people and not of a host.
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
      // One CA below it and no further.
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

/** Common name of the issuing CA, the longer one of both CAs' names. */
function issuingCa(organization: string): string {
  return `${organization} Issuing CA`;
}
