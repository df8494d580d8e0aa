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
const manifest =
  (kind: string, apiVersion: string, body: object, name = "extra") =>
  (production: Production) =>
    production.add("kubernetes_manifest", {
      manifest: { apiVersion, kind, metadata: meta(name, "vault"), ...body },
    });
const pod =
  (spec: object, namespace = "vault") =>
  (production: Production) =>
    production.add("kubernetes_pod_v1", {
      metadata: meta("extra", namespace),
      spec: { container: [{ name: "a", image: "example.com/a:1" }], ...spec },
    });
const template = (spec: object) => ({
  template: { spec: { containers: [{ name: "a", image: "example.com/a:1" }], ...spec } },
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

describe("access diff of production: pods", () => {
  testDangerous([
    [
      "a Deployment runs as Terraform",
      (production) =>
        production.add("kubernetes_deployment_v1", {
          metadata: meta("extra", "vault"),
          spec: {
            template: {
              spec: {
                service_account_name: "vault-terraform",
                container: [{ name: "a", image: "example.com/a:1" }],
              },
            },
          },
        }),
      "vault-terraform",
    ],
    [
      "a Job runs as the drill",
      manifest("Job", "batch/v1", { spec: template({ serviceAccountName: "vault-drill" }) }),
      "vault-drill",
    ],
    [
      "a CronJob runs as the backup",
      manifest("CronJob", "batch/v1", {
        spec: {
          schedule: "* * * * *",
          jobTemplate: { spec: template({ serviceAccountName: "vault-backup" }) },
        },
      }),
      "vault-backup",
    ],
    [
      "a Deployment of a List runs as Vault",
      (production) =>
        production.add("kubernetes_manifest", {
          manifest: {
            apiVersion: "v1",
            kind: "List",
            items: [
              {
                apiVersion: "apps/v1",
                kind: "Deployment",
                metadata: meta("extra", "vault"),
                spec: template({ serviceAccountName: "vault" }),
              },
            ],
          },
        }),
      "ServiceAccount vault",
    ],
    ["a pod runs as Vault", pod({ service_account_name: "vault" }), "ServiceAccount vault"],
    [
      "a pod reads a Secret of Vault",
      pod({ volume: [{ name: "v", secret: { secret_name: "vault-tls" } }] }),
      "vault-tls",
    ],
    [
      "a pod has a Secret of Vault in its environment",
      pod({
        container: [
          { name: "a", image: "example.com/a:1", env_from: [{ secret_ref: { name: "vault-tls" } }] },
        ],
      }),
      "vault-tls",
    ],
    [
      "a pod makes a token for Vault",
      pod({
        service_account_name: "vault-terraform",
        volume: [
          {
            name: "v",
            projected: { sources: [{ service_account_token: { audience: "vault", path: "t" } }] },
          },
        ],
      }),
      "vault-terraform",
    ],
    ["a pod of the node's network", pod({ host_network: true }, "production"), "node"],
    ["a pod sees the processes of the node", pod({ host_pid: true }, "production"), "node"],
    [
      "a pod with a capability of the node",
      pod(
        {
          container: [
            { name: "a", image: "a:1", security_context: { capabilities: { add: ["SYS_ADMIN"] } } },
          ],
        },
        "production",
      ),
      "SYS_ADMIN",
    ],
    [
      "the bootstrap runs another image",
      (production) => (production.pod("Bootstrap").container[0].image = "evil.example/vault:1.21.0"),
      "vault-bootstrap",
      "evil.example/vault",
    ],
    [
      "the bootstrap has another container first",
      (production) => {
        const spec = production.pod("Bootstrap");
        spec.init_container = [{ name: "evil", image: "evil.example/a:1" }, ...(spec.init_container ?? [])];
      },
      "evil.example/a",
    ],
    [
      "the backup saves to another bucket",
      (production) => {
        const all = production.pod("Backup");
        for (const it of [...all.container, ...(all.init_container ?? [])])
          for (const variable of it.env ?? [])
            if (/BUCKET/.test(variable.name as string)) variable.value = "evil";
      },
      "BUCKET",
    ],
    [
      "the backup runs as another ServiceAccount",
      (production) => (production.pod("Backup").service_account_name = "vault-terraform"),
      "vault-terraform",
    ],
    [
      "the drill unseals with another key",
      (production) =>
        (production.resource("kubernetes_config_map_v1", "Drill_Pod").data["seal.hcl"] = 'seal "transit" {}'),
      "seal.hcl",
    ],
    [
      "the first policy of the bootstrap",
      (production) =>
        (production.resource("kubernetes_config_map_v1", "Bootstrap_Pod").data["bootstrap-policy.hcl"] =
          'path "*" { capabilities = ["sudo"] }'),
      "bootstrap-policy.hcl",
    ],
    [
      "the audit log is sent without encryption",
      (production) => {
        const { data } = production.resource("kubernetes_config_map_v1", "AuditShipper");
        data["shipper.conf"] = (data["shipper.conf"] as string).replaceAll("https://", "http://");
      },
      "shipper.conf",
    ],
    [
      "another authority proves Vault's certificate to its jobs",
      (production) =>
        (production.resource("kubernetes_config_map_v1", "CaBundle_vault").data["ca.crt"] = "pem"),
      "ca.crt",
    ],
    [
      "the audit log is sent nowhere",
      (production) =>
        (production.resource("kubernetes_config_map_v1", "AuditShipper").data["shipper.conf"] = ""),
      "shipper.conf",
    ],
    [
      "a ServiceAccount has another role of AWS",
      (production) =>
        (production.resource("kubernetes_service_account_v1", "Drill").metadata.annotations[
          "eks.amazonaws.com/role-arn"
        ] = "arn:aws:iam::333333333333:role/production-vault-deploy"),
      "vault-drill",
    ],
    [
      "a token of a ServiceAccount in a Secret",
      (production) =>
        production.add("kubernetes_secret_v1", {
          metadata: {
            ...meta("extra", "vault"),
            annotations: { "kubernetes.io/service-account.name": "vault" },
          },
          type: "kubernetes.io/service-account-token",
        }),
      "extra",
    ],
    [
      "a token of Terraform's ServiceAccount lives for a year",
      (production) =>
        (production.stack("config").ephemeral.kubernetes_token_request_v1.terraform.spec.expiration_seconds =
          31536000),
      "kubernetes_token_request",
    ],
    [
      "a token of another ServiceAccount",
      (production) =>
        (production.stack("config").ephemeral.kubernetes_token_request_v1.terraform.metadata.name = "vault"),
      "kubernetes_token_request",
    ],
  ]);

  testNamed([
    [
      "another authority proves Vault's certificate to services",
      (production) =>
        (production.resource("kubernetes_config_map_v1", "CaBundle_production").data["ca.crt"] = "pem"),
      "ca.crt",
    ],
    [
      "a service logs in with another role",
      (production) =>
        (production.resource("kubernetes_deployment_v1").spec.template.metadata.annotations[
          "vault.hashicorp.com/role"
        ] = "vault-backup"),
      "vault.hashicorp.com/role",
    ],
    [
      "a service runs as another ServiceAccount",
      (production) =>
        (production.resource("kubernetes_deployment_v1").spec.template.spec.service_account_name = "other"),
      "other",
    ],
  ]);
});

describe("access diff of production: namespaces and admission", () => {
  const labels = (production: Production, name = "Namespace_9B63B8C8") =>
    production.resource("kubernetes_namespace_v1", name).metadata.labels as Record<string, string>;

  testDangerous([
    [
      "Pod Security of Vault is privileged",
      (production) => (labels(production)["pod-security.kubernetes.io/enforce"] = "privileged"),
      "Pod Security restricted -> privileged",
    ],
    [
      "no Pod Security for the services",
      (production) => delete labels(production, "Namespace-production")["pod-security.kubernetes.io/enforce"],
      "Pod Security",
    ],
    [
      "the namespace of Vault is gone",
      (production) => production.remove("kubernetes_namespace_v1", "Namespace_9B63"),
      "destroys",
    ],
    [
      "a webhook changes objects",
      (production) =>
        production.add("kubernetes_mutating_webhook_configuration_v1", { metadata: meta("extra") }),
      "changes other objects",
    ],
    [
      "a webhook sees objects",
      (production) =>
        production.add("kubernetes_validating_webhook_configuration_v1", { metadata: meta("extra") }),
      "extra",
    ],
    [
      "another server answers for the API",
      (production) => production.add("kubernetes_api_service_v1", { metadata: meta("v1.example.com") }),
      "v1.example.com",
    ],
    [
      "a certificate for a user of the cluster",
      (production) =>
        production.add("kubernetes_certificate_signing_request_v1", {
          metadata: meta("extra"),
          spec: {
            request: "pem",
            signer_name: "kubernetes.io/kube-apiserver-client",
            usages: ["client auth"],
          },
          auto_approve: true,
        }),
      "CertificateSigningRequest extra",
    ],
    [
      "a store of secrets for all namespaces",
      manifest("ClusterSecretStore", "external-secrets.io/v1", {
        spec: { provider: { vault: { auth: { kubernetes: { role: "payment-service" } } } } },
      }),
      "kubernetes_manifest",
    ],
    [
      "a manifest that only Terraform knows",
      (production) => production.add("kubernetes_manifest", { manifest: "${var.x}" }),
      "only Terraform knows",
    ],
  ]);
});
