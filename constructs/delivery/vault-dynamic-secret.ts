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

export interface VaultDynamicSecretProps {
  readonly vault: IVault;
  readonly identity: WorkloadIdentity;
  /** Name of the generator, of the ExternalSecret and of the Secret with the keys `username` and `password`. */
  readonly name: string;
  /** Role of the database engine. */
  readonly role: string;
  /** How long credentials last; nothing renews them. */
  readonly leaseTtl: Duration;
  /** Path of the engine. @default database */
  readonly mount?: string;
  /** When new credentials are taken. @default - two thirds of the lease: pods have a third of it to take them over */
  readonly refreshInterval?: Duration;
  /** Audience of the token with which External Secrets logs in. @default - the one that the identity's role asks for */
  readonly audience?: string;
  /** CRDs that exist; those of external-secrets.io and generators.external-secrets.io are needed. */
  readonly crds: CrdDeclaration;
  /** A release that it shares with what else reaches the same pods. @default - one of its own */
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
 * Credentials of a database in a Kubernetes Secret, replaced before they end.
 *
 * At each refresh External Secrets logs in anew and takes new credentials. It neither renews nor revokes what it took:
 * the old credentials end with their lease or with the token that took them, whichever is first. So the lease must be
 * no longer than the token, which is checked here, and two sets of credentials are valid between refresh and end.
 * @see https://external-secrets.io/latest/api/generator/vault/
 * @throws ValidationError when the lease is longer than the token, the refresh interval is zero or not shorter than
 * the lease, for another audience or Vault namespace than the role's, a wrong path, and when nobody vouches for the
 * CRDs
 */
export class VaultDynamicSecret extends LibraryConstruct {
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
    // Also where it is another one's, which this is in.
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
