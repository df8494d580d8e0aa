import { AuthBackend } from "@cdktf/provider-vault/lib/auth-backend";
import { KubernetesAuthBackendConfig } from "@cdktf/provider-vault/lib/kubernetes-auth-backend-config";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { certificatesOf } from "../core/certificate-bundle";
import { Duration } from "../core/duration";
import { checkProps, object, text } from "../core/field";
import { duration } from "../core/fields";
import { parseProperty } from "../core/format-error";
import { importResource, KEPT, unlessImported } from "../core/import-existing";
import { literal } from "../core/literal";
import { Url } from "../core/url";
import { ValidationError } from "../core/validation-error";
import { type AuthMountTtlProps, checkAuthMount, type IAuthMount } from "./auth-mount";
import { authConfigurationPaths, type IPolicyTarget } from "./policy-target";
import { authMountTtls } from "./fields";
import { SYSTEM_MAX_TTL_HOURS } from "./ttl";

/** A Kubernetes auth mount that this app creates or references. */
export type IKubernetesAuth = IAuthMount;

/** Attributes of a Kubernetes auth mount that another stack creates. */
export interface KubernetesAuthAttributes {
  /** Path without `auth/`. @default kubernetes */
  readonly path?: string;
  /** Maximum TTL of a token of the mount. @default - 768 hours, which is Vault's own maximum */
  readonly maxTtl?: Duration;
}

/** Path, API server and TTLs of a `KubernetesAuth` mount. */
export interface KubernetesAuthProps extends AuthMountTtlProps {
  /** Path without `auth/`. Each cluster needs a separate mount. @default kubernetes */
  readonly path?: string;
  /** URL of the cluster's API server. @default https://kubernetes.default.svc */
  readonly host?: string;
  /**
   * CA certificates (PEM) that sign the API server's certificate, for a Vault outside the cluster. Such a Vault has
   * no ServiceAccount, so it reviews each token with that token itself. The workload's ServiceAccount then needs the
   * ClusterRole system:auth-delegator.
   * @default - Vault reads the certificates and the token of its pod, and rereads them regularly
   */
  readonly caCertificate?: string;
  /** Description of the mount. @default - names the API server */
  readonly description?: string;
}

const ATTRIBUTES = object<KubernetesAuthAttributes>(() => ({
  path: text.optional(),
  maxTtl: duration.optional(),
}));

const PROPS = object<KubernetesAuthProps>(() => ({
  ...authMountTtls,
  path: text.optional(),
  host: text.optional(),
  caCertificate: text.optional(),
  description: text.optional(),
}));

class ImportedKubernetesAuth extends LibraryConstruct implements IKubernetesAuth {
  readonly path: string;
  readonly pathReference: string;
  readonly maxTtl: Duration;

  constructor(scope: Construct, id: string, attributes: KubernetesAuthAttributes) {
    super(scope, id);
    checkProps(this, ATTRIBUTES, attributes);
    this.path = attributes.path ?? "kubernetes";
    this.pathReference = this.path;
    this.maxTtl = attributes.maxTtl ?? Duration.hours(SYSTEM_MAX_TTL_HOURS);
  }
}

/**
 * An auth mount for pods, which log in with their ServiceAccount tokens. Create one mount per cluster.
 *
 * No reviewer token is configured: Vault uses the token of its pod, which Kubernetes renews. A stored token would
 * either expire or never expire.
 * @see https://developer.hashicorp.com/vault/docs/auth/kubernetes
 * @throws ValidationError for a host without https://, a caCertificate that is not PEM, and a path that is taken
 */
export class KubernetesAuth extends LibraryConstruct implements IKubernetesAuth, IPolicyTarget {
  /** References a mount that another stack creates, for example the platform's mount in a team's stack. */
  static fromAttributes(
    scope: Construct,
    id: string,
    attributes: KubernetesAuthAttributes = {},
  ): IKubernetesAuth {
    return new ImportedKubernetesAuth(scope, id, attributes);
  }

  /** Path without `auth/`. */
  readonly path: string;
  /** Path as a token, so that Terraform creates roles after the mount. */
  readonly pathReference: string;
  /** Maximum TTL of a token of this mount. */
  readonly maxTtl: Duration;
  /** Resource of the mount. */
  readonly mount: AuthBackend;

  constructor(scope: Construct, id: string, props: KubernetesAuthProps = {}) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { path = "kubernetes" } = props;
    const caCertificate = certificatesOf(this, "caCertificate", props.caCertificate);
    if (props.importExisting && (props.host ?? caCertificate) !== undefined) {
      const prop = props.host === undefined ? "caCertificate" : "host";
      throw new ValidationError(
        this,
        `${prop} must be left out where importExisting is set: Vault takes the configuration of the mount as a whole, and ` +
          "would forget its token_reviewer_jwt, so that no pod could log in",
      );
    }
    const { host = "https://kubernetes.default.svc" } = props;
    // Vault sends tokens to this URL.
    parseProperty(this, "host", host, Url.parse);
    const { maxTtl, tune } = checkAuthMount(this, { ...props, path });
    this.path = path;
    this.maxTtl = maxTtl;
    const description =
      props.description ?? unlessImported(props, `ServiceAccounts of the cluster at ${host}`);
    this.mount = new AuthBackend(this, "Mount", {
      type: "kubernetes",
      path,
      description: description && literal(description),
      tune,
    });
    this.pathReference = this.mount.path;
    const config = new KubernetesAuthBackendConfig(this, "Resource", {
      backend: this.pathReference,
      kubernetesHost: props.importExisting ? KEPT : host,
      kubernetesCaCert: caCertificate && literal(caCertificate),
      // Vault then reads no files of a pod: it runs outside the cluster.
      disableLocalCaJwt: caCertificate === undefined ? undefined : true,
    });
    if (!props.importExisting) return;
    importResource(this.mount, path);
    importResource(config, `auth/${path}/config`, ["kubernetes_host"]);
  }

  /** Paths that Terraform reads to compare the configuration. */
  get configurationPaths(): readonly string[] {
    return authConfigurationPaths(this.path);
  }

  /** Paths that return, use or destroy secrets: none. */
  get secretPaths(): readonly string[] {
    return [];
  }
}
