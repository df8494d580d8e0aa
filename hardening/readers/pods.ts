import { unescaped } from "../../constructs/core/literal";
import type { Element } from "../element";
import { memo } from "../memo";
import type { Platform } from "../platform";
import { type Block, block, blocks, field, isBlock, isTrue, text, texts } from "./blocks";
import { findConfigMaps } from "./config-maps";
import { namespaceOf } from "./names";
import { type Release, blockAt, valueAt, vaultReleaseOf } from "./helm";

/** Environment variable of a container: a value, or a reference to its source. */
export interface Variable {
  /** Name of the variable. */
  readonly name: string;
  /** Value in the manifest. */
  readonly value?: string;
  /** Name of the Secret that contains the value. */
  readonly secret?: string;
}

/** Container of a pod. */
export interface Container {
  /** Name of the container. */
  readonly name: string;
  /** Image of the container. @default - the chart's image */
  readonly image?: string;
  /** Command and arguments. */
  readonly command: readonly string[];
  /** Environment variables. */
  readonly variables: readonly Variable[];
  /** Secrets of which all keys become variables. */
  readonly variablesFromSecrets: readonly string[];
  /** Resource limits. */
  readonly limits: Block;
  /** Security context of the container. */
  readonly securityContext: Block;
}

/** Volume of a pod. */
export interface Volume {
  /** Name of the volume. */
  readonly name: string;
  /** Name of the ConfigMap that is mounted. */
  readonly configMap?: string;
  /** Whether the volume is an emptyDir of medium Memory. */
  readonly inMemory: boolean;
}

/** Pods of one object. */
export interface Pods {
  /** Block that creates the object. */
  readonly element: Element;
  /** Kind of the object, such as `Deployment` or `CronJob`. */
  readonly kind: string;
  /** Namespace of the pods. */
  readonly namespace: string;
  /** Whether the object is a suspended CronJob, which starts no pods. */
  readonly suspended?: boolean;
  /** Annotations of the pods. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Containers, including init containers. */
  readonly containers: readonly Container[];
  /** Volumes of the pods. */
  readonly volumes: readonly Volume[];
}

const WORKLOAD =
  /^kubernetes_(deployment|stateful_set|daemon_?set|replication_controller|job|cron_job|pod)(_v\d\w*)?$/;

const KINDS: Readonly<Record<string, string>> = {
  deployment: "Deployment",
  stateful_set: "StatefulSet",
  daemon_set: "DaemonSet",
  daemonset: "DaemonSet",
  replication_controller: "ReplicationController",
  job: "Job",
  cron_job: "CronJob",
  pod: "Pod",
};

/** Pods of an element, from typed resources, manifests and Vault's Helm chart. */
export const podsOf = memo((element: Element): Pods[] => {
  if (element.block !== "resource") return [];
  const type = WORKLOAD.exec(element.type)?.[1];
  if (type) return [readPods(element, KINDS[type], element.body)];
  if (element.type === "kubernetes_manifest") {
    const manifest = block(element.body.manifest);
    const kind = text(manifest.kind) ?? "";
    return Object.values(KINDS).includes(kind) ? [readPods(element, kind, manifest)] : [];
  }
  const release = vaultReleaseOf(element);
  return release ? chartPods(element, release) : [];
});

/** Pods of a platform. */
export const podsIn = memo((platform: Platform): Pods[] => platform.elements.flatMap(podsOf));

/** Text that a container executes: its command, and the files of its pod's ConfigMaps that the command names. */
export function scriptOf(pods: Pods, container: Container): string {
  const command = container.command.join("\n");
  const named = Object.entries(filesOf(pods)).filter(([name]) => command.includes(name));
  return [command, ...named.map(([, content]) => content)].join("\n");
}

/**
 * Text that all containers of the pods execute: their commands, the ConfigMap files that the commands name, and the
 * files that those files name.
 */
export const programsOf = memo((pods: Pods): string => {
  const left = new Map(Object.entries(filesOf(pods)));
  const program = pods.containers.flatMap(({ command }) => command);
  for (let index = 0; index < program.length; index++) {
    for (const [name, content] of left) {
      if (!program[index].includes(name)) continue;
      left.delete(name);
      program.push(content);
    }
  }
  return program.join("\n");
});

function filesOf({ element, namespace, volumes }: Pods): Record<string, string> {
  const maps = volumes.flatMap(({ configMap }) =>
    configMap === undefined ? [] : findConfigMaps(element.platform, namespace, configMap),
  );
  return Object.assign({}, ...maps.map(({ data }) => data));
}

