import type { Right } from "./rights";
import { isUnknown } from "./values";

/** Danger of a right. */
export type Danger =
  /** Allows everything in the cluster. */
  | "everything"
  /** Has a wildcard. */
  | "wildcard"
  /** Reads Secrets of Kubernetes. */
  | "secrets"
  /** Starts programs in pods, or changes what pods execute. */
  | "code"
  /** Acts as another user or ServiceAccount. */
  | "impersonation"
  /** Grants rights that the user does not have. */
  | "grants"
  /** Changes what the cluster trusts: certificates, keys. */
  | "trust";

interface Grave {
  readonly danger: Danger;
  readonly groups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  /** `everywhere`; in Vault's namespace alone; `unnamed`: in Vault's namespace, and elsewhere for all objects. */
  readonly where: "everywhere" | "vault" | "unnamed";
}

const READ = ["get", "list", "watch"];
const WRITE = ["create", "update", "patch"];
const CHANGE = [...WRITE, "delete", "deletecollection"];
const RBAC = "rbac.authorization.k8s.io";

/** @see https://kubernetes.io/docs/concepts/security/rbac-good-practices/ */
const GRAVE: readonly Grave[] = [
  grave("secrets", "unnamed", [""], ["secrets"], READ),
  grave("impersonation", "unnamed", [""], ["serviceaccounts/token"], ["create"]),
  grave("impersonation", "everywhere", [""], ["users", "groups", "serviceaccounts"], ["impersonate"]),
  grave("impersonation", "everywhere", ["authentication.k8s.io"], ["uids", "userextras"], ["impersonate"]),
  grave("impersonation", "vault", [""], ["serviceaccounts"], WRITE),
  // A connection over WebSocket is a GET request.
  grave("code", "everywhere", [""], ["pods/exec", "pods/attach", "pods/portforward"], ["get", "create"]),
  grave("code", "everywhere", [""], ["pods/ephemeralcontainers"], ["update", "patch"]),
  grave("code", "everywhere", [""], ["nodes/proxy"], [...READ, ...CHANGE]),
  grave(
    "code",
    "everywhere",
    ["admissionregistration.k8s.io"],
    ["mutatingwebhookconfigurations", "mutatingadmissionpolicies", "mutatingadmissionpolicybindings"],
    WRITE,
  ),
  grave("code", "vault", [""], ["pods", "replicationcontrollers", "configmaps"], WRITE),
  grave("code", "vault", ["apps"], ["deployments", "statefulsets", "daemonsets", "replicasets"], WRITE),
  grave("code", "vault", ["batch"], ["jobs", "cronjobs"], WRITE),
  grave("grants", "everywhere", [RBAC], ["roles", "clusterroles"], ["escalate", "bind"]),
  grave("grants", "vault", [RBAC], ["rolebindings"], WRITE),
  grave("grants", "everywhere", [RBAC], ["clusterrolebindings"], WRITE),
  grave(
    "trust",
    "everywhere",
    ["certificates.k8s.io"],
    ["certificatesigningrequests/approval"],
    ["update", "patch"],
  ),
  grave("trust", "everywhere", ["certificates.k8s.io"], ["signers"], ["approve", "sign"]),
  grave("trust", "vault", [""], ["secrets"], CHANGE),
  // Requests to Vault go where a Service and its endpoints say, under names that certificates prove.
  grave("trust", "vault", [""], ["services", "endpoints"], CHANGE),
  grave("trust", "vault", ["discovery.k8s.io"], ["endpointslices"], CHANGE),
  grave("trust", "vault", ["networking.k8s.io"], ["ingresses"], WRITE),
  grave("trust", "vault", [""], ["services/proxy", "pods/proxy"], [...READ, ...CHANGE]),
  grave("trust", "vault", ["cert-manager.io"], ["certificates", "certificaterequests", "issuers"], WRITE),
  grave("trust", "everywhere", ["cert-manager.io"], ["clusterissuers"], WRITE),
  grave(
    "trust",
    "everywhere",
    ["admissionregistration.k8s.io"],
    ["validatingwebhookconfigurations", "validatingadmissionpolicies", "validatingadmissionpolicybindings"],
    CHANGE,
  ),
  grave("trust", "everywhere", ["apiextensions.k8s.io"], ["customresourcedefinitions"], CHANGE),
  // External Secrets writes what it reads into Secrets.
  grave(
    "secrets",
    "vault",
    ["external-secrets.io"],
    ["externalsecrets", "secretstores", "pushsecrets"],
    WRITE,
  ),
  grave("secrets", "everywhere", ["external-secrets.io"], ["clustersecretstores"], WRITE),
  // A volume can be a folder of a node.
  grave("code", "everywhere", [""], ["persistentvolumes"], WRITE),
  grave("trust", "vault", ["networking.k8s.io"], ["networkpolicies"], CHANGE),
  grave("trust", "vault", [""], ["namespaces"], ["update", "patch", "delete"]),
];

/** Dangers of a right, each once. @param vaultNamespaces namespaces with servers of Vault */
export function dangersOf(right: Right, vaultNamespaces: ReadonlySet<string>): Danger[] {
  const { verb, group, resource, name, namespace } = right;
  const atVault = namespace === undefined || isUnknown(namespace) || vaultNamespaces.has(namespace);
  const isWide = [verb, group, resource].some((part) => part === "*") || resource.startsWith("*/");
  const isAll = verb === "*" && resource === "*" && group === "*";
  const found = GRAVE.filter(
    ({ groups, resources, verbs, where }) =>
      group !== undefined &&
      (group === "*" || groups.includes(group)) &&
      (verb === "*" || verbs.includes(verb)) &&
      resources.some((grave) => overlaps(resource, grave)) &&
      (where === "everywhere" || atVault || (where === "unnamed" && name === undefined)),
  );
  return [
    ...new Set<Danger>([
      ...(isAll && atVault ? ["everything" as const] : []),
      ...(isWide ? ["wildcard" as const] : []),
      ...found.map(({ danger }) => danger),
    ]),
  ];
}

function overlaps(resource: string, grave: string): boolean {
  if (resource === "*" || resource === grave) return true;
  if (resource.startsWith("*/")) return grave.endsWith(resource.slice(1));
  // The part after the slash is the key of an attribute of the user.
  return grave === "userextras" && resource.startsWith("userextras/");
}

function grave(
  danger: Danger,
  where: Grave["where"],
  groups: readonly string[],
  resources: readonly string[],
  verbs: readonly string[],
): Grave {
  return { danger, where, groups, resources, verbs };
}
