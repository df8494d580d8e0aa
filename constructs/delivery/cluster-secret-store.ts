import type { Construct, IConstruct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { vault } from "../server/fields";
import type { IVault } from "../server/vault";
import { type CrdDeclaration, CustomResources } from "../core/custom-resources";
import { anyText, checkProps, list, object, text } from "../core/field";
import { crds, customResources } from "../core/fields";
import { received } from "../core/received";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import { workloadIdentity } from "./fields";
import { requireKeyValueMount } from "./vault-path";
import { vaultProvider } from "./vault-provider";
import { type WorkloadIdentity, requireAudience, requireLoginNamespace } from "./workload-identity";

const METADATA = "vault-shared-store";

/** A ClusterSecretStore, whoever made it. */
export interface IClusterSecretStore {
  readonly storeName: string;
  /** Path of the KV version 2 engine that it reads. */
  readonly mount: string;
  /** Namespaces whose ExternalSecrets may use it. */
  readonly namespaces: readonly string[];
}

export interface ClusterSecretStoreProps {
  readonly vault: IVault;
  /** Who reads. Only ExternalSecrets of this identity's namespace may use the store. */
  readonly identity: WorkloadIdentity;
  /** Name of the store, of which the cluster has one. @default - the role's, after `vault-` */
  readonly name?: string;
  /** Path of the KV version 2 engine. @default secret */
  readonly mount?: string;
  /** Audience of the token with which External Secrets logs in. @default - the one that the identity's role asks for */
  readonly audience?: string;
  /**
   * Other namespaces that read as this identity: whoever may create an ExternalSecret in one of them reads all that
   * the identity was granted, whichever team it is for. Such a store is reported.
   * @default - none: each team has a store of its own
   */
  readonly allowOtherNamespaces?: readonly string[];
  /** CRDs that exist; those of external-secrets.io are needed. */
  readonly crds: CrdDeclaration;
  /** A release that it shares with what else reaches the same pods. @default - one of its own */
  readonly release?: CustomResources;
}

const PROPS = object<ClusterSecretStoreProps>(() => ({
  vault,
  identity: workloadIdentity,
  name: text.optional(),
  mount: anyText.optional(),
  audience: text.optional(),
  allowOtherNamespaces: list(anyText).known().optional(),
  crds,
  release: customResources.optional(),
}));

/** A store whose identity serves namespaces other than its own. */
export interface SharedStore {
  readonly store: string;
  readonly role: string;
  readonly namespaces: readonly string[];
}

/**
 * Lets External Secrets read Vault's KV secrets for the ExternalSecrets of one namespace, and with a ServiceAccount
 * of that namespace: another team can neither use the store nor gain by copying it.
 * @see https://external-secrets.io/latest/api/clustersecretstore/
 * @throws ValidationError for another audience or Vault namespace than the role's, a namespace that is no exact name,
 * a wrong path, and when nobody vouches for the CRDs
 */
export class ClusterSecretStore extends LibraryConstruct implements IClusterSecretStore {
  readonly storeName: string;
  readonly mount: string;
  readonly namespaces: readonly string[];
  readonly resources: CustomResources;

  constructor(scope: Construct, id: string, props: ClusterSecretStoreProps) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { identity, audience = identity.audience, allowOtherNamespaces = [] } = props;
    const { namespace } = identity.serviceAccount;
    this.storeName = props.name ?? `vault-${identity.roleName}`;
    this.mount = requireKeyValueMount(this, props.mount);
    this.namespaces = [namespace, ...allowOtherNamespaces.filter((other) => other !== namespace)];
    requireAudience(this, audience, identity);
    requireLoginNamespace(this, props.vault, identity);
    for (const each of this.namespaces) {
      if (isLiteral(each) && !/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(each)) {
        throw new ValidationError(
          this,
          `a namespace must be one exact name without wildcards, got ${received(each)}`,
        );
      }
    }
    const shared = this.namespaces.length > 1;
    this.resources = CustomResources.within(props.release, this, "Resource", {
      namespace,
      releaseName: this.storeName,
      crds: props.crds,
      resources: [
        {
          apiVersion: "external-secrets.io/v1",
          kind: "ClusterSecretStore",
          metadata: { name: this.storeName },
          spec: {
            conditions: [{ namespaces: this.namespaces }],
            provider: {
              vault: {
                ...vaultProvider({ ...props, audience, clusterScoped: true, shared }),
                path: this.mount,
                version: "v2",
              },
            },
          },
        },
      ],
    });
    // Also where it is another one's, which this is in.
    this.node.defaultChild = this.resources;
    if (shared) {
      const report: SharedStore = {
        store: this.storeName,
        role: identity.roleName,
        namespaces: this.namespaces,
      };
      this.node.addMetadata(METADATA, report);
    }
  }
}

/** All stores at and below a construct whose identity serves namespaces other than its own. */
export function sharedStoresOf(scope: IConstruct): SharedStore[] {
  return scope.node
    .findAll()
    .flatMap(({ node }) =>
      node.metadata.filter(({ type }) => type === METADATA).map(({ data }) => data as SharedStore),
    );
}
