import { PkiSecretBackendIntermediateCertRequest } from "@cdktf/provider-vault/lib/pki-secret-backend-intermediate-cert-request";
import { PkiSecretBackendIntermediateSetSigned } from "@cdktf/provider-vault/lib/pki-secret-backend-intermediate-set-signed";
import { PkiSecretBackendRootCert } from "@cdktf/provider-vault/lib/pki-secret-backend-root-cert";
import { PkiSecretBackendRootSignIntermediate } from "@cdktf/provider-vault/lib/pki-secret-backend-root-sign-intermediate";
import { Construct } from "constructs";
import type { IConfigured } from "../auth/configured";
import { requireNotLonger, SYSTEM_MAX_TTL_HOURS } from "../auth/ttl";
import { vaultAddress } from "../cluster/fields";
import type { IVault } from "../cluster/vault";
import { Duration } from "../core/duration";
import { type Fields, checkProps, object, text } from "../core/field";
import { duration } from "../core/fields";
import { literal } from "../core/literal";
import { ValidationError } from "../core/validation-error";
import { PkiAuthority } from "./pki-authority";
import { PkiRole, type PkiRoleProps, addedPkiRole } from "./pki-role";

/**
 * What issues certificates, signs requests, gives out private keys, or the keys by which ACME accounts are made. Each
 * has a form that names the issuer.
 */
const ISSUING = [
  "issue/*",
  "sign*",
  "root/sign-*",
  "issuer/+/issue/*",
  "issuer/+/sign*",
  "root/+/exported",
  "intermediate/generate/exported",
  "issuers/generate/+/exported",
  "keys/generate/exported",
  "acme/new-eab",
  "roles/+/acme/new-eab",
  "issuer/+/acme/new-eab",
  "issuer/+/roles/+/acme/new-eab",
];

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
  vault: vaultAddress,
  organization: text,
  rootPath: text.optional(),
  rootTtl: duration.optional(),
  intermediateTtl: duration.optional(),
}));

/**
 * Certificates of a CA inside Vault: a root that signs one issuing CA and nothing else, and that CA, whose roles
 * workloads use. Both keys are made in Vault and never leave it, so neither can be put back when its mount is deleted.
 * Only an identity that may use `<root>/issuer/+/sign-intermediate` can make it, such as the bootstrap's for Terraform.
 * @see https://developer.hashicorp.com/vault/docs/secrets/pki/considerations
 */
export class PkiEngine extends Construct implements IPkiEngine, IConfigured {
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
  readonly root: PkiAuthority;
  readonly intermediate: PkiAuthority;
  private readonly roles = new Map<string, PkiRole>();

  /** @throws ValidationError for lives that outlive their signer's, an empty organization and a path that is taken */
  constructor(scope: Construct, id: string, props: PkiEngineProps) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { vault, organization, path = "pki", rootPath = "pki-root" } = props;
    const { rootTtl = Duration.days(3650), intermediateTtl = Duration.days(1825) } = props;
    this.path = path;
    this.maxTtl = props.maxTtl ?? Duration.hours(SYSTEM_MAX_TTL_HOURS);
    const because = "a certificate is not valid without its signer's";
    requireNotLonger(this, ["intermediateTtl", intermediateTtl], ["rootTtl", rootTtl], because);
    requireNotLonger(this, ["maxTtl", this.maxTtl], ["intermediateTtl", intermediateTtl], because);

    this.root = new PkiAuthority(this, "Root", {
      vault,
      path: rootPath,
      maxTtl: rootTtl,
      description: "Root CA; signs the issuing CA and nothing else",
    });
    const rootCertificate = new PkiSecretBackendRootCert(this, "RootCertificate", {
      backend: this.root.pathReference,
      type: "internal",
      commonName: literal(`${organization} Root CA`),
      organization: literal(organization),
      // A name of people and not of a host.
      excludeCnFromSans: true,
      issuerName: "root",
      keyType: "ec",
      keyBits: 384,
      ttl: rootTtl.toString(),
      // One CA below it and no further.
      maxPathLength: 1,
      dependsOn: [this.root.urls],
      lifecycle: { preventDestroy: true },
    });
    this.root.addIssuer("root", rootCertificate.issuerId);

    this.intermediate = new PkiAuthority(this, "Intermediate", {
      vault,
      path,
      maxTtl: this.maxTtl,
      description: "Issuing CA; its roles are what workloads use",
    });
    this.node.defaultChild = this.intermediate.node.defaultChild;
    const request = new PkiSecretBackendIntermediateCertRequest(this, "Request", {
      backend: this.intermediate.pathReference,
      type: "internal",
      commonName: literal(`${organization} Issuing CA`),
      organization: literal(organization),
      // A name of people and not of a host.
      excludeCnFromSans: true,
      keyType: "ec",
      keyBits: 384,
      lifecycle: { preventDestroy: true },
    });
    const signed = new PkiSecretBackendRootSignIntermediate(this, "Signature", {
      backend: this.root.pathReference,
      csr: request.csr,
      commonName: literal(`${organization} Issuing CA`),
      organization: literal(organization),
      // A name of people and not of a host.
      excludeCnFromSans: true,
      issuerRef: rootCertificate.issuerId,
      ttl: intermediateTtl.toString(),
      maxPathLength: 0,
      lifecycle: { preventDestroy: true },
    });
    const imported = new PkiSecretBackendIntermediateSetSigned(this, "Import", {
      backend: this.intermediate.pathReference,
      certificate: signed.certificateBundle,
    });
    this.pathReference = this.intermediate.addIssuer("issuing", `\${${imported.fqn}.imported_issuers[0]}`);
  }

  /** Adds a role, which `role` then finds. */
  addRole(props: Omit<PkiRoleProps, "engine">): PkiRole {
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
    const role = this.roles.get(roleName);
    if (role) return role;
    const known = [...this.roles.keys()].join(", ") || "none; add one with addRole()";
    throw new ValidationError(this, `there is no role ${roleName} of ${this.path}; roles: ${known}`);
  }

  get configurationPaths(): readonly string[] {
    return [this.root, this.intermediate].flatMap(({ path }) => [
      `${path}/config/*`,
      `${path}/issuer/+`,
      `${path}/roles/+`,
    ]);
  }

  get secretPaths(): readonly string[] {
    return [this.root, this.intermediate].flatMap(({ path }) => ISSUING.map((part) => `${path}/${part}`));
  }
}
