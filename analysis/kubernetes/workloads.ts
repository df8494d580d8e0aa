import type { KubernetesObject } from "./objects";
import { type Block, block, blocks, hasUnknownBlocks, isUnknown, knownTexts, record, text } from "./values";

/** Container of a workload. */
export interface Container {
  /** Name of the container. */
  readonly name: string;
  /** Image; undefined if the manifest has none. */
  readonly image?: string;
  /** Command, arguments, and commands of probes and hooks. */
  readonly commands: readonly string[];
  /** Environment variables with their values or sources. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Pods that one object starts. */
export interface Workload {
  /** Object that starts the pods. */
  readonly object: KubernetesObject;
  /** Kind and name of the object. Hashes at the end of names do not count. */
  readonly key: string;
  /** Namespace of the pods. */
  readonly namespace: string;
  /** ServiceAccount as which the pods run. */
  readonly serviceAccount: string;
  /** All containers, with those for initialization. */
  readonly containers: readonly Container[];
  /** Access to the node, such as `hostNetwork`. */
  readonly nodeAccess: readonly string[];
  /** Secrets that the pods read, and tokens that they get. */
  readonly secrets: readonly string[];
  /** ConfigMaps that the pods read. */
  readonly configMaps: readonly string[];
  /** False if a part of the pods' specification is not known. */
  readonly isComplete: boolean;
}

const KINDS =
  /^(Pod|Deployment|StatefulSet|DaemonSet|ReplicaSet|ReplicationController|Job|CronJob|PodTemplate)$/;

/** Pods of an object; undefined for an object that starts none. */
export function workloadOf(object: KubernetesObject): Workload | undefined {
  const { kind, name, body } = object;
  if (!KINDS.test(kind)) return undefined;
  const namespace = object.namespace ?? "default";
  const spec = podSpecOf(kind, body);
  const lists = [spec.initContainers, spec.containers, spec.ephemeralContainers];
  const containers = lists.flatMap(blocks);
  const volumes = blocks(spec.volumes);
  const sources = volumes
    .flatMap((volume) => blocks(volume.projected))
    .flatMap(({ sources: all }) => blocks(all));
  const variables = containers.flatMap(({ env }) => blocks(env)).map(({ valueFrom }) => block(valueFrom));
  const everyKey = containers.flatMap(({ envFrom }) => blocks(envFrom));
  const names = (...values: unknown[]) => values.flatMap((value) => knownTexts(value).values);
  return {
    object,
    namespace,
    key: `${kind} ${namespace}/${name.replace(/-[0-9a-f]{8,}$/, "")}`,
    serviceAccount: text(spec.serviceAccountName) || text(spec.serviceAccount) || "default",
    containers: containers.map(containerOf),
    nodeAccess: [
      ...["hostNetwork", "hostPID", "hostIPC"].filter((field) => isTrue(spec[field])),
      ...volumes.flatMap(({ hostPath }) =>
        knownTexts(block(hostPath).path).values.map((path) => `hostPath ${path}`),
      ),
      ...containers.flatMap(({ securityContext }) => {
        const { privileged, capabilities } = block(securityContext);
        const added = knownTexts(block(capabilities).add).values.map((name) => `capability ${name}`);
        return [...(isTrue(privileged) ? ["privileged"] : []), ...added];
      }),
    ],
    secrets: [
      ...volumes.flatMap(({ secret, secrets }) =>
        [...blocks(secret), ...blocks(secrets)].flatMap((it) => names(it.secretName)),
      ),
      ...sources.flatMap(({ secret, secrets }) =>
        [...blocks(secret), ...blocks(secrets)].flatMap((it) => names(it.name)),
      ),
      ...variables.flatMap(({ secretKeyRef }) => names(block(secretKeyRef).name)),
      ...everyKey.flatMap(({ secretRef }) => names(block(secretRef).name)),
      ...sources.flatMap(({ serviceAccountToken }) =>
        blocks(serviceAccountToken).map(
          ({ audience }) => `token for ${text(audience) ?? "the Kubernetes API"}`,
        ),
      ),
    ],
    configMaps: [
      ...volumes.flatMap(({ configMap }) => names(block(configMap).name)),
      ...sources.flatMap(({ configMap }) => blocks(configMap).flatMap((it) => names(it.name))),
      ...variables.flatMap(({ configMapKeyRef }) => names(block(configMapKeyRef).name)),
      ...everyKey.flatMap(({ configMapRef }) => names(block(configMapRef).name)),
    ],
    isComplete:
      !lists.some(hasUnknownBlocks) && !hasUnknownBlocks(spec.volumes) && Object.keys(spec).length > 0,
  };
}

/** Repository of an image, without tag and digest. */
export function repositoryOf(image: string): string {
  return image.replace(/@sha256:.*$/, "").replace(/:[^/:]*$/, "");
}

function podSpecOf(kind: string, body: Block): Block {
  if (kind === "Pod") return block(body.spec);
  if (kind === "PodTemplate") return block(block(body.template).spec);
  const job = kind === "CronJob" ? block(block(body.spec).jobTemplate) : body;
  return block(block(block(job.spec).template).spec);
}

function containerOf(container: Block): Container {
  const hooks = [
    container.lifecycle,
    container.livenessProbe,
    container.readinessProbe,
    container.startupProbe,
  ];
  const image = text(container.image);
  return {
    name: text(container.name) ?? "",
    ...(image !== undefined && { image }),
    commands: [container.command, container.args, ...hooks.flatMap(execsIn)].flatMap((value) =>
      [value].flat().flatMap((item) => text(item) ?? []),
    ),
    variables: Object.fromEntries(
      blocks(container.env).map(({ name, value, valueFrom }) => [
        text(name) ?? "",
        text(value) ?? JSON.stringify(valueFrom ?? ""),
      ]),
    ),
  };
}

/** Commands of a probe or of hooks. */
function execsIn(value: unknown): unknown[] {
  return blocks(value).flatMap((handler) => [
    ...blocks(handler.exec).map(({ command }) => command),
    ...[handler.postStart, handler.preStop].flatMap(execsIn),
  ]);
}

function isTrue(value: unknown): boolean {
  return value === true || value === "true" || isUnknown(value);
}

/** Files of a ConfigMap by name. */
export function filesOf({ body }: KubernetesObject): Readonly<Record<string, string>> {
  return { ...record(body.data), ...record(body.binaryData) };
}
