import type { Mount } from "@cdktf/provider-vault/lib/mount";
import { PkiSecretBackendConfigAutoTidy } from "@cdktf/provider-vault/lib/pki-secret-backend-config-auto-tidy";
import { PkiSecretBackendConfigCluster } from "@cdktf/provider-vault/lib/pki-secret-backend-config-cluster";
import { PkiSecretBackendConfigIssuers } from "@cdktf/provider-vault/lib/pki-secret-backend-config-issuers";
import { PkiSecretBackendConfigUrls } from "@cdktf/provider-vault/lib/pki-secret-backend-config-urls";
import { PkiSecretBackendCrlConfig } from "@cdktf/provider-vault/lib/pki-secret-backend-crl-config";
import { PkiSecretBackendIssuer } from "@cdktf/provider-vault/lib/pki-secret-backend-issuer";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { vaultAddress } from "../server/fields";
import type { IVault } from "../server/vault";
import type { Duration } from "../core/duration";
import { checkArguments, checkProps, object, text } from "../core/field";
import { duration } from "../core/fields";
import { importResource, unlessImported } from "../core/import-existing";
import { pathFromRoot } from "../core/vault-scope";
import { mountEngine } from "./secret-mount";

/** Path, maximum TTL and URLs of a `PkiAuthority`. */
export interface PkiAuthorityProps {
  /**
   * Vault with the address for the URLs in certificates.
   * @default - none: the authority is imported and keeps its URLs
   */
  readonly vault?: Pick<IVault, "address">;
  /** Path of the mount. */
  readonly path: string;
  /** Maximum TTL of the certificates that it signs. @default - the maximum of the imported mount */
  readonly maxTtl?: Duration;
  /** Description of the mount, if it is created. */
  readonly description: string;
}

const PROPS = object<PkiAuthorityProps>(() => ({
  vault: vaultAddress.optional(),
  path: text,
  maxTtl: duration.optional(),
  description: text,
}));

/**
 * A PKI mount with its configuration, but without a certificate.
 * @throws ValidationError for a path that is taken or not clean
 */
export class PkiAuthority extends LibraryConstruct {
  /** Path of the mount. */
  readonly path: string;
  /** Path as a token, so that Terraform creates issuers and roles after the mount. */
  readonly pathReference: string;
  /** Resource of the mount. */
  readonly mount: Mount;
  /** Issuer URLs that certificates contain. Terraform creates a certificate after them. */
  readonly urls: PkiSecretBackendConfigUrls;

  constructor(scope: Construct, id: string, props: PkiAuthorityProps) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { vault, path, maxTtl, description: purpose } = props;
    this.path = path;
    const importExisting = vault === undefined;
    this.mount = mountEngine(this, { path, type: "pki", maxTtl, purpose, importExisting }).mount;
    this.pathReference = this.mount.path;
    const backend = this.pathReference;
    const created = <T>(settings: T) => unlessImported({ importExisting }, settings);
    // Clients that follow a link in a certificate send no namespace.
    const url = vault && `${vault.address}/v1/${pathFromRoot(this, path)}`;
    const cluster = new PkiSecretBackendConfigCluster(this, "Cluster", { backend, path: url, aiaPath: url });
    // URLs contain the issuer's id: after a change of issuer, a certificate still names the issuer that signed it.
    this.urls = new PkiSecretBackendConfigUrls(this, "Urls", {
      backend,
      ...created({
        enableTemplating: true,
        issuingCertificates: ["{{cluster_aia_path}}/issuer/{{issuer_id}}/der"],
        crlDistributionPoints: ["{{cluster_aia_path}}/issuer/{{issuer_id}}/crl/der"],
        ocspServers: ["{{cluster_path}}/ocsp"],
      }),
      dependsOn: [cluster],
    });
    const crl = new PkiSecretBackendCrlConfig(this, "Crl", {
      backend,
      ...created({
        // Clients reject every certificate if the list has expired.
        autoRebuild: true,
        autoRebuildGracePeriod: "12h",
        expiry: "72h",
        enableDelta: true,
        deltaRebuildInterval: "15m",
        ocspExpiry: "12h",
      }),
    });
    const tidy = new PkiSecretBackendConfigAutoTidy(this, "AutoTidy", {
      backend,
      ...(created({
        enabled: true,
        intervalDuration: "12h",
        safetyBuffer: "72h",
        tidyCertStore: true,
        tidyRevokedCerts: true,
        tidyRevokedCertIssuerAssociations: true,
        // The provider requires these two; Terraform ignores them on an imported mount.
      }) ?? { enabled: false, tidyCertStore: false }),
    });
    if (!importExisting) return;
    // The provider misreads the mount's path in the ids of the first three, and uses it for nothing else.
    importResource(cluster, `${path}/config/cluster`, ["backend"]);
    importResource(this.urls, `${path}/config/urls`, ["backend"]);
    importResource(crl, `${path}/config/crl`, ["backend"]);
    importResource(tidy, `${path}/config/auto-tidy`, ["enabled", "tidy_cert_store"]);
    const issuers = new PkiSecretBackendConfigIssuers(this, "Issuers", { backend });
    importResource(issuers, `${path}/config/issuers`);
  }

  /**
   * Names an issuer and makes it the default. It stays the default when another issuer is imported.
   * @returns the mount's path as a token, for resources that need the issuer as well as the mount
   */
  addIssuer(issuerName: string, issuerId: string): string {
    checkArguments(this, { issuerName: [issuerName, text], issuerId: [issuerId, text] });
    const issuer = new PkiSecretBackendIssuer(this, "Issuer", {
      backend: this.pathReference,
      issuerRef: issuerId,
      issuerName,
      // Vault rejects a certificate that would outlive its issuer, instead of shortening it.
      leafNotAfterBehavior: "err",
    });
    return new PkiSecretBackendConfigIssuers(this, "Issuers", {
      backend: this.pathReference,
      default: issuer.issuerId,
      defaultFollowsLatestIssuer: false,
    }).backend;
  }
}
