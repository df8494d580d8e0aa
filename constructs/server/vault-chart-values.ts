import { basename, dirname } from "node:path/posix";
import type { Construct } from "constructs";
import type { Sidecar } from "../audit/audit-shipper";
import { parseProperty } from "../core/format-error";
import { ImageReference } from "../core/image-reference";
import { ValidationError } from "../core/validation-error";
import type { Size } from "../core/size";
import type { ChartValues } from "./chart-values";
import { type ContainerResources, renderResources } from "../core/container-resources";
import { secretReferences } from "../core/pod-options";
import { METRICS_PORT } from "./ports";
import { SEAL_TOKEN_FILE, type SealConfiguration, type SecretKeyReference } from "./seal";
import type { Tls } from "./tls";

/** Input of the chart values. The caller applies all defaults. */
export interface VaultChartValuesProps {
  /** Server configuration in HCL. */
  readonly serverConfiguration: string;
  /** Namespace of Vault. */
  readonly namespace: string;
  /** Name of the Helm release. */
  readonly releaseName: string;
  /** Server settings of the seal. */
  readonly seal: SealConfiguration;
  /** Source of the server certificate. */
  readonly tls: Tls;
  /** Image of servers and agents, with its version. */
  readonly image: string;
  /** Image of the injector, with its version. */
  readonly injectorImage: string;
  /** Number of servers. */
  readonly replicas: number;
  /** Availability zones of the nodes. Servers are spread if there is more than one. */
  readonly zones: readonly string[];
  /** StorageClass of the volumes. */
  readonly storageClass: string;
  /** Size of the data volume of each server. */
  readonly dataSize: Size;
  /** Size of the audit volume of each server. */
  readonly auditSize: Size;
  /** Resources of the server container. */
  readonly resources: ContainerResources;
  /** Number of injectors. */
  readonly injectorReplicas: number;
  /** Resources of the injector container. */
  readonly injectorResources: ContainerResources;
  /** Licence of Vault Enterprise. @default - the Community edition */
  readonly licence?: SecretKeyReference;
  /** PriorityClass of the servers. @default - the cluster's default */
  readonly priorityClassName?: string;
  /** Allows several servers on one node, and several injectors. */
  readonly serversShareNodes: boolean;
  /** Sidecar that ships the audit log. @default - none */
  readonly auditShipper?: Sidecar;
  /** ConfigMap with the script of the certificate reloader. */
  readonly scriptsName: string;
  /** Names of image pull Secrets. @default - none */
  readonly imagePullSecrets?: readonly string[];
  /** Proxy variables of the server container. @default - none */
  readonly proxy?: Readonly<Record<string, string>>;
}

/**
 * Health path. Sealed and uninitialised servers count as ready and alive: an operator or the bootstrap resolves both
 * states, and a restart does not.
 */
const HEALTH = "/v1/sys/health?standbyok=true&perfstandbyok=true&sealedcode=204&uninitcode=204";

/** Pod settings that the Pod Security Standard `restricted` requires. */
const RESTRICTED_POD = {
  runAsNonRoot: true,
  runAsUser: 100,
  runAsGroup: 1000,
  fsGroup: 1000,
  seccompProfile: { type: "RuntimeDefault" },
};
/** Container settings that the Pod Security Standard `restricted` requires, and a read-only root filesystem. */
const RESTRICTED_CONTAINER = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

/** Returns the values of the official chart for this platform. */
export function vaultChartValues(scope: Construct, props: VaultChartValuesProps): ChartValues {
  return {
    fullnameOverride: props.releaseName,
    global: { tlsDisable: false, imagePullSecrets: secretReferences(props.imagePullSecrets) },
    server: serverValues(scope, props),
    injector: injectorValues(scope, props),
    ui: { enabled: true, serviceType: "ClusterIP" },
    csi: { enabled: false },
  };
}

