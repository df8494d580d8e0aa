import type { Request, User } from "../../../../analysis/kubernetes/rbac";
import type { Random } from "../../../access/support/random";

/** Object for the Kubernetes API. */
export interface ApiObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: object };
  readonly [field: string]: unknown;
}

const GROUP = "rbac.authorization.k8s.io";
export const NAMESPACES = ["vault", "production", "default"];
const VERBS = ["get", "list", "watch", "create", "update", "delete", "impersonate", "bind", "escalate"];
const API_GROUPS = ["", "apps", "batch", GROUP];
const RESOURCES = ["pods", "secrets", "serviceaccounts", "deployments", "configmaps", "nodes", "roles"];
const SUBRESOURCES = ["exec", "token", "scale", "proxy", "status"];
const NAMES = ["a", "b", "vault", "unseal"];
const URLS = [
  "/metrics",
  "/metrics/slis",
  "/healthz",
  "/version",
  "/debug/pprof",
  "/openid/v1/jwks",
  "/apis/x",
];
const URL_PATTERNS = [...URLS, "*", "/metrics*", "/metrics/*", "/debug/*", "/d*", "/apis/*"];
const ACCOUNTS = ["default", "vault", "backup"];
const USERS = ["alice", "bob"];
const GROUPS = ["ops", "system:authenticated", "system:serviceaccounts", "system:unauthenticated"];
const DEFAULT_ROLES = ["view", "edit", "admin", "cluster-admin", "system:auth-delegator"];

/** Random roles and bindings of a cluster. */
export function randomRbac(random: Random): ApiObject[] {
  const some = <T>(values: readonly T[], most: number): T[] =>
    random.times(random.between(1, most), () => random.pick(values));
  const withStar = (values: string[], chance: number) => (random.chance(chance) ? [...values, "*"] : values);
  const resource = () => {
    if (random.chance(0.05)) return `*/${random.pick(SUBRESOURCES)}`;
    const name = random.pick(RESOURCES);
    return random.chance(0.35) ? `${name}/${random.pick(SUBRESOURCES)}` : name;
  };
  const rule = (allowUrls: boolean): object => {
    const verbs = withStar(some(VERBS, 3), 0.08);
    if (allowUrls && random.chance(0.25)) return { verbs, nonResourceURLs: some(URL_PATTERNS, 2) };
    return {
      verbs,
      apiGroups: withStar(some(API_GROUPS, 2), 0.1),
      resources: withStar(
        random.times(random.between(1, 3), () => resource()),
        0.06,
      ),
      ...(random.chance(0.3) && { resourceNames: some([...NAMES, ""], 2) }),
    };
  };
  const rules = (allowUrls: boolean) => random.times(random.between(0, 3), () => rule(allowUrls));
  const make = (kind: string, metadata: ApiObject["metadata"], rest: object): ApiObject => ({
    apiVersion: `${GROUP}/v1`,
    kind,
    metadata,
    ...rest,
  });
  // A role collects roles of lower levels alone: the controller never ends with a circle of them.
  const labels = (level: number): Record<string, string> => ({
    ...(random.chance(0.4) && { [`level-${level}`]: random.pick(["yes", "no"]) }),
    ...(random.chance(0.1) && {
      [`${GROUP}/aggregate-to-${random.pick(["view", "edit", "admin"])}`]: random.pick([
        "true",
        "true",
        "false",
      ]),
    }),
  });
  const selector = (level: number) =>
    random.chance(0.5)
      ? { matchLabels: { [`level-${level}`]: "yes" } }
      : {
          matchExpressions: [
            { key: `level-${level}`, operator: "Exists" },
            random.pick([
              { key: `level-${level}`, operator: "NotIn", values: ["no"] },
              { key: `level-${level}`, operator: "In", values: ["yes", "other"] },
              { key: "level-none", operator: "DoesNotExist" },
            ]),
          ],
        };
  const clusterRoles = random.times(24, () => rules(true));
  const aggregating = random.times(8, () => random.between(1, 2));
  const roleNames = [
    ...clusterRoles.map((_, index) => `plain-${index}`),
    ...aggregating.map((_, index) => `aggregating-${index}`),
    ...DEFAULT_ROLES,
  ];
  const subject = (): object => {
    const kind = random.pick(["User", "Group", "ServiceAccount", "ServiceAccount"]);
    if (kind === "User") {
      const name = random.chance(0.2)
        ? `system:serviceaccount:${random.pick(NAMESPACES)}:${random.pick(ACCOUNTS)}`
        : random.pick(USERS);
      return { kind, apiGroup: GROUP, name };
    }
    if (kind === "Group") {
      const name = random.chance(0.3)
        ? `system:serviceaccounts:${random.pick(NAMESPACES)}`
        : random.pick(GROUPS);
      return { kind, apiGroup: GROUP, name };
    }
    return { kind, name: random.pick(ACCOUNTS), namespace: random.pick(NAMESPACES) };
  };
  const subjects = () => random.times(random.between(0, 2), subject);
  return [
    ...clusterRoles.map((list, index) =>
      make("ClusterRole", { name: `plain-${index}`, labels: labels(1) }, { rules: list }),
    ),
    ...aggregating.map((level, index) =>
      make(
        "ClusterRole",
        { name: `aggregating-${index}`, labels: level === 1 ? labels(2) : {} },
        {
          rules: rules(true),
          aggregationRule: {
            clusterRoleSelectors: random.times(random.between(1, 2), () => selector(level)),
          },
        },
      ),
    ),
    ...NAMESPACES.flatMap((namespace) =>
      indices(6).map((index) => make("Role", { name: `role-${index}`, namespace }, { rules: rules(false) })),
    ),
    ...indices(24).map((index) =>
      make(
        "ClusterRoleBinding",
        { name: `cluster-${index}` },
        {
          roleRef: { apiGroup: GROUP, kind: "ClusterRole", name: random.pick(roleNames) },
          subjects: subjects(),
        },
      ),
    ),
    ...indices(36).map((index) =>
      make(
        "RoleBinding",
        { name: `binding-${index}`, namespace: random.pick(NAMESPACES) },
        {
          roleRef: random.chance(0.5)
            ? { apiGroup: GROUP, kind: "ClusterRole", name: random.pick(roleNames) }
            : { apiGroup: GROUP, kind: "Role", name: `role-${random.between(0, 5)}` },
          subjects: subjects(),
        },
      ),
    ),
  ];
}

/** Random user, with random groups. */
export function randomUser(random: Random): User {
  if (random.chance(0.4)) {
    return {
      name: random.pick(USERS),
      groups: random.times(random.between(0, 2), () => random.pick([...GROUPS, "system:masters", "other"])),
    };
  }
  const namespace = random.pick([...NAMESPACES, "elsewhere"]);
  return {
    name: `system:serviceaccount:${namespace}:${random.pick(ACCOUNTS)}`,
    groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"],
  };
}

/** Random request, most of which concern what rules name. */
export function randomRequest(random: Random): Request {
  const verb = random.pick([...VERBS, "deletecollection"]);
  if (random.chance(0.15)) return { verb, path: random.pick([...URLS, "/", "/debug", "/d"]) };
  return {
    verb,
    group: random.pick([...API_GROUPS, "example.com"]),
    resource: random.pick([...RESOURCES, "widgets"]),
    ...(random.chance(0.35) && { subresource: random.pick([...SUBRESOURCES, "log"]) }),
    ...(random.chance(0.6) && { name: random.pick(NAMES) }),
    ...(random.chance(0.8) && { namespace: random.pick([...NAMESPACES, "elsewhere"]) }),
  };
}

function indices(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
