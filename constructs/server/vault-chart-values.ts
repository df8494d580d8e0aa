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

/** All that the chart's values are made of; every default is decided by the caller. */
export interface VaultChartValuesProps {
  readonly serverConfiguration: string;
  readonly namespace: string;
  readonly releaseName: string;
  readonly seal: SealConfiguration;
  readonly tls: Tls;
  readonly image: string;
  readonly injectorImage: string;
  readonly replicas: number;
  readonly zones: readonly string[];
  readonly storageClass: string;
  readonly dataSize: Size;
  readonly auditSize: Size;
  readonly resources: ContainerResources;
  readonly injectorReplicas: number;
  readonly injectorResources: ContainerResources;
  readonly licence?: SecretKeyReference;
  readonly priorityClassName?: string;
  /** Servers and injectors may share a node with others of their kind. */
  readonly serversShareNodes: boolean;
  readonly auditShipper?: Sidecar;
  /** ConfigMap with the scripts of the sidecar. */
  readonly scriptsName: string;
  readonly imagePullSecrets?: readonly string[];
  /** Variables of the servers that name the proxy. */
  readonly proxy?: Readonly<Record<string, string>>;
}

/** Ready and alive while sealed or not initialised, too: both are states to be helped out of, not to be restarted. */
const HEALTH = "/v1/sys/health?standbyok=true&perfstandbyok=true&sealedcode=204&uninitcode=204";

/** What the Pod Security Standard `restricted` asks for, and a root filesystem that nobody writes to. */
const RESTRICTED_POD = {
  runAsNonRoot: true,
  runAsUser: 100,
  runAsGroup: 1000,
  fsGroup: 1000,
  seccompProfile: { type: "RuntimeDefault" },
};
const RESTRICTED_CONTAINER = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

/** Vault of the official chart, as this project wants it. */
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
    // Whoever deletes the pods decides the order: standbys first, the active server last.
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
      // The chart's start command writes the configuration there.
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
      // The server itself, and not its address: addresses change, and the certificate has names.
      apiAddr: `https://$(VAULT_K8S_POD_NAME).${props.releaseName}-internal.${props.namespace}.svc:8200`,
      raft: { enabled: true, setNodeId: true, config: escapeHelmTemplate(props.serverConfiguration) },
      // A budget for one server would hold up every drain of its node; without a budget it is restarted elsewhere.
      disruptionBudget: props.replicas > 1 ? { enabled: true, maxUnavailable: 1 } : { enabled: false },
    },
  };
}

function sealToken({ secretName, key }: SecretKeyReference) {
  const items = [{ key, path: basename(SEAL_TOKEN_FILE) }];
  return { name: "seal", secret: { secretName, defaultMode: 0o440, items } };
}

/** With mutual TLS the kubelet has no certificate to show, so the server asks itself. */
function probes(tls: Tls): Pick<NonNullable<ChartValues["server"]>, "readinessProbe" | "livenessProbe"> {
  if (!tls.mutual) {
    return {
      readinessProbe: { enabled: true, path: HEALTH, port: 8200 },
      livenessProbe: { enabled: true, path: HEALTH, port: 8200, initialDelaySeconds: 60 },
    };
  }
  return {
    // The chart's own: ready when unsealed. Joins and the bootstrap reach servers that are not ready.
    readinessProbe: { enabled: true },
    livenessProbe: {
      enabled: true,
      // 2: sealed or not initialised.
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
    // A pod that asks for secrets does not start without them; namespaces that do not ask are left alone.
    webhook: {
      failurePolicy: "Fail",
      namespaceSelector: { matchLabels: { "vault-platform/client": "true" } },
    },
  };
}

/** The chart runs the configuration through Helm's templates. */
function escapeHelmTemplate(text: string): string {
  return text.replaceAll("{{", '{{ "{{" }}');
}

/** The chart joins both again: `repository:tag@digest`. */
function chartImage(scope: Construct, property: string, image: string): { repository: string; tag: string } {
  const parsed = parseProperty(scope, property, image, ImageReference.parsePinned);
  if (!parsed) throw new ValidationError(scope, `${property} must be known at synthesis, got a token`);
  return { repository: parsed.name, tag: parsed.version };
}
