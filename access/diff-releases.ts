import { isGrave as isGraveType } from "../analysis/coverage/status";
import { helmValuesOf } from "../analysis/kubernetes/objects";
import { type Block, blocks, isBlock, isUnknown, text } from "../analysis/kubernetes/values";
import { repositoryOf } from "../analysis/kubernetes/workloads";
import { placeOf } from "../analysis/terraform/sources";
import type { Environment, Resource } from "../analysis/terraform/synthesized";
import { type Change, type Label, sortLabels } from "./changes";
import { type Cluster, pairObjects } from "./kubernetes-cluster";
import { mark } from "./markdown";

type Row = Pick<Change, "direction" | "what" | "labels"> & { readonly kind?: Change["kind"] };

/** Values of charts that decide which programs run, with which rights, and which systems they trust. */
const GRAVE_VALUES =
  /(^|\.)(repository|registry|image|command|args|extraArgs|extra(Init)?Containers|ephemeralContainers|volumes|volumeMounts|extraVolumes|postStart|preStop|lifecycle|serviceAccount\w*|securityContext|podSecurityContext|host(Network|PID|IPC|Path)|privileged|capabilities|extraEnv\w*|env|envFrom|extraSecretEnvironmentVars|rbac|clusterRole\w*|authDelegator|webhook|failurePolicy|objectSelector|namespaceSelector|externalVaultAddr|ingress|route|nodePort|service|serviceType|externalIPs|csi|shareProcessNamespace|hostAliases|loadBalancer\w*|networkPolicy|config|tlsDisable|dev|postrender)(\.|$)/;

