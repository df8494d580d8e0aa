import { Construct } from "constructs";
import { type Fields, checkArguments, checkProps, flag, list, object, oneOf, text } from "../core/field";
import { construct } from "../core/fields";
import { Host } from "../core/host";
import { isLiteral } from "../core/tokens";
import { received } from "../core/received";
import { ValidationError } from "../core/validation-error";
import { issuer as ISSUER } from "./fields";

/** cert-manager Issuer (in Vault's namespace) or ClusterIssuer that signs certificates. */
export interface IssuerReference {
  /** Kind of the issuer. */
  readonly kind: "Issuer" | "ClusterIssuer";
  /** Name of the issuer. */
  readonly name: string;
  /**
   * Type of the issuer. `acme`, `vault` and `self-signed` are in the union so that they are rejected with a reason.
   * ACME signs public names only. Vault cannot sign the certificate that it needs to start. Each self-signed
   * certificate would be a CA by itself.
   */
  readonly type: "ca" | "aws-pca" | "venafi" | "google-cas" | "acme" | "vault" | "self-signed";
}

/** TLS options of the servers. */
export interface TlsOptions {
  /** Minimum TLS version that the servers accept. @default 1.3 - all Vault clients support it */
  readonly minVersion?: "1.2" | "1.3";
  /** Requires a client certificate that is signed by the same CA. @default false */
  readonly mutual?: boolean;
}

/** Properties of `Tls.existingSecret`. */
export interface ExistingSecretTlsProps extends TlsOptions {
  /** Secret in Vault's namespace with the keys tls.crt, tls.key and ca.crt. */
  readonly secretName: string;
  /** DNS names of the certificate. They must include all names that joining servers and clients use. */
  readonly dnsNames: readonly string[];
  /** IP addresses of the certificate. */
  readonly ipAddresses: readonly string[];
}

/** Names and addresses at which clients reach a Vault server. */
export interface ServerNames {
  /** DNS names, including wildcards. */
  readonly dnsNames: readonly string[];
  /** IP addresses. */
  readonly ipAddresses: readonly string[];
}

const optionFields: Fields<TlsOptions> = {
  minVersion: oneOf("1.2", "1.3").optional(),
  mutual: flag.optional(),
};

const OPTIONS = object<TlsOptions>(() => optionFields);

const EXISTING_SECRET = object<ExistingSecretTlsProps>(() => ({
  ...optionFields,
  secretName: text,
  dnsNames: list(text.known()).known(),
  ipAddresses: list(text.known()).known(),
}));

const NAMES = object<ServerNames>(() => ({ dnsNames: list(text), ipAddresses: list(text) }));

const REFUSED_ISSUERS: Readonly<Record<string, string>> = {
  acme: "ACME signs public names only, and the servers join each other by names of the cluster",
  vault: "Vault cannot sign the certificate that it needs to start",
  "self-signed": "each certificate would be its own CA, so that no client could verify the next one",
};

/** Source of the server certificates. TLS is mandatory. */
export class Tls {
  /** Certificate that cert-manager signs and renews. */
  static certManager(issuer: IssuerReference, options: TlsOptions = {}): Tls {
    checkArguments("Tls.certManager", { issuer: [issuer, ISSUER], options: [options, OPTIONS] });
    return new Tls(options, "vault-tls", issuer);
  }

  /** Certificate in an existing Secret, which you create and renew. */
  static existingSecret(props: ExistingSecretTlsProps): Tls {
    checkProps("Tls.existingSecret", EXISTING_SECRET, props);
    const { secretName, dnsNames, ipAddresses, ...options } = props;
    return new Tls(options, secretName, undefined, { dnsNames, ipAddresses });
  }

  /** Minimum TLS version that the servers accept. */
  readonly minVersion: "1.2" | "1.3";
  /** True if clients must present a certificate. */
  readonly mutual: boolean;

  private constructor(
    { minVersion = "1.3", mutual = false }: TlsOptions,
    /** Secret with tls.crt, tls.key and ca.crt. */
    readonly secretName: string,
    /** Issuer that signs the certificate. @default - none: the Secret exists */
    readonly issuer?: IssuerReference,
    private readonly existing?: ServerNames,
  ) {
    this.minVersion = minVersion;
    this.mutual = mutual;
  }

  /**
   * Checks that Vault's servers can use the certificate.
   * @throws ValidationError for an issuer type that is not supported, and for names that the existing certificate lacks
   */
  validate(scope: Construct, needed: ServerNames): void {
    checkArguments("Tls.validate", { scope: [scope, construct], needed: [needed, NAMES] });
    const refusal = this.issuer && REFUSED_ISSUERS[this.issuer.type];
    if (this.issuer && refusal) {
      const { kind, name, type } = this.issuer;
      throw new ValidationError(
        scope,
        `the issuer must be of type ca, aws-pca, venafi or google-cas, got ${received(`${kind} ${name}`)} of type ${type}: ${refusal}`,
      );
    }
    if (!this.existing) return;
    const { dnsNames, ipAddresses } = this.existing;
    const missing = [
      ...needed.dnsNames.filter((name) => !dnsNames.includes(name)),
      ...needed.ipAddresses.filter((address) => !ipAddresses.includes(address)),
    ];
    if (missing.length > 0) {
      throw new ValidationError(
        scope,
        `the certificate in Secret ${this.secretName} must be valid for ${missing.join(", ")} too, got ${received([...dnsNames, ...ipAddresses])}`,
      );
    }
  }
}

/**
 * Returns all names that joining servers, clients and probes use.
 * @throws FormatError for an external host with a scheme, a port or brackets
 * @see https://developer.hashicorp.com/vault/docs/platform/k8s/helm/examples/ha-tls
 */
export function serverNames(namespace: string, releaseName: string, externalHost?: string): ServerNames {
  const address = isLiteral(externalHost) ? Host.parse(externalHost).address : undefined;
  const internal = `${releaseName}-internal`;
  const services = [releaseName, `${releaseName}-active`, `${releaseName}-standby`];
  return {
    dnsNames: [
      `*.${internal}`,
      `*.${internal}.${namespace}.svc`,
      `*.${internal}.${namespace}.svc.cluster.local`,
      ...services.flatMap((service) => [
        `${service}.${namespace}.svc`,
        `${service}.${namespace}.svc.cluster.local`,
      ]),
      "localhost",
      ...(externalHost && !address ? [externalHost] : []),
    ],
    ipAddresses: [...new Set(["127.0.0.1", ...(address ? [address.toString()] : [])])],
  };
}
