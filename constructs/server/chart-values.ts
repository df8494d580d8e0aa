import { z } from "zod";

/**
 * Values of the vault-helm chart that this project knows. The chart's schema accepts any key, so a misspelt key has
 * no effect and no error. Every object in this schema is strict.
 * @see https://developer.hashicorp.com/vault/docs/platform/k8s/helm/configuration
 */

const text = z.string();
const texts = z.record(z.string(), z.string());
const object = z.record(z.string(), z.unknown());
const objects = z.array(object);

const image = z.strictObject({ repository: text, tag: text, pullPolicy: text.optional() });
const quantities = z.strictObject({ cpu: text, memory: text });
const resources = z.strictObject({ requests: quantities, limits: quantities });
const securityContext = z.strictObject({ pod: object, container: object });
const storage = z.strictObject({
  enabled: z.boolean(),
  size: text,
  storageClass: text,
  mountPath: text.optional(),
  annotations: texts.optional(),
  labels: texts.optional(),
});
const probe = z.strictObject({
  enabled: z.boolean(),
  path: text.optional(),
  execCommand: z.array(text).optional(),
  port: z.number().optional(),
  initialDelaySeconds: z.number().optional(),
  periodSeconds: z.number().optional(),
  failureThreshold: z.number().optional(),
  timeoutSeconds: z.number().optional(),
});
const scheduling = {
  affinity: z.union([text, object]).optional(),
  topologySpreadConstraints: objects.optional(),
  tolerations: objects.optional(),
  nodeSelector: texts.optional(),
  priorityClassName: text.optional(),
  annotations: texts.optional(),
  extraLabels: texts.optional(),
};

const server = z.strictObject({
  ...scheduling,
  image: image.optional(),
  enterpriseLicense: z.strictObject({ secretName: text, secretKey: text }).optional(),
  updateStrategyType: z.enum(["OnDelete", "RollingUpdate"]).optional(),
  logLevel: text.optional(),
  logFormat: z.enum(["standard", "json"]).optional(),
  resources: resources.optional(),
  volumes: objects.optional(),
  volumeMounts: objects.optional(),
  extraEnvironmentVars: texts.optional(),
  extraSecretEnvironmentVars: z
    .array(z.strictObject({ envName: text, secretName: text, secretKey: text }))
    .optional(),
  extraContainers: objects.optional(),
  extraPorts: objects.optional(),
  shareProcessNamespace: z.boolean().optional(),
  readinessProbe: probe.optional(),
  livenessProbe: probe.optional(),
  terminationGracePeriodSeconds: z.number().optional(),
  authDelegator: z.strictObject({ enabled: z.boolean() }).optional(),
  dataStorage: storage.optional(),
  auditStorage: storage.optional(),
  persistentVolumeClaimRetentionPolicy: z
    .strictObject({ whenDeleted: z.enum(["Retain", "Delete"]), whenScaled: z.enum(["Retain", "Delete"]) })
    .optional(),
  statefulSet: z.strictObject({ securityContext, annotations: texts.optional() }).optional(),
  serviceAccount: z
    .strictObject({
      name: text.optional(),
      annotations: texts.optional(),
      createSecret: z.boolean().optional(),
    })
    .optional(),
  service: z.strictObject({ annotations: texts.optional() }).optional(),
  ha: z
    .strictObject({
      enabled: z.boolean(),
      replicas: z.number(),
      apiAddr: text.optional(),
      clusterAddr: text.optional(),
      raft: z.strictObject({ enabled: z.boolean(), setNodeId: z.boolean(), config: text }),
      disruptionBudget: z
        .strictObject({ enabled: z.boolean(), maxUnavailable: z.number().optional() })
        .optional(),
    })
    .optional(),
});

const injector = z.strictObject({
  ...scheduling,
  enabled: z.boolean().optional(),
  replicas: z.number().optional(),
  leaderElector: z.strictObject({ enabled: z.boolean() }).optional(),
  image: image.optional(),
  agentImage: image.optional(),
  resources: resources.optional(),
  securityContext: securityContext.optional(),
  podDisruptionBudget: object.optional(),
  logLevel: text.optional(),
  logFormat: z.enum(["standard", "json"]).optional(),
  revokeOnShutdown: z.boolean().optional(),
  webhook: z
    .strictObject({
      failurePolicy: z.enum(["Fail", "Ignore"]),
      namespaceSelector: object.optional(),
      timeoutSeconds: z.number().optional(),
    })
    .optional(),
});

/** Strict schema of the chart values that this project knows. */
export const chartValuesSchema = z.strictObject({
  fullnameOverride: text.optional(),
  global: z
    .strictObject({
      tlsDisable: z.boolean().optional(),
      imagePullSecrets: z.array(z.strictObject({ name: text })).optional(),
    })
    .optional(),
  server: server.optional(),
  injector: injector.optional(),
  ui: z
    .strictObject({
      enabled: z.boolean(),
      serviceType: z.enum(["ClusterIP", "LoadBalancer", "NodePort"]).optional(),
      annotations: texts.optional(),
    })
    .optional(),
  csi: z.strictObject({ enabled: z.boolean() }).optional(),
});

/** Values of the vault-helm chart. Omitted values keep the default of the chart. */
export type ChartValues = z.infer<typeof chartValuesSchema>;

/** Merges two sets of values as Helm does: later values win, objects are merged, lists are replaced. */
export function mergeValues(base: unknown, override: unknown): unknown {
  if (!isObject(base) || !isObject(override)) return override === undefined ? base : override;
  const names = [...new Set([...Object.keys(base), ...Object.keys(override)])];
  return Object.fromEntries(names.map((name) => [name, mergeValues(base[name], override[name])]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