/** Values of any chart that decide where its programs come from, or that are objects of their own. */
const GRAVE_ANYWHERE =
  /(^|\.)(repository|registry|image|command|extraArgs|extraObjects|extraManifests|extraDeploy|extraResources|extra(Init)?Containers|host(Network|PID|IPC|Path)|privileged)(\.|\[|$)/;

/** Lines of Vault's configuration that decide on neither its protection nor its access. */
const HARMLESS_CONFIGURATION =
  /^($|#|\/\/|[{}]+$|telemetry\s*\{$|(cluster_name|disable_hostname|prometheus_retention_time|\w+_gauge_period|maximum_gauge_cardinality|performance_multiplier|snapshot_(threshold|interval)|trailing_logs|autopilot_\w+|log_(level|format)|(default|max)_lease_ttl)\s*=[^{}]*$)/;

/** Values that decide whether the data of Vault survives. */
const DATA =
  /(^|\.)((data|audit)Storage\.(enabled|storageClass|mountPath)|persistentVolumeClaimRetentionPolicy)(\.|$)/;

/** Values of any chart that give rights in the cluster. */
const RIGHTS = /(^|\.)(rbac|clusterRole\w*)(\.|$)/;

/** Changes to Helm releases: the sources of charts, and values that are no Kubernetes objects. */
export function releaseChanges(
  before: Environment,
  after: Environment,
  { vaultNamespaces }: Cluster,
): Change[] {
  const of = ({ resources }: Environment) => resources.filter(({ type }) => type === "helm_release");
  return pairObjects(of(before), of(after), keyOf).flatMap(({ key, before: was, after: is }) => {
    const namespace = text((is ?? was)!.attributes.namespace) ?? "default";
    const details = [placeOf((is ?? was)!)];
    return rowsOf(was?.attributes, is?.attributes, vaultNamespaces.has(namespace)).map(
      ({ kind = "elsewhere", ...row }): Change => ({
        ...row,
        kind,
        subject: key,
        labels: sortLabels(row.labels),
        details,
      }),
    );
  });
}

function keyOf({ attributes }: Resource): string {
  return `Helm release ${text(attributes.namespace) ?? "default"}/${text(attributes.name) ?? ""}`;
}

function rowsOf(was: Block | undefined, is: Block | undefined, atVault: boolean): Row[] {
  if (!is) return [{ direction: "narrower", what: "- the release", labels: [] }];
  const source = sourceOf(is);
  if (!was) {
    const labels: Label[] = isLocal(is) ? [] : ["unreadable"];
    return [
      { direction: "wider", what: `+ the chart ${mark(source)}`, labels },
      ...valueRows({}, is, atVault, true),
    ];
  }
  return [
    ...(sourceOf(was) === source
      ? []
      : [
          {
            direction: "changed" as const,
            what: `chart ${mark(sourceOf(was))} -> ${mark(source)}`,
            labels: ["runs code" as const],
          },
        ]),
    ...(isLocal(is) && text(was.chart) !== text(is.chart)
      ? [
          {
            direction: "changed" as const,
            what: "another content of the chart",
            labels: ["not analysed" as const],
          },
        ]
      : []),
    ...(text(was.version) === text(is.version)
      ? []
      : [
          {
            kind: "operation" as const,
            direction: "same" as const,
            what: `version ${mark(text(was.version) ?? "not set")} -> ${mark(text(is.version) ?? "not set")}`,
            labels: isUnknown(is.version) ? (["unreadable"] as const) : [],
          },
        ]),
    ...["postrender", "verify", "keyring", "repository_ca_file"]
      .filter((name) => JSON.stringify(was[name]) !== JSON.stringify(is[name]))
      .map((name): Row => ({ direction: "changed", what: `another ${mark(name)}`, labels: ["runs code"] })),
    ...valueRows(was, is, atVault, false),
  ];
}

/** Charts in this repository have a path, and those of a stack a hash of their content. */
function isLocal({ chart, repository }: Block): boolean {
  return text(repository) === undefined && /^(assets\/|\.{0,2}\/)/.test(text(chart) ?? "");
}

function sourceOf(attributes: Block): string {
  const [chart, repository] = [text(attributes.chart) ?? "", text(attributes.repository)];
  const name = isLocal(attributes) ? chart.replace(/\/[0-9A-F]{32,}$/i, "") : chart;
  return repository === undefined ? name : `${name} of ${repository}`;
}

/** Rows of values that differ. Values themselves are not shown: they may be secret. */
function valueRows(was: Block, is: Block, atVault: boolean, isNew: boolean): Row[] {
  const [earlier, later] = [leavesOf(was), leavesOf(is)];
  const paths = [...new Set([...earlier.keys(), ...later.keys()])].filter(
    (path) => earlier.get(path) !== later.get(path),
  );
  if (isNew || paths.length === 0) return [];
  const isTag = (path: string) => /(^|\.)tag$/.test(path) || isTagOfImage(earlier.get(path), later.get(path));
  const isGrave = (path: string) => GRAVE_ANYWHERE.test(path) || (atVault && isGraveAtVault(path));
  const isGraveAtVault = (path: string) =>
    GRAVE_VALUES.test(path.replace(/\[\d+\]/g, "")) &&
    (!/\.config$/.test(path) || isGraveConfiguration(earlier.get(path), later.get(path)));
  const [tags, rest] = [paths.filter(isTag), paths.filter((path) => !isTag(path))];
  const opens = (path: string) =>
    !isGrave(path) &&
    (RIGHTS.test(path) || [earlier, later].some((leaves) => isGraveObject(leaves.get(path))));
  const loses = (path: string) => atVault && DATA.test(path);
  const others = rest.filter((path) => !isGrave(path) && !opens(path) && !loses(path));
  const row = (list: readonly string[], labels: readonly Label[], kind?: "operation"): Row[] =>
    list.length === 0
      ? []
      : [
          {
            ...(kind && { kind }),
            direction: kind ? "same" : "changed",
            what: `other values: ${list.map(mark).join(", ")}`,
            labels,
          },
        ];
  return [
    ...row(rest.filter(isGrave), ["runs code"]),
    ...row(rest.filter(opens), ["unknown access"]),
    ...row(rest.filter(loses), ["destroys"]),
    ...row(others, []),
    ...row(tags, [], "operation"),
  ];
}

function isTagOfImage(before: string | undefined, after: string | undefined): boolean {
  const isImage = (value: string | undefined) =>
    value !== undefined && /^"[\w.-]+(:\d+)?\/[\w./-]+:[\w.-]+"$/.test(value);
  return isImage(before) && isImage(after) && repositoryOf(before!) === repositoryOf(after!);
}

function isGraveConfiguration(before: string | undefined, after: string | undefined): boolean {
  const lines = (value: string | undefined) => (value ?? "").split(/\\n|\n/).map((line) => line.trim());
  const [earlier, later] = [lines(before), lines(after)];
  const changed = [
    ...earlier.filter((line) => !later.includes(line)),
    ...later.filter((line) => !earlier.includes(line)),
  ];
  return changed.some((line) => !HARMLESS_CONFIGURATION.test(line));
}

/** Returns true for a custom resource that can give access, such as a store of secrets. */
function isGraveObject(value: string | undefined): boolean {
  if (!value?.startsWith("{")) return false;
  const manifest = JSON.parse(value) as { readonly apiVersion?: string };
  const group = (manifest.apiVersion ?? "").replace(/\/.*/, "");
  return (
    group.includes(".") && !group.endsWith(".k8s.io") && isGraveType("kubernetes_manifest", { manifest })
  );
}

/** Object with its keys in order. */
function byName(_key: string, value: unknown): unknown {
  return isBlock(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
}

/** Values by their paths, as JSON. Kubernetes objects within the values are compared elsewhere. */
function leavesOf(attributes: Block): Map<string, string> {
  const leaves = new Map<string, string>();
  const visit = (value: unknown, path: string): void => {
    if (isBlock(value)) {
      if (typeof value.kind === "string" && typeof value.apiVersion === "string") {
        leaves.set(
          `${value.kind} ${text(blocks(value.metadata)[0]?.name) ?? ""}`,
          JSON.stringify(value, byName),
        );
      } else {
        for (const [key, item] of Object.entries(value)) visit(item, path === "" ? key : `${path}.${key}`);
      }
    } else if (Array.isArray(value) && value.some(isBlock)) {
      value.forEach((item, index) =>
        visit(item, isBlock(item) && text(item.kind) ? path : `${path}[${index}]`),
      );
    } else leaves.set(path, JSON.stringify(value));
  };
  helmValuesOf(attributes).forEach((document) => visit(document, ""));
  return leaves;
}
