import { type KubernetesObject, UNREADABLE } from "../analysis/kubernetes/objects";
import { block, isUnknown, text } from "../analysis/kubernetes/values";
import { filesOf, workloadOf } from "../analysis/kubernetes/workloads";
import { type Change, type Label, pairUp } from "./changes";
import { type Cluster, pairObjects } from "./kubernetes-cluster";
import { mark } from "./markdown";

/** Kinds whose every change is dangerous, with the reason. */
const GRAVE_KINDS: readonly [kind: RegExp, label: Label, text: string][] = [
  [/^Mutating(Webhook|Admission)/, "runs code", "changes other objects before they are stored"],
  [/^ValidatingWebhook/, "trust", "sees all objects that it validates, also Secrets"],
  [/^APIService$/, "trust", "answers requests to the Kubernetes API"],
  [/^CertificateSigningRequest$/, "impersonates", "is a certificate for a user of the cluster"],
  [/^TokenRequest$/, "impersonates", "is a token of a ServiceAccount, in Terraform's state"],
];

const LEVELS = ["privileged", "baseline", "restricted"];
const ENFORCE = "pod-security.kubernetes.io/enforce";
const AWS_ROLE = "eks.amazonaws.com/role-arn";

const META_ARGUMENTS = ["dependsOn", "provider", "lifecycle", "timeouts"];

type Row = Pick<Change, "direction" | "what" | "labels">;

/** Changes to objects that weaken the cluster: Pod Security, webhooks, tokens, Services and roles of ServiceAccounts. */
export function clusterObjectChanges(before: Cluster, after: Cluster): Change[] {
  const readByPods = new Set([...podFilesOf(before), ...podFilesOf(after)]);
  return pairObjects(namedObjects(before), namedObjects(after), ({ key }) => key).flatMap(
    ({ key, before: earlier, after: later }) => {
      // The rows of pods name the files that they read.
      if (readByPods.has(key)) return [];
      const is = later?.object;
      // A further object of one name changes the one that is there.
      const isFurther = !earlier && / \(\d+\)$/.test(key);
      const was = earlier?.object ?? (is && isFurther ? { ...is, body: {} } : undefined);
      const details = [(is ? after : before).placeOf((is ?? was)!) ?? []].flat();
      const namespace = (is ?? was)!.namespace ?? "";
      const atVault = after.vaultNamespaces.has(namespace) || isUnknown(namespace);
      return rowsOf(was, is, atVault).map((row): Change => ({
        ...row,
        kind: "elsewhere",
        subject: key,
        details,
      }));
    },
  );
}

/** Keys of the ConfigMaps of workloads. */
function podFilesOf({ objects }: Cluster): string[] {
  return objects
    .flatMap((object) => workloadOf(object) ?? [])
    .flatMap(({ namespace, configMaps }) => configMaps.map((name) => `ConfigMap ${namespace}/${name}`));
}

/** Objects with the names of their rows. Labels of a namespace may be a resource of their own. */
function namedObjects({ objects }: Cluster): { key: string; object: KubernetesObject }[] {
  return objects.map((object) => {
    const isLabels = object.kind === "Labels" && object.body.kind === "Namespace";
    const kind = isLabels ? "labels of Namespace" : object.kind;
    const { name, namespace } = object;
    return { key: `${kind} ${namespace === undefined || isLabels ? "" : `${namespace}/`}${name}`, object };
  });
}

function rowsOf(
  was: KubernetesObject | undefined,
  is: KubernetesObject | undefined,
  atVault: boolean,
): Row[] {
  const kind = (is ?? was)!.kind;
  const isSame = was && is && contentOf(was) === contentOf(is);
  if (isSame) return [];
  if (kind === UNREADABLE) {
    const what = is ? "+ an object that only Terraform knows" : "- an object that only Terraform knows";
    return [{ direction: "changed", what, labels: is ? ["unreadable"] : [] }];
  }
  const grave = GRAVE_KINDS.find(([kinds]) => kinds.test(kind));
  if (grave) {
    const [, label, reason] = grave;
    if (!is) return [{ direction: "narrower", what: `- it: ${reason}`, labels: [] }];
    return [
      {
        direction: was ? "changed" : "wider",
        what: `${was ? "changed" : "+ it"}: ${reason}`,
        labels: [label],
      },
    ];
  }
  switch (kind) {
    case "Namespace":
    case "Labels":
      return podSecurityRows(was, is);
    case "ServiceAccount":
      return accountRows(was, is, atVault);
    case "ConfigMap":
      return fileRows(was, is, atVault);
    case "Secret":
      return secretRows(was, is, atVault);
    case "Service":
    case "Ingress":
      return exposureRows(was, is, atVault);
    default:
      return [];
  }
}

