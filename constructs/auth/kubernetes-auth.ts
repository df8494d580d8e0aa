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
import { authConfigurationPaths, type IConfigured } from "./configured";
import { authMountTtls } from "./fields";
import { SYSTEM_MAX_TTL_HOURS } from "./ttl";

/** A Kubernetes auth mount, whoever made it. */
export type IKubernetesAuth = IAuthMount;

export interface KubernetesAuthAttributes {
  /** Path without `auth/`. @default kubernetes */
  readonly path?: string;
  /** Longest life of a token of the mount. @default - 768 hours, which is Vault's own maximum */
  readonly maxTtl?: Duration;
}

export interface KubernetesAuthProps extends AuthMountTtlProps {
  /** Path without `auth/`, one per cluster. @default kubernetes */
  readonly path?: string;
  /** URL of the cluster's API server. @default https://kubernetes.default.svc */
  readonly host?: string;
  /**
   * Certificates (PEM) that sign the API server's, for a Vault outside the cluster. Such a Vault has no
   * ServiceAccount of its own, so it reviews a token with that token: its ServiceAccount then needs the ClusterRole
   * system:auth-delegator.
   * @default - Vault reads those of its own pod, and its pod's token, again and again
   */
  readonly caCertificate?: string;
  /** @default - names the API server */
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

/**
 * Logins of pods by their ServiceAccount tokens, one mount per cluster.
 *
 * No reviewer token is configured: Vault takes its own pod's, which Kubernetes renews, where a stored one would end
 * or never end.
 * @see https://developer.hashicorp.com/vault/docs/auth/kubernetes
 * @throws ValidationError for a host without https://, a caCertificate that is not PEM, a path that is taken
 */
export class KubernetesAuth extends LibraryConstruct implements IKubernetesAuth, IConfigured {
  /** A mount that another stack makes, such as the platform's for a team's shard. */
  static fromAttributes(attributes: KubernetesAuthAttributes = {}): IKubernetesAuth {
    checkProps("KubernetesAuth", ATTRIBUTES, attributes);
    const { path = "kubernetes", maxTtl = Duration.hours(SYSTEM_MAX_TTL_HOURS) } = attributes;
    return { path, pathReference: path, maxTtl };
  }

  readonly path: string;
  readonly pathReference: string;
  readonly maxTtl: Duration;
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
    // Vault sends tokens to it.
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
      // Vault then reads no files of a pod that it is not in.
      disableLocalCaJwt: caCertificate === undefined ? undefined : true,
    });
    if (!props.importExisting) return;
    importResource(this.mount, path);
    importResource(config, `auth/${path}/config`, ["kubernetes_host"]);
  }

  get configurationPaths(): readonly string[] {
    return authConfigurationPaths(this.path);
  }

  get secretPaths(): readonly string[] {
    return [];
  }
}
