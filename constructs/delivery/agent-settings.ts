import type { Construct } from "constructs";
import { type ContainerResources, renderResources } from "../core/container-resources";
import type { IVault } from "../server/vault";
import { Cpu } from "../core/cpu";
import { Duration } from "../core/duration";
import { checkProps, list, number, object, text } from "../core/field";
import { duration } from "../core/fields";
import { received } from "../core/received";
import { Size } from "../core/size";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import { agentFields } from "./fields";
import { type WorkloadIdentity, requireAudience, requireLoginNamespace } from "./workload-identity";

const TOKEN_VOLUME = "vault-token";
const CA_VOLUME = "vault-ca";
const CA_FOLDER = "/vault/ca";
/** Folder from which the agent's persistent cache reads the ServiceAccount token. The agent exits if there is none. */
const CACHE_TOKEN_FOLDER = "/var/run/secrets/kubernetes.io/serviceaccount";

/** Properties of AgentInjection. */
export interface AgentInjectionProps {
  /** Vault that the agent logs in to. */
  readonly vault: IVault;
  /** Identity with which the agent logs in. */
  readonly identity: WorkloadIdentity;
  /** Audience of the pod's ServiceAccount token. @default - the audience of the identity's role */
  readonly audience?: string;
  /** Containers that get the secrets. @default - every container of the pod */
  readonly containers?: readonly string[];
  /**
   * Group of the agent; set the application's group. The agent's user is that of the pod's first container, which must
   * set one.
   * @default 10001
   */
  readonly group?: number;
  /** Port of the agent's cache on 127.0.0.1. @default 8200 - as in the article */
  readonly cacheListenerPort?: number;
  /**
   * Validity of a ServiceAccount token, 10m to 24h. The kubelet replaces the token before it expires.
   * @default 1h - the token with which the cache was written is still mounted when the cache is read
   */
  readonly serviceAccountTokenExpiration?: Duration;
  /** Interval at which secrets without a lease are read again. @default 5m - as in Vault's agent and in the article */
  readonly renderInterval?: Duration;
  /**
   * Time from the pod's termination until the agent revokes its token, and every lease with it.
   * @default 20s - time for the application's last requests
   */
  readonly revokeGrace?: Duration;
  /** Resources of each of the two agent containers. @default - requests 50m and 64 MiB, limits 250m and 128 MiB */
  readonly agentResources?: ContainerResources;
  /** Name in Vault's certificate. @default - the host of Vault's address */
  readonly tlsServerName?: string;
  /** Shell command that the agent runs after a file changed. The agent exits if the command fails. @default - none */
  readonly onChange?: string;
}

const PROPS = object<AgentInjectionProps>(() => ({
  ...agentFields,
  containers: list(text).known().optional(),
  group: number.optional(),
  revokeGrace: duration.optional(),
  onChange: text.optional(),
}));

/** Volume that the agent needs in the pod, in the form of the Kubernetes provider's Deployment. */
export interface InjectionVolume {
  /** Name of the volume. */
  readonly name: string;
  /** ConfigMap that is mounted. */
  readonly configMap?: { readonly name: string };
  /** Sources of a projected volume. */
  readonly projected?: {
    readonly sources: {
      readonly serviceAccountToken: {
        readonly audience: string;
        readonly expirationSeconds: number;
        readonly path: string;
      };
    }[];
  }[];
}

/**
 * Returns the agent's settings other than secrets: annotations without their prefix, and the volumes that they name.
 * @throws ValidationError if the audience or the Vault namespace differs from the role's, or if a port, group or
 * duration is out of range
 */