function serverValues(scope: Construct, props: VaultChartValuesProps): ChartValues["server"] {
  const { seal, tls, storageClass, licence, priorityClassName, auditShipper } = props;
  const labels = { "app.kubernetes.io/name": "vault", "app.kubernetes.io/instance": props.releaseName };
  return {
    image: chartImage(scope, "image", props.image),
    ...(licence && { enterpriseLicense: { secretName: licence.secretName, secretKey: licence.key } }),
    ...(priorityClassName && { priorityClassName }),
    ...(props.serversShareNodes && { affinity: "" }),
    ...(props.zones.length > 1 && {
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: "topology.kubernetes.io/zone",
          whenUnsatisfiable: "DoNotSchedule",
          labelSelector: { matchLabels: { ...labels, component: "server" } },
        },
      ],
    }),
    extraLabels: { "vault-platform/component": "server", ...seal.podLabels },
    // The rollout job deletes the pods in its order: standbys first, the active server last.
    updateStrategyType: "OnDelete",
    logFormat: "json",
    resources: renderResources(scope, props.resources),
    terminationGracePeriodSeconds: 30,
    shareProcessNamespace: true,
    extraContainers: [certificateReloader(props), ...(auditShipper ? [auditShipper.container] : [])],
    extraPorts: [{ name: "metrics", containerPort: METRICS_PORT }],
    volumes: [
      { name: "tls", secret: { secretName: tls.secretName, defaultMode: 0o440 } },
      { name: "scripts", configMap: { name: props.scriptsName, defaultMode: 0o555 } },
      { name: "tmp", emptyDir: { sizeLimit: "64Mi" } },
      ...(seal.token ? [sealToken(seal.token)] : []),
      ...(auditShipper?.volumes ?? []),
    ],
    volumeMounts: [
      { name: "tls", mountPath: "/vault/tls", readOnly: true },
      // The chart's start command writes the configuration to /tmp.
      { name: "tmp", mountPath: "/tmp" },
      ...(seal.token ? [{ name: "seal", mountPath: dirname(SEAL_TOKEN_FILE), readOnly: true }] : []),
      ...(auditShipper?.serverMounts ?? []),
    ],
    extraEnvironmentVars: {
      VAULT_CACERT: "/vault/tls/ca.crt",
      ...(tls.mutual && { VAULT_CLIENT_CERT: "/vault/tls/tls.crt", VAULT_CLIENT_KEY: "/vault/tls/tls.key" }),
      ...seal.environment,
      ...props.proxy,
    },
    ...probes(tls),
    authDelegator: { enabled: true },
    dataStorage: { enabled: true, size: props.dataSize.toString(), storageClass },
    auditStorage: { enabled: true, size: props.auditSize.toString(), storageClass },
    persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
    statefulSet: { securityContext: { pod: RESTRICTED_POD, container: RESTRICTED_CONTAINER } },
    serviceAccount: {
      name: "vault",
      annotations: { ...seal.serviceAccountAnnotations },
      createSecret: false,
    },
    ha: {
      enabled: true,
      replicas: props.replicas,
      // A name, not an IP address: addresses change, and the certificate contains names.
      apiAddr: `https://$(VAULT_K8S_POD_NAME).${props.releaseName}-internal.${props.namespace}.svc:8200`,
      raft: { enabled: true, setNodeId: true, config: escapeHelmTemplate(props.serverConfiguration) },
      // With one server, a budget would block every drain of its node. Without a budget the pod is restarted on another
      // node.
      disruptionBudget: props.replicas > 1 ? { enabled: true, maxUnavailable: 1 } : { enabled: false },
    },
  };
}

function sealToken({ secretName, key }: SecretKeyReference) {
  const items = [{ key, path: basename(SEAL_TOKEN_FILE) }];
  return { name: "seal", secret: { secretName, defaultMode: 0o440, items } };
}

/**
 * Probes of the server. With mutual TLS the kubelet has no client certificate, so the probe runs the vault command in
 * the container.
 */
function probes(tls: Tls): Pick<NonNullable<ChartValues["server"]>, "readinessProbe" | "livenessProbe"> {
  if (!tls.mutual) {
    return {
      readinessProbe: { enabled: true, path: HEALTH, port: 8200 },
      livenessProbe: { enabled: true, path: HEALTH, port: 8200, initialDelaySeconds: 60 },
    };
  }
  return {
    // Default probe of the chart: ready when unsealed. Joining servers and the bootstrap also reach servers that are
    // not ready.
    readinessProbe: { enabled: true },
    livenessProbe: {
      enabled: true,
      // Exit code 2 means sealed or not initialised.
      execCommand: ["/bin/sh", "-c", "vault status >/dev/null 2>&1; [ $? -ne 1 ]"],
      initialDelaySeconds: 60,
      timeoutSeconds: 5,
    },
  };
}

function certificateReloader({ image }: VaultChartValuesProps): Record<string, unknown> {
  return {
    name: "reload-certificate",
    image,
    command: ["/bin/sh", "/scripts/reload-certificate.sh"],
    securityContext: RESTRICTED_CONTAINER,
    resources: { requests: { cpu: "5m", memory: "16Mi" }, limits: { cpu: "50m", memory: "32Mi" } },
    volumeMounts: [
      { name: "tls", mountPath: "/vault/tls", readOnly: true },
      { name: "scripts", mountPath: "/scripts", readOnly: true },
    ],
  };
}

function injectorValues(scope: Construct, props: VaultChartValuesProps): ChartValues["injector"] {
  return {
    enabled: true,
    replicas: props.injectorReplicas,
    ...(props.serversShareNodes && { affinity: "" }),
    leaderElector: { enabled: true },
    image: chartImage(scope, "injectorImage", props.injectorImage),
    agentImage: chartImage(scope, "image", props.image),
    resources: renderResources(scope, props.injectorResources),
    securityContext: { pod: RESTRICTED_POD, container: RESTRICTED_CONTAINER },
    podDisruptionBudget: { maxUnavailable: 1 },
    extraLabels: { "vault-platform/component": "injector" },
    logFormat: "json",
    revokeOnShutdown: true,
    // In labelled namespaces, a pod that requests secrets does not start without them. The webhook ignores all other
    // namespaces.
    webhook: {
      failurePolicy: "Fail",
      namespaceSelector: { matchLabels: { "vault-platform/client": "true" } },
    },
  };
}

/** Escapes Helm template syntax: the chart renders the configuration as a template. */
function escapeHelmTemplate(text: string): string {
  return text.replaceAll("{{", '{{ "{{" }}');
}

/** Splits an image for the chart, which joins both parts again: `repository:tag@digest`. */
function chartImage(scope: Construct, property: string, image: string): { repository: string; tag: string } {
  const parsed = parseProperty(scope, property, image, ImageReference.parsePinned);
  if (!parsed) throw new ValidationError(scope, `${property} must be known at synthesis, got a token`);
  return { repository: parsed.name, tag: parsed.version };
}
