import { type Case, testDangerous, testNamed } from "../support/matrix";
import type { Production } from "../support/production";

const GROUP = "rbac.authorization.k8s.io";
const meta = (name: string, namespace?: string) => ({ name, ...(namespace && { namespace }) });

/** New role with one rule for a ServiceAccount of Vault's namespace. */
const role =
  (resource: string, verb: string, namespace = "vault", group = "") =>
  (production: Production) => {
    production.add("kubernetes_role_v1", {
      metadata: meta("extra", namespace),
      rule: [{ api_groups: [group], resources: [resource], verbs: [verb] }],
    });
    production.add("kubernetes_role_binding_v1", {
      metadata: meta("extra", namespace),
      role_ref: { api_group: GROUP, kind: "Role", name: "extra" },
      subject: [{ kind: "ServiceAccount", name: "extra", namespace }],
    });
  };
const bound =
  (name: string, ...subject: object[]) =>
  (production: Production) =>
    production.add("kubernetes_cluster_role_binding_v1", {
      metadata: meta("extra"),
      role_ref: { api_group: GROUP, kind: "ClusterRole", name },
      subject: subject.length > 0 ? subject : [{ kind: "Group", name: "developers" }],
    });

const granted = (label: string, resource: string, verb: string, group?: string): Case => [
  `a ServiceAccount of Vault's namespace may ${verb} ${resource}`,
  role(resource, verb, "vault", group),
  `ServiceAccount vault/extra: + ${verb} ${resource}`,
  label,
];

describe("access diff of production: rights in the cluster", () => {
  testDangerous([
    granted("cluster secrets", "secrets", "get"),
    granted("cluster secrets", "secrets", "list"),
    granted("impersonates", "serviceaccounts/token", "create"),
    granted("impersonates", "serviceaccounts", "impersonate"),
    granted("runs code", "pods/exec", "create"),
    granted("runs code", "pods/attach", "create"),
    granted("runs code", "pods/portforward", "create"),
    granted("runs code", "pods/ephemeralcontainers", "patch"),
    granted("runs code", "pods", "create"),
    granted("runs code", "configmaps", "update"),
    granted("runs code", "deployments", "patch", "apps"),
    granted("runs code", "statefulsets", "update", "apps"),
    granted("runs code", "cronjobs", "create", "batch"),
    granted("policy write", "roles", "escalate", GROUP),
    granted("policy write", "roles", "bind", GROUP),
    granted("policy write", "rolebindings", "create", GROUP),
    ["cluster-admin for a group", bound("cluster-admin"), "Group developers", "root"],
    ["the role edit for a group", bound("edit"), "Group developers", "cluster secrets"],
    [
      "cluster-admin for everyone",
      bound("cluster-admin", { kind: "Group", name: "system:authenticated" }),
      "root",
    ],
    [
      "everyone who is not logged in has rights that all users have",
      bound("system:discovery", { kind: "User", name: "system:anonymous" }),
      "User system:anonymous",
      "wildcard",
    ],
    [
      "rights of everyone who is not logged in",
      bound("view", { kind: "User", name: "system:anonymous" }),
      "anonymous",
    ],
    ["a role that is not in the code", bound("other"), "rights that are not known", "unreadable"],
    [
      "a role of several others by labels",
      (production) =>
        production.add("kubernetes_cluster_role_v1", {
          metadata: { name: "extra", labels: { [`${GROUP}/aggregate-to-view`]: "true" } },
          rule: [{ api_groups: [""], resources: ["secrets"], verbs: ["get"] }],
        }),
      "view",
      "cluster secrets",
    ],
    [
      "plans read Secrets",
      (production) =>
        production
          .resource("kubernetes_cluster_role_v1", "PipelineAccess_NamespaceRole")
          .rule[0].resources.push("secrets"),
      "vault-platform:plan",
      "cluster secrets",
    ],
    [
      "plans do everything",
      (production) =>
        Object.assign(production.resource("kubernetes_cluster_role_v1", "PipelineAccess_81EC4DE1").rule[0], {
          api_groups: ["*"],
          resources: ["*"],
          verbs: ["*"],
        }),
      "vault-platform:plan",
      "root",
    ],
    [
      "plans make tokens of Terraform's ServiceAccount",
      (production) =>
        production
          .resource("kubernetes_role_binding_v1", "PipelineAccess_Login_Binding")
          .subject.push({ api_group: GROUP, kind: "Group", name: "vault-platform:plan" }),
      "vault-platform:plan",
      "impersonates",
    ],
    [
      "deployments make tokens of any ServiceAccount",
      (production) =>
        delete production.resource("kubernetes_role_v1", "PipelineAccess_Login").rule[0].resource_names,
      "vault-platform:deploy",
      "impersonates",
    ],
    [
      "the rollout deletes any pod",
      (production) => (production.resource("kubernetes_role_v1", "Rollout_Role").rule[2].verbs = ["*"]),
      "vault-rollout",
      "runs code",
    ],
    [
      "secrets of a service are synchronized by tokens of any ServiceAccount",
      (production) =>
        delete production.resource("kubernetes_role_v1", "production-payment-service").rule[0].resource_names,
      "external-secrets/external-secrets",
      "impersonates",
    ],
    [
      "a binding in a manifest to cluster-admin",
      (production) =>
        production.add("kubernetes_manifest", {
          manifest: {
            apiVersion: `${GROUP}/v1`,
            kind: "ClusterRoleBinding",
            metadata: meta("extra"),
            roleRef: { apiGroup: GROUP, kind: "ClusterRole", name: "cluster-admin" },
            subjects: [{ kind: "ServiceAccount", name: "default", namespace: "production" }],
          },
        }),
      "production/default",
      "root",
    ],
  ]);

  testNamed([
    [
      "another ServiceAccount makes tokens of a service",
      (production) =>
        production
          .resource("kubernetes_role_binding_v1", "production-payment-service")
          .subject.push({ kind: "ServiceAccount", name: "default", namespace: "production" }),
      "production/default",
    ],
    ["a ServiceAccount lists pods", role("pods", "list"), "+ list pods in vault"],
    [
      "a ServiceAccount reads one ConfigMap elsewhere",
      role("configmaps", "get", "production"),
      "+ get configmaps in production",
    ],
  ]);
});
