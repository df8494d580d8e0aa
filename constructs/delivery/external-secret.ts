import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { type CrdDeclaration, CustomResources } from "../core/custom-resources";
import { Duration } from "../core/duration";
import { anyText, checkProps, object, text } from "../core/field";
import { crds, customResources, duration, pairs } from "../core/fields";
import { received } from "../core/received";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import type { IClusterSecretStore } from "./cluster-secret-store";
import { secretStore } from "./fields";
import { keyValuePath } from "./vault-path";

/** Properties of ExternalSecret. */
export interface ExternalSecretProps {
  /** Store that reads the secret. */
  readonly store: IClusterSecretStore;
  /** Name of the ExternalSecret and of the Kubernetes Secret that it updates. */
  readonly name: string;
  /** Path of the secret below the store's mount, without the mount and without `data/`. */
  readonly path: string;
  /** Keys of the Kubernetes Secret, with the keys in Vault that supply their values. */
  readonly keys: Readonly<Record<string, string>>;
  /** Namespace of the Kubernetes Secret. @default - the first namespace that the store serves, the identity's */
  readonly namespace?: string;
  /** Interval at which Vault is read again. @default 5m - as in the article */
  readonly refreshInterval?: Duration;
  /** CRDs that exist; those of external-secrets.io are required. */
  readonly crds: CrdDeclaration;
  /**
   * Release that the ExternalSecret shares with other objects that reach the same pods.
   * @default - a separate release
   */
  readonly release?: CustomResources;
}

const PROPS = object<ExternalSecretProps>(() => ({
  store: secretStore,
  name: text,
  path: anyText,
  keys: pairs,
  namespace: text.optional(),
  refreshInterval: duration.optional(),
  crds,
  release: customResources.optional(),
}));

/**
 * Kubernetes Secret that External Secrets keeps equal to a KV secret. Every subject that can read Secrets of the
 * namespace can read it. It is deleted with the ExternalSecret, and kept while Vault has no value.
 * @see https://external-secrets.io/latest/api/externalsecret/
 * @throws ValidationError if the store does not serve the namespace, there are no keys, Kubernetes does not allow a
 * key, a path is invalid, the refresh interval is zero, or `crds` does not declare the CRDs
 */
export class ExternalSecret extends LibraryConstruct {
  /** Custom resources of the ExternalSecret. */
  readonly resources: CustomResources;

  constructor(scope: Construct, id: string, props: ExternalSecretProps) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { store, name, refreshInterval = Duration.minutes(5), namespace = store.namespaces[0] } = props;
    this.validate(props, namespace, refreshInterval);
    // Includes the mount: otherwise External Secrets removes it from a secret whose path begins with the same name.
    const key = keyValuePath(this, { mount: store.mount, path: props.path });
    this.resources = CustomResources.within(props.release, this, "Resource", {
      namespace,
      releaseName: name,
      crds: props.crds,
      resources: [
        {
          apiVersion: "external-secrets.io/v1",
          kind: "ExternalSecret",
          metadata: { name, namespace },
          spec: {
            refreshInterval: refreshInterval.toString(),
            secretStoreRef: { name: store.storeName, kind: "ClusterSecretStore" },
            target: { name, creationPolicy: "Owner", deletionPolicy: "Retain" },
            data: Object.entries(props.keys).map(([secretKey, property]) => ({
              secretKey,
              remoteRef: { key, property },
            })),
          },
        },
      ],
    });
    // Also if the release belongs to another construct and contains this one.
    this.node.defaultChild = this.resources;
  }

  private validate(props: ExternalSecretProps, namespace: string, refreshInterval: Duration): void {
    const { storeName, namespaces } = props.store;
    if (isLiteral(namespace) && !namespaces.includes(namespace)) {
      throw new ValidationError(
        this,
        `namespace must be one that store ${storeName} serves, ${namespaces.join(", ")}, got ${received(namespace)}`,
      );
    }
    if (refreshInterval.toSeconds() === 0) {
      throw new ValidationError(
        this,
        `refreshInterval must be above 0s, at which nothing is read again, got ${received(refreshInterval)}`,
      );
    }
    const keys = Object.entries(props.keys);
    if (keys.length === 0) {
      throw new ValidationError(this, `keys must name at least one key of ${props.path}, got none`);
    }
    const wrong = keys.flat().find((key) => isLiteral(key) && !/^[-._a-zA-Z0-9]{1,253}$/.test(key));
    if (wrong !== undefined) {
      throw new ValidationError(
        this,
        `a key must be letters, digits, dots, dashes and underscores, got ${received(wrong)}`,
      );
    }
  }
}