export function agentSettings(scope: Construct, props: AgentInjectionProps) {
  checkProps(scope, PROPS, props);
  const {
    vault,
    identity,
    audience = identity.audience,
    containers,
    group = 10001,
    cacheListenerPort = 8200,
    serviceAccountTokenExpiration = Duration.hours(1),
    renderInterval = Duration.minutes(5),
    revokeGrace = Duration.seconds(20),
    agentResources = {
      requests: { cpu: Cpu.millis(50), memory: Size.mebibytes(64) },
      limits: { cpu: Cpu.millis(250), memory: Size.mebibytes(128) },
    },
    tlsServerName,
  } = props;
  requireAudience(scope, audience, identity);
  requireLoginNamespace(scope, vault, identity);
  requireWhole(scope, "group", group, 1, 2 ** 31 - 1);
  requireWhole(scope, "cacheListenerPort", cacheListenerPort, 1, 65535);
  requireBetween(scope, { serviceAccountTokenExpiration }, Duration.minutes(10), Duration.hours(24));
  requireBetween(scope, { renderInterval }, Duration.seconds(1), Duration.hours(24));
  const { requests, limits } = renderResources(scope, agentResources);
  const patch = containerPatch({
    VAULT_TLS_SERVER_NAME: tlsServerName,
    VAULT_NAMESPACE: vault.enterpriseNamespace,
  });

  const annotations: Record<string, string> = {
    "agent-inject": "true",
    role: identity.roleName,
    "auth-path": `auth/${identity.authPath}`,
    service: vault.address,
    ...(vault.enterpriseNamespace !== undefined && { namespace: vault.enterpriseNamespace }),
    "ca-cert": `${CA_FOLDER}/${vault.caBundle.key}`,
    ...(tlsServerName !== undefined && { "tls-server-name": tlsServerName }),
    ...(containers && { "agent-inject-containers": containers.join(",") }),
    "agent-service-account-token-volume-name": TOKEN_VOLUME,
    "agent-cache-enable": "true",
    "agent-cache-listener-port": `${cacheListenerPort}`,
    "agent-limits-cpu": limits.cpu,
    "agent-limits-mem": limits.memory,
    "agent-requests-cpu": requests.cpu,
    "agent-requests-mem": requests.memory,
    "agent-revoke-on-shutdown": "true",
    "agent-revoke-grace": `${revokeGrace.toSeconds()}`,
    "agent-set-security-context": "true",
    "agent-run-as-same-user": "true",
    "agent-run-as-group": `${group}`,
    "template-static-secret-render-interval": renderInterval.toString(),
    "agent-json-patch": patch,
    "agent-init-json-patch": patch,
  };
  const volumes: InjectionVolume[] = [
    {
      name: TOKEN_VOLUME,
      projected: [
        {
          sources: [
            {
              serviceAccountToken: {
                audience,
                expirationSeconds: serviceAccountTokenExpiration.toSeconds(),
                path: "token",
              },
            },
          ],
        },
      ],
    },
    { name: CA_VOLUME, configMap: { name: vault.caBundle.configMapName } },
  ];
  return { annotations, volumes, renderInterval };
}

/**
 * JSON patch of the agent containers, for settings that have no annotation.
 *
 * It mounts the CA's ConfigMap into the agents only, mounts the token where the cache reads it, and sets a seccomp
 * profile. The variables are for the command that revokes the token: it gets neither the server name nor the namespace
 * otherwise.
 * @see https://github.com/hashicorp/vault-k8s/blob/v1.7.6/agent-inject/agent/container_sidecar.go
 */
function containerPatch(variables: Readonly<Record<string, string | undefined>>): string {
  const mount = (name: string, mountPath: string) => ({
    op: "add",
    path: "/volumeMounts/-",
    value: { name, mountPath, readOnly: true },
  });
  return JSON.stringify([
    mount(CA_VOLUME, CA_FOLDER),
    mount(TOKEN_VOLUME, CACHE_TOKEN_FOLDER),
    { op: "add", path: "/securityContext/seccompProfile", value: { type: "RuntimeDefault" } },
    ...Object.entries(variables)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => ({ op: "add", path: "/env/-", value: { name, value } })),
  ]);
}

function requireWhole(scope: Construct, what: string, value: number, least: number, most: number): void {
  if (isLiteral(value) && (!Number.isInteger(value) || value < least || value > most)) {
    throw new ValidationError(
      scope,
      `${what} must be a whole number from ${least} to ${most}, got ${received(value)}`,
    );
  }
}

function requireBetween(
  scope: Construct,
  named: Record<string, Duration>,
  least: Duration,
  most: Duration,
): void {
  for (const [what, value] of Object.entries(named)) {
    if (least.isLongerThan(value) || value.isLongerThan(most)) {
      throw new ValidationError(scope, `${what} must be from ${least} to ${most}, got ${received(value)}`);
    }
  }
}