function contentOf({ body }: KubernetesObject): string {
  return JSON.stringify(Object.entries(body).filter(([name]) => !META_ARGUMENTS.includes(name)));
}

/** @see https://kubernetes.io/docs/concepts/security/pod-security-admission/ */
function podSecurityRows(was: KubernetesObject | undefined, is: KubernetesObject | undefined): Row[] {
  const levelOf = (object: KubernetesObject | undefined) => {
    if (!object) return undefined;
    const labels = object.kind === "Labels" ? object.body.labels : block(object.body.metadata).labels;
    return text(block(labels)[ENFORCE]) ?? (isUnknown(labels) ? "${labels}" : undefined);
  };
  const [earlier, later] = [levelOf(was), levelOf(is)];
  // A namespace that is deleted has no pods, and a new one had none that the level could have protected.
  if (earlier === later || !was || (!is && was.kind === "Namespace")) return [];
  const what = `Pod Security ${mark(earlier ?? "not set")} -> ${mark(later ?? "not set")}`;
  if (isUnknown(later) || isUnknown(earlier)) return [{ direction: "changed", what, labels: ["unreadable"] }];
  // Without a label, the cluster's default applies, which is "privileged" unless the cluster sets another.
  const isLower = LEVELS.indexOf(later ?? "privileged") < LEVELS.indexOf(earlier ?? "privileged");
  return [{ direction: isLower ? "wider" : "narrower", what, labels: isLower ? ["root"] : [] }];
}

function accountRows(
  was: KubernetesObject | undefined,
  is: KubernetesObject | undefined,
  atVault: boolean,
): Row[] {
  const roleOf = (object: KubernetesObject | undefined) =>
    text(block(block(object?.body.metadata).annotations)[AWS_ROLE]);
  const [earlier, later] = [roleOf(was), roleOf(is)];
  if (earlier === later) return [];
  if (later === undefined)
    return [{ direction: "narrower", what: `- AWS role ${mark(earlier ?? "")}`, labels: [] }];
  const what =
    earlier === undefined ? `+ AWS role ${mark(later)}` : `AWS role ${mark(earlier)} -> ${mark(later)}`;
  return [{ direction: was ? "changed" : "wider", what, labels: was && atVault ? ["trust"] : [] }];
}

/** Files that pods may read: scripts, configurations, certificates. */
function fileRows(
  was: KubernetesObject | undefined,
  is: KubernetesObject | undefined,
  atVault: boolean,
): Row[] {
  if (!is) return [{ direction: "changed", what: "- the ConfigMap", labels: [] }];
  const [earlier, later] = [was ? Object.entries(filesOf(was)) : [], Object.entries(filesOf(is))];
  const changed = pairUp(earlier, later, ([name]) => name)
    .filter(({ before, after }) => before?.[1] !== after?.[1])
    .map(({ key }) => mark(key));
  if (was && changed.length === 0) return [];
  const what = `${was ? "another content of" : "+ a ConfigMap with"} the files ${changed.join(", ") || "(none)"}`;
  return [{ direction: "changed", what, labels: atVault && was ? ["runs code"] : [] }];
}

function secretRows(
  was: KubernetesObject | undefined,
  is: KubernetesObject | undefined,
  atVault: boolean,
): Row[] {
  const isToken = is?.body.type === "kubernetes.io/service-account-token";
  if (isToken) {
    return [
      { direction: "wider", what: "+ a token of a ServiceAccount without an end", labels: ["impersonates"] },
    ];
  }
  if (!is) return [{ direction: "changed", what: "- the Secret", labels: [] }];
  const labels: Label[] = atVault && was ? ["trust"] : [];
  return [{ direction: "changed", what: was ? "another content" : "+ a Secret", labels }];
}

/** Services and Ingresses that open a port to addresses outside the cluster. */
function exposureRows(
  was: KubernetesObject | undefined,
  is: KubernetesObject | undefined,
  atVault: boolean,
): Row[] {
  const exposureOf = (object: KubernetesObject | undefined) => {
    if (!object) return undefined;
    if (object.kind === "Ingress") return "an Ingress";
    const spec = block(object.body.spec);
    const type = text(spec.type) ?? "ClusterIP";
    const addresses = [spec.externalIPs, spec.externalIps].flat().filter(Boolean);
    return type === "ClusterIP" && addresses.length === 0 ? undefined : `a Service of type ${type}`;
  };
  const [earlier, later] = [exposureOf(was), exposureOf(is)];
  if (later === undefined) {
    return earlier === undefined ? [] : [{ direction: "narrower", what: `- ${earlier}`, labels: [] }];
  }
  const what = `${earlier === undefined ? "+ reachable from outside the cluster: " : "changed: "}${later}`;
  return [
    { direction: earlier === undefined ? "wider" : "changed", what, labels: atVault ? ["wildcard"] : [] },
  ];
}
