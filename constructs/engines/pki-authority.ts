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

export interface PkiAuthorityProps {
  /** @default - none: the authority is imported, with the URLs that it has */
  readonly vault?: Pick<IVault, "address">;
  readonly path: string;
  /** Longest life of what it signs. @default - that of the imported mount */
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
 * One PKI mount with all that it needs beside a certificate.
 * @throws ValidationError for a path that is taken or not clean
 */
export class PkiAuthority extends LibraryConstruct {
  readonly path: string;
  readonly pathReference: string;
  readonly mount: Mount;
  /** What certificates say of their issuer; a certificate is made after it. */
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
    // Who follows a link of a certificate says nothing of a namespace.
    const url = vault && `${vault.address}/v1/${pathFromRoot(this, path)}`;
    const cluster = new PkiSecretBackendConfigCluster(this, "Cluster", { backend, path: url, aiaPath: url });
    // By the issuer's id, so that a certificate keeps naming the issuer that signed it after another one took over.
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
        // A list that has run out makes clients refuse every certificate.
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
    // The provider reads the mount's path wrongly from the ids of the first three, and uses it for nothing else.
    importResource(cluster, `${path}/config/cluster`, ["backend"]);
    importResource(this.urls, `${path}/config/urls`, ["backend"]);
    importResource(crl, `${path}/config/crl`, ["backend"]);
    importResource(tidy, `${path}/config/auto-tidy`, ["enabled", "tidy_cert_store"]);
    const issuers = new PkiSecretBackendConfigIssuers(this, "Issuers", { backend });
    importResource(issuers, `${path}/config/issuers`);
  }

  /**
   * Names an issuer and makes it the default, also after another one is imported.
   * @returns the path as Terraform resolves it, for what needs the issuer as well as the mount
   */
  addIssuer(issuerName: string, issuerId: string): string {
    checkArguments(this, { issuerName: [issuerName, text], issuerId: [issuerId, text] });
    const issuer = new PkiSecretBackendIssuer(this, "Issuer", {
      backend: this.pathReference,
      issuerRef: issuerId,
      issuerName,
      // A certificate that would outlive its issuer is refused and not cut.
      leafNotAfterBehavior: "err",
    });
    return new PkiSecretBackendConfigIssuers(this, "Issuers", {
      backend: this.pathReference,
      default: issuer.issuerId,
      defaultFollowsLatestIssuer: false,
    }).backend;
  }
}
