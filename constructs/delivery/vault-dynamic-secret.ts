import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { requireNotLonger } from "../auth/ttl";
import { vault } from "../server/fields";
import type { IVault } from "../server/vault";
import { type CrdDeclaration, CustomResources } from "../core/custom-resources";
import { Duration } from "../core/duration";
import { anyText, checkProps, object, text } from "../core/field";
import { crds, customResources, duration } from "../core/fields";
import { received } from "../core/received";
import { ValidationError } from "../core/validation-error";
import { workloadIdentity } from "./fields";
import { requireRoleName, requireVaultPath } from "./vault-path";
import { vaultProvider } from "./vault-provider";
import { type WorkloadIdentity, requireAudience, requireLoginNamespace } from "./workload-identity";

/** Properties of VaultDynamicSecret. */
export interface VaultDynamicSecretProps {
  /** Vault that supplies the credentials. */
  readonly vault: IVault;
  /** Identity with which External Secrets logs in. */
  readonly identity: WorkloadIdentity;
  /**
   * Name of the generator, of the ExternalSecret and of the Kubernetes Secret with the keys `username` and `password`.
   */
  readonly name: string;
  /** Role of the database secrets engine. */
  readonly role: string;
  /** TTL of the credentials; they are not renewed. */
  readonly leaseTtl: Duration;
  /** Path of the secrets engine. @default database */
  readonly mount?: string;
  /**
   * Interval at which new credentials are requested.
   * @default - two thirds of the lease: pods have the last third to switch to the new credentials
   */
  readonly refreshInterval?: Duration;
  /** Audience of the token with which External Secrets logs in. @default - the audience of the identity's role */
  readonly audience?: string;
  /** CRDs that exist; those of external-secrets.io and generators.external-secrets.io are required. */
  readonly crds: CrdDeclaration;
  /** Release that the secret shares with other objects that reach the same pods. @default - a separate release */
  readonly release?: CustomResources;
}

const PROPS = object<VaultDynamicSecretProps>(() => ({
  vault,
  identity: workloadIdentity,
  name: text,
  role: anyText,
  leaseTtl: duration,
  mount: anyText.optional(),
  refreshInterval: duration.optional(),
  audience: text.optional(),
  crds,
  release: customResources.optional(),
}));

/**
 * Database credentials in a Kubernetes Secret, replaced before they expire.
 *
 * At each refresh, External Secrets logs in again and requests new credentials. It neither renews nor revokes the old
 * ones: they expire with their lease or with the token that requested them, whichever is first. The lease must
 * therefore not be longer than the token's TTL. Two sets of credentials are valid between refresh and expiry.
 * @see https://external-secrets.io/latest/api/generator/vault/
 * @throws ValidationError if the lease is longer than the token's TTL, the refresh interval is zero or not shorter than
 * the lease, the audience or the Vault namespace differs from the role's, a path is invalid, or `crds` does not declare
 * the CRDs
 */
export class VaultDynamicSecret extends LibraryConstruct {
  /** Custom resources: the generator and the ExternalSecret. */
  readonly resources: CustomResources;

  constructor(scope: Construct, id: string, props: VaultDynamicSecretProps) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { identity, name, role, leaseTtl, mount = "database", audience = identity.audience } = props;
    const { namespace } = identity.serviceAccount;
    const refreshInterval =
      props.refreshInterval ?? Duration.seconds(Math.floor((leaseTtl.toSeconds() * 2) / 3));
    requireAudience(this, audience, identity);
    requireLoginNamespace(this, props.vault, identity);
    this.validate(props, refreshInterval);
    const path = `${requireVaultPath(this, "mount", mount)}/creds/${requireRoleName(this, role)}`;
    const generator = { apiVersion: "generators.external-secrets.io/v1alpha1", kind: "VaultDynamicSecret" };
    this.resources = CustomResources.within(props.release, this, "Resource", {
      namespace,
      releaseName: name,
      crds: props.crds,
      resources: [
        {
          ...generator,
          metadata: { name, namespace },
          spec: {
            path,
            method: "GET",
            resultType: "Data",
            provider: vaultProvider({ ...props, audience, clusterScoped: false }),
          },
        },
        {
          apiVersion: "external-secrets.io/v1",
          kind: "ExternalSecret",
          metadata: { name, namespace },
          spec: {
            refreshInterval: refreshInterval.toString(),
            target: { name, creationPolicy: "Owner", deletionPolicy: "Retain" },
            dataFrom: [{ sourceRef: { generatorRef: { ...generator, name } } }],
          },
        },
      ],
    });
    // Also if the release belongs to another construct and contains this one.
    this.node.defaultChild = this.resources;
  }

  private validate({ identity, role, leaseTtl }: VaultDynamicSecretProps, refreshInterval: Duration): void {
    requireNotLonger(
      this,
      [`leaseTtl of ${role}`, leaseTtl],
      [`the token's ttl of role ${identity.roleName}`, identity.tokenTtl],
      "nothing renews the token, and a token that ends takes its leases with it",
    );
    if (refreshInterval.toSeconds() === 0 || !leaseTtl.isLongerThan(refreshInterval)) {
      throw new ValidationError(
        this,
        `refreshInterval must be above 0s and shorter than the lease of ${role}, ${leaseTtl}, got ${received(refreshInterval)}`,
      );
    }
  }
}
