import { Construct } from "constructs";
import { type Fields, checkArguments, checkProps, flag, list, object, oneOf, text } from "../core/field";
import { construct } from "../core/fields";
import { Host } from "../core/host";
import { isLiteral } from "../core/tokens";
import { received } from "../core/received";
import { ValidationError } from "../core/validation-error";
import { issuer as ISSUER } from "./fields";

/** Who signs certificates: a cert-manager Issuer (of Vault's namespace) or ClusterIssuer. */
export interface IssuerReference {
  readonly kind: "Issuer" | "ClusterIssuer";
  readonly name: string;
  /**
   * What stands behind the issuer. `acme` and `vault` are here to be refused: ACME signs public names only, and
   * Vault cannot sign the certificate that it needs to start.
   */
  readonly type: "ca" | "aws-pca" | "venafi" | "google-cas" | "acme" | "vault" | "self-signed";
}

export interface TlsOptions {
  /** Least version of TLS that the servers accept. @default 1.3 - all clients of Vault speak it */
  readonly minVersion?: "1.2" | "1.3";
  /** Clients have to present a certificate of the same CA. @default false */
  readonly mutual?: boolean;
}

export interface ExistingSecretTlsProps extends TlsOptions {
  /** Secret of Vault's namespace with the keys tls.crt, tls.key and ca.crt. */
  readonly secretName: string;
  /** DNS names that the certificate has; checked against those that joins and clients need. */
  readonly dnsNames: readonly string[];
  /** IP addresses that the certificate has. */
  readonly ipAddresses: readonly string[];
}

/** Names under which a server of Vault is reached. */
export interface ServerNames {
  readonly dnsNames: readonly string[];
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

/** How the servers prove who they are. There is no way to do without. */
export class Tls {
  /** A certificate that cert-manager has signed and renews. */
  static certManager(issuer: IssuerReference, options: TlsOptions = {}): Tls {
    checkArguments("Tls.certManager", { issuer: [issuer, ISSUER], options: [options, OPTIONS] });
    return new Tls(options, "vault-tls", issuer);
  }

  /** A certificate that somebody else puts into a Secret. */
  static existingSecret(props: ExistingSecretTlsProps): Tls {
    checkProps("Tls.existingSecret", EXISTING_SECRET, props);
    const { secretName, dnsNames, ipAddresses, ...options } = props;
    return new Tls(options, secretName, undefined, { dnsNames, ipAddresses });
  }

  readonly minVersion: "1.2" | "1.3";
  readonly mutual: boolean;

  private constructor(
    { minVersion = "1.3", mutual = false }: TlsOptions,
    /** Secret with tls.crt, tls.key and ca.crt. */
    readonly secretName: string,
    /** Who signs. @default - nobody here: the Secret exists */
    readonly issuer?: IssuerReference,
    private readonly existing?: ServerNames,
  ) {
    this.minVersion = minVersion;
    this.mutual = mutual;
  }

  /**
   * Checks that the certificate can serve Vault.
   * @throws ValidationError for an issuer that cannot, and for names that the existing certificate lacks
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
 * Every name by which servers join each other, clients reach them and probes ask them.
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