function readPods(element: Element, kind: string, body: Block): Pods {
  const metadata = block(body.metadata);
  let template = body;
  if (kind === "CronJob") template = block(field(block(template.spec), "job_template", "jobTemplate"));
  if (kind !== "Pod") template = block(block(template.spec).template);
  return {
    element,
    kind,
    namespace: namespaceOf(element, metadata),
    suspended: kind === "CronJob" && isTrue(block(body.spec).suspend),
    annotations: readTexts(block(template.metadata).annotations),
    ...readSpec(block(template.spec)),
  };
}

function readSpec(spec: Block): Pick<Pods, "containers" | "volumes"> {
  const lists = [
    field(spec, "init_container", "initContainers"),
    field(spec, "container", "containers"),
    field(spec, "ephemeralContainers"),
  ];
  return {
    containers: lists.flatMap(blocks).map(readContainer),
    volumes: blocks(field(spec, "volume", "volumes")).flatMap(readVolume),
  };
}

function readContainer(container: Block): Container {
  return {
    name: text(container.name) ?? "",
    image: text(container.image),
    command: [...texts(container.command), ...texts(container.args)].map(unescaped),
    variables: blocks(container.env).map((variable) => {
      const from = block(field(variable, "value_from", "valueFrom"));
      return {
        name: text(variable.name) ?? "",
        value: text(variable.value),
        secret: text(block(field(from, "secret_key_ref", "secretKeyRef")).name),
      };
    }),
    variablesFromSecrets: blocks(field(container, "env_from", "envFrom")).flatMap((from) =>
      texts(block(field(from, "secret_ref", "secretRef")).name),
    ),
    limits: block(block(container.resources).limits),
    securityContext: block(field(container, "security_context", "securityContext")),
  };
}

function readVolume(volume: Block): Volume[] {
  const name = text(volume.name) ?? "";
  const inMemory = block(field(volume, "empty_dir", "emptyDir")).medium === "Memory";
  const configMap = text(block(field(volume, "config_map", "configMap")).name);
  const sources = blocks(volume.projected).flatMap((projection) => blocks(projection.sources));
  const projected = sources.flatMap((source) =>
    blocks(field(source, "config_map", "configMap")).map((map) => ({
      name,
      inMemory,
      configMap: text(map.name),
    })),
  );
  return [{ name, inMemory, configMap }, ...projected];
}

/** Pods of Vault's Helm chart, as far as its values describe them. */
function chartPods(element: Element, release: Release): Pods[] {
  const { values, namespace } = release;
  const pods: Pods[] = [];
  const server = blockAt(values, "server");
  if (server.enabled !== false) {
    const variables = [
      ...Object.entries(readTexts(server.extraEnvironmentVars)).map(([name, value]) => ({ name, value })),
      ...blocks(server.extraSecretEnvironmentVars).map((it) => ({
        name: text(it.envName) ?? "",
        secret: text(it.secretName),
      })),
    ];
    const vault = chartContainer("vault", server, valueAt(values, "server.image"));
    const further = [...blocks(server.extraInitContainers), ...blocks(server.extraContainers)].map(
      readContainer,
    );
    pods.push({
      element,
      kind: "StatefulSet",
      namespace,
      annotations: readTexts(server.annotations),
      containers: [{ ...vault, variables, command: texts(server.extraArgs) }, ...further],
      volumes: blocks(server.volumes).flatMap(readVolume),
    });
  }
  const injector = blockAt(values, "injector");
  if (!isFalse(injector.enabled)) {
    const sidecar = chartContainer("sidecar-injector", injector, injector.image);
    const agent = chartContainer("vault-agent", {}, injector.agentImage);
    pods.push({
      element,
      kind: "Deployment",
      namespace,
      annotations: readTexts(injector.annotations),
      containers: [
        {
          ...sidecar,
          variables: Object.entries(readTexts(injector.extraEnvironmentVars)).map(([name, value]) => ({
            name,
            value,
          })),
        },
        // The injector sets the limits of the agents that it adds.
        { ...agent, limits: { cpu: "injector", memory: "injector" } },
      ],
      volumes: [],
    });
  }
  return pods;
}

/** Container of the chart. The chart pins its default images, so an image without values counts as pinned. */
function chartContainer(name: string, values: Block, image: unknown): Container {
  const { repository, tag } = block(image);
  const named = text(repository) !== undefined || text(tag) !== undefined;
  return {
    name,
    image: named ? `${text(repository) ?? "hashicorp/vault"}:${text(tag) ?? "chart"}` : undefined,
    command: [],
    variables: [],
    variablesFromSecrets: [],
    limits: block(block(values.resources).limits),
    securityContext: block(blockAt(block(values.statefulSet), "securityContext").container),
  };
}

function readTexts(value: unknown): Record<string, string> {
  if (!isBlock(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, text(item) ?? ""]));
}

function isFalse(value: unknown): boolean {
  return value !== undefined && !isTrue(value) && value !== "-";
}
