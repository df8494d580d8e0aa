import type { Construct } from "constructs";
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

/** ClusterSecretStore that this app creates or that already exists. */
export interface IClusterSecretStore {
  /** Name of the store. */
  readonly storeName: string;
  /** Path of the KV version 2 secrets engine that the store reads. */
  readonly mount: string;
  /** Namespaces with ExternalSecrets that can use the store. */
  readonly namespaces: readonly string[];
}

/** Properties of ClusterSecretStore. */
export interface ClusterSecretStoreProps {
  /** Vault that the store reads. */
  readonly vault: IVault;
  /** Identity that reads. Only ExternalSecrets of its namespace can use the store. */
  readonly identity: WorkloadIdentity;
  /** Name of the store, unique in the cluster. @default - `vault-` and the role's name */
  readonly name?: string;
  /** Path of the KV version 2 secrets engine. @default secret */
  readonly mount?: string;
  /** Audience of the token with which External Secrets logs in. @default - the audience of the identity's role */
  readonly audience?: string;
  /**
   * Other namespaces that read as this identity. If you can create an ExternalSecret in one of them, you can read all
   * secrets that the identity is granted, of any team. The hardening rules report such a store.
   * @default - none: each team has a separate store
   */
  readonly allowOtherNamespaces?: readonly string[];
  /** CRDs that exist; those of external-secrets.io are required. */
  readonly crds: CrdDeclaration;
  /** Release that the store shares with other objects that reach the same pods. @default - a separate release */
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

/**
 * Lets External Secrets read Vault's KV secrets for the ExternalSecrets of one namespace. It logs in with a
 * ServiceAccount of that namespace: another team can neither use the store nor gain access by copying it.
 * @see https://external-secrets.io/latest/api/clustersecretstore/
 * @throws ValidationError if the audience or the Vault namespace differs from the role's, a namespace is not one exact
 * name, a path is invalid, or `crds` does not declare the CRDs
 */
export class ClusterSecretStore extends LibraryConstruct implements IClusterSecretStore {
  /** Name of the store. */
  readonly storeName: string;
  /** Path of the KV version 2 secrets engine that the store reads. */
  readonly mount: string;
  /** Namespaces with ExternalSecrets that can use the store. */
  readonly namespaces: readonly string[];
  /** Custom resources of the store. */
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
    // Also if the release belongs to another construct and contains this one.
    this.node.defaultChild = this.resources;
  }
}
