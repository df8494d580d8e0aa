import { parse } from "yaml";
import type { KubernetesObject } from "../../../local/kubernetes";
import { type Block, type StackJson, resolved } from "./stack-json";

/** Kubernetes object of a stack, with the address of its resource. */
export interface StackObject {
  /** Address of the Terraform resource, such as `kubernetes_job_v1.Job`. */
  readonly address: string;
  readonly object: KubernetesObject;
}

const RBAC = "rbac.authorization.k8s.io/v1";

/** Kubernetes kinds by the provider's resource types, without `kubernetes_` and `_v1`. */
const KINDS: Readonly<Record<string, readonly [apiVersion: string, kind: string]>> = {
  cluster_role: [RBAC, "ClusterRole"],
  cluster_role_binding: [RBAC, "ClusterRoleBinding"],
  config_map: ["v1", "ConfigMap"],
  cron_job: ["batch/v1", "CronJob"],
  deployment: ["apps/v1", "Deployment"],
  job: ["batch/v1", "Job"],
  limit_range: ["v1", "LimitRange"],
  namespace: ["v1", "Namespace"],
  network_policy: ["networking.k8s.io/v1", "NetworkPolicy"],
  pod_disruption_budget: ["policy/v1", "PodDisruptionBudget"],
  priority_class: ["scheduling.k8s.io/v1", "PriorityClass"],
  resource_quota: ["v1", "ResourceQuota"],
  role: [RBAC, "Role"],
  role_binding: [RBAC, "RoleBinding"],
  service: ["v1", "Service"],
  service_account: ["v1", "ServiceAccount"],
  storage_class: ["storage.k8s.io/v1", "StorageClass"],
};

/** Provider arguments with a Kubernetes name other than their camel case. */
const RENAMED: Readonly<Record<string, string>> = {
  timezone: "timeZone",
  storage_provisioner: "provisioner",
  host_ipc: "hostIPC",
  host_pid: "hostPID",
  downward_api: "downwardAPI",
};

/** Blocks that are lists in Kubernetes, with their names there. Other blocks in a list of one are single objects. */
const LISTS: Readonly<Record<string, string>> = {
  container: "containers",
  init_container: "initContainers",
  env: "env",
  env_from: "envFrom",
  volume: "volumes",
  volume_mount: "volumeMounts",
  port: "ports",
  toleration: "tolerations",
  subject: "subjects",
  rule: "rules",
  limit: "limits",
  topology_spread_constraint: "topologySpreadConstraints",
  image_pull_secret: "imagePullSecrets",
  image_pull_secrets: "imagePullSecrets",
  match_expressions: "matchExpressions",
  on_pod_condition: "onPodConditions",
  sources: "sources",
  items: "items",
  ingress: "ingress",
  egress: "egress",
  from: "from",
  to: "to",
  ports: "ports",
};

/** Maps with user-defined keys. */
const MAPS =
  /^(labels|annotations|match_labels|data|binary_data|hard|limits|requests|parameters|default|default_request|node_selector)$/;

const NUMBERS = /^(replicas|run_as_user|run_as_group|fs_group)$/;
const NUMBERS_OR_NAMES = /^(port|target_port|max_surge|max_unavailable|min_available)$/;
const MODES = /^(default_mode|mode)$/;

/** All Kubernetes objects of a stack, including those in the chart of custom resources. */
export function objectsOf(stack: StackJson): StackObject[] {
  return Object.entries(stack.resource ?? {}).flatMap(([type, resources]) =>
    Object.entries(resources).flatMap(([id, block]): StackObject[] => {
      const address = `${type}.${id}`;
      if (type === "helm_release") return customResources(address, resolved(block, stack));
      const kind = /^kubernetes_(\w+?)(_v1)?$/.exec(type)?.[1];
      if (kind === undefined) return [];
      return [{ address, object: kubernetesObject(kind, resolved(block, stack)) }];
    }),
  );
}

/** Objects in the project's own chart. Helm renders other charts. */
function customResources(address: string, release: Block): StackObject[] {
  if (!String(release.chart).includes("assets/")) return [];
  const values = (release.values as string[]).map((text) => parse(text) as Block);
  const resources = values.flatMap((it) => (it.resources ?? []) as KubernetesObject[]);
  return resources.map((object) => ({
    address: `${address} (${object.kind} ${object.metadata.name})`,
    object: { ...object, metadata: { namespace: release.namespace, ...object.metadata } },
  }));
}

function kubernetesObject(kind: string, block: Block): KubernetesObject {
  if (kind === "labels") {
    const { api_version: apiVersion, kind: labelled, metadata, labels } = block;
    return { apiVersion, kind: labelled, metadata: { ...metadata, labels } };
  }
  const [apiVersion, name] = KINDS[kind] ?? [];
  if (!apiVersion || !name) throw new Error(`the test does not know kubernetes_${kind}`);
  const terraform = ["//", "depends_on", "lifecycle", "provider", "timeouts", "wait_for_completion"];
  const given = Object.entries(block).filter(([argument]) => !terraform.includes(argument));
  const content = converted(Object.fromEntries(given), kind === "config_map") as Block;
  return { apiVersion, kind: name, ...content } as KubernetesObject;
}

function converted(block: Block, hasVerbatimData = false): Block {
  return Object.fromEntries(
    Object.entries(block).map(([argument, value]) => {
      const isVerbatim = MAPS.test(argument) && isMap(value) && (argument !== "data" || hasVerbatimData);
      const [name, content] = isVerbatim ? [argument, value] : field(argument, value);
      return [camel(name), content];
    }),
  );
}

function field(argument: string, value: unknown): [string, unknown] {
  const name = RENAMED[argument] ?? argument;
  if (Array.isArray(value) && value.some(isMap)) {
    if (argument in LISTS) return [LISTS[argument], value.map((it) => converted(it as Block))];
    if (value.length === 1) return [name, converted(value[0] as Block)];
    throw new Error(`the test does not know the list ${argument}`);
  }
  if (isMap(value)) {
    const isList = argument in LISTS && argument !== "port";
    return isList ? [LISTS[argument], [converted(value as Block)]] : [name, converted(value as Block)];
  }
  return [name, scalar(argument, value)];
}

function scalar(argument: string, value: unknown): unknown {
  if (typeof value !== "string") return value;
  if (NUMBERS.test(argument) && /^\d+$/.test(value)) return Number(value);
  if (NUMBERS_OR_NAMES.test(argument) && /^\d+$/.test(value)) return Number(value);
  return MODES.test(argument) ? Number.parseInt(value, 8) : value;
}

function camel(name: string): string {
  return name.replaceAll(/_(\w)/g, (_match, letter: string) => letter.toUpperCase());
}

function isMap(value: unknown): value is Block {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
