import type { EnterpriseDefinition } from "./enterprise-definition";
import type { OidcDefinition } from "./oidc-definition";

/** Vault's servers, their certificates and the users who log in. */
export interface VaultDefinition {
  /**
   * Number of servers. It is odd, so that Raft can elect a leader.
   * @example 3
   */
  readonly replicas: 1 | 3 | 5 | 7;
  /**
   * URL at which users and pipelines reach Vault (https). With `oidc` it has no path.
   * @example "https://vault.example.com"
   */
  readonly endpoint: string;
  /**
   * Exact version of the Helm chart `hashicorp/vault`, without `v`.
   * @example "0.34.1"
   */
  readonly chartVersion: string;
  /**
   * Size of each server's data volume, at most 64 TiB. Unit: Mi or Gi.
   * @default "10Gi" - secrets are small
   * @example "20Gi"
   */
  readonly dataSize?: string;
  /**
   * Size of each server's audit log volume, at most 64 TiB. Unit: Mi or Gi.
   * @default "10Gi" - the log is shipped elsewhere, and an alert fires before the volume is full
   * @example "20Gi"
   */
  readonly auditSize?: string;
  /**
   * Name of the storage class of the volumes.
   * @default "gp3" - encrypted volumes of Amazon EBS
   * @example "encrypted"
   */
  readonly storageClass?: string;
  /**
   * Whether the cluster already has that storage class. Its owner is then responsible for encryption.
   * @default false - the platform creates a class of encrypted Amazon EBS volumes
   * @example true
   */
  readonly existingStorageClass?: boolean;
  /**
   * CPU and memory that the scheduler reserves for each server.
   * @default {} - the values of its fields
   * @example { cpu: "1", memory: "2Gi" }
   */
  readonly requests?: ServerRequestsDefinition;
  /**
   * Source and rules of the servers' certificates. TLS is mandatory.
   * @default {} - cert-manager signs with a CA that it creates in the cluster, and trust-manager distributes the CA
   * @example { issuer: { kind: "ClusterIssuer", name: "platform-ca", type: "ca" }, caCertificates: [ca] }
   */
  readonly tls?: TlsDefinition;
  /**
   * PGP public keys (armored), exactly five, one per recovery share in the order of `aws.recoveryCustodians`.
   * @default - none: shares are stored without further encryption, which a hardening rule reports
   * @example ["1.asc", "2.asc", "3.asc", "4.asc", "5.asc"].map((file) => readFileSync(file, "utf8"))
   */
  readonly recoveryPgpKeys?: readonly string[];
  /**
   * Login of users with an identity provider. See docs/identity-providers.md.
   * @default - none: users cannot log in, only pipelines and services
   * @example { issuer: "https://login.example.com", clientId: "vault", groups }
   */
  readonly oidc?: OidcDefinition;
  /**
   * ServiceAccounts that write secrets without reading them, as the group `oidc.groups.secretWriter` does. You create them. Each
   * name is unique. See docs/constructs/key-value-engine.md.
   * @default [] - users write secrets, or your own stacks grant it
   * @example [{ namespace: "vault", name: "secret-writer" }]
   */
  readonly secretWriters?: readonly SecretWriterDefinition[];
  /**
   * Features of Vault Enterprise.
   * @default - none: the platform runs the community edition
   * @example { licence: { secretName: "vault-licence", key: "licence" }, namespaces: true }
   */
  readonly enterprise?: EnterpriseDefinition;
}

/** CPU and memory that the scheduler reserves for a server. */
export interface ServerRequestsDefinition {
  /**
   * CPU time, at most 2 cores, which is the limit of a server. Unit: cores, or thousandths of a core with `m`.
   * @default "500m" - a quarter of the limit
   * @example "1"
   */
  readonly cpu?: string;
  /**
   * Memory, at most 2 GiB, which is the limit of a server. Unit: Mi or Gi.
   * @default "1Gi" - half of the limit
   * @example "512Mi"
   */
  readonly memory?: string;
}

/** Source and rules of the servers' certificates. */
export interface TlsDefinition {
  /**
   * Issuer of cert-manager that signs the servers' certificate. Requires `caCertificates`.
   * @default - a CA that cert-manager creates in the cluster: nothing has to exist before
   * @example { kind: "ClusterIssuer", name: "platform-ca", type: "ca" }
   */
  readonly issuer?: IssuerDefinition;
  /**
   * Secret in Vault's namespace with `tls.crt`, `tls.key` and `ca.crt`, which you create and renew. The certificate is
   * valid for all names by which servers, clients and probes reach Vault. Requires `caCertificates`; excludes `issuer`.
   * @default - none: cert-manager has the certificate signed and renews it
   * @example "vault-server-tls"
   */
  readonly existingSecret?: string;
  /**
   * Certificates in PEM of the CA that signs the servers' certificate, for clients of Vault. While you replace the CA,
   * list the old and the new one.
   * @default [] - trust-manager of the cluster distributes the CA that cert-manager created
   * @example [readFileSync("platform-ca.pem", "utf8")]
   */
  readonly caCertificates?: readonly string[];
  /**
   * Lowest version of TLS that the servers accept.
   * @default "1.3" - all current clients have it
   * @example "1.2"
   */
  readonly minVersion?: "1.2" | "1.3";
  /**
   * Whether clients must present a certificate of the same CA. Rejected while the platform delivers secrets to services or
   * Prometheus monitors Vault, because those clients have no certificate.
   * @default false - agents and Prometheus present no certificate
   * @example true
   */
  readonly mutual?: boolean;
}

/** Issuer of cert-manager that exists in the cluster. */
export interface IssuerDefinition {
  /**
   * Kind of the issuer: of Vault's namespace, or of the whole cluster.
   * @example "ClusterIssuer"
   */
  readonly kind: "Issuer" | "ClusterIssuer";
  /**
   * Name of the issuer.
   * @example "platform-ca"
   */
  readonly name: string;
  /**
   * Type of the CA behind the issuer.
   * @example "aws-pca"
   */
  readonly type: "ca" | "aws-pca" | "venafi" | "google-cas";
}

/** ServiceAccount that writes secrets without reading them. */
export interface SecretWriterDefinition {
  /**
   * Namespace of the ServiceAccount.
   * @example "vault"
   */
  readonly namespace: string;
  /**
   * Name of the ServiceAccount, and of its role and policy in Vault. Names of the platform's own policies are reserved.
   * @example "secret-writer"
   */
  readonly name: string;
}
