import { ClusterRoleV1 } from "@cdktf/provider-kubernetes/lib/cluster-role-v1";
import { describeRule } from "../support/describe-rule";
import { helmRelease, manifest, nothing, resource, together } from "../support/plain";

const cluster = (resources?: string[]) =>
  resource(
    "aws_eks_cluster",
    resources ? { encryption_config: [{ resources, provider: [{ key_arn: "k" }] }] } : {},
  );

describe("in an environment without secretsEncryption", () => {
  describeRule("cluster-secrets-encryption", {
    compliant: { "a cluster with a key": cluster(["secrets"]) },
    violated: {
      "something in a cluster of which nothing is known": [
        helmRelease("app", {}),
        "nothing says how the cluster keeps Secrets",
      ],
      "a cluster without a key": [cluster(), "the cluster keeps Secrets without a key of one's own"],
    },
    notApplicable: { "what is in no cluster": nothing },
  });
});

describe("in an environment with KMS encryption", () => {
  describeRule("cluster-secrets-encryption", {
    facts: { name: "production", secretsEncryption: "kms" },
    compliant: { "something in the cluster": helmRelease("app", {}) },
    violated: { "another cluster": [cluster(), "the cluster keeps Secrets without a key of one's own"] },
    notApplicable: { "what is in no cluster": nothing },
  });
});

describe("in an environment with secretsEncryption none", () => {
  describeRule("cluster-secrets-encryption", {
    facts: { name: "local", secretsEncryption: "none" },
    compliant: { "a cluster with a key": cluster(["secrets"]) },
    violated: {
      "something in the cluster": [
        helmRelease("app", {}),
        "the cluster keeps Secrets in the clear, Vault's certificate among them",
      ],
    },
    notApplicable: { "what is in no cluster": nothing },
  });
});

describeRule("eks-cluster-admin", {
  compliant: {
    "a viewer": resource("aws_eks_access_policy_association", {
      policy_arn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
    }),
  },
  violated: {
    "an admin": [
      resource("aws_eks_access_policy_association", {
        policy_arn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
      }),
      "the role has AmazonEKSClusterAdminPolicy, which reads Secrets",
    ],
  },
  notApplicable: { "what is no association": nothing },
});

const role = (rule: object) => resource("kubernetes_role_v1", { rule: [rule] });

describeRule("rbac-secret-readers", {
  compliant: {
    "other resources": role({ api_groups: [""], resources: ["pods"], verbs: ["get"] }),
    "one Secret by name": role({
      api_groups: [""],
      resources: ["secrets"],
      verbs: ["get"],
      resource_names: ["tls"],
    }),
    "writing alone": role({ api_groups: [""], resources: ["secrets"], verbs: ["create"] }),
  },
  violated: {
    "all Secrets": [
      role({ api_groups: [""], resources: ["secrets"], verbs: ["get", "list"] }),
      "the role may get, list Secrets, whichever they are",
    ],
    "a list of named ones, which is a list of all": [
      role({ api_groups: [""], resources: ["secrets"], verbs: ["get", "list"], resource_names: ["tls"] }),
      "the role may list Secrets, whichever they are",
    ],
    everything: [
      role({ api_groups: ["*"], resources: ["*"], verbs: ["*"] }),
      "the role may * Secrets, whichever they are",
    ],
    "a manifest": [
      manifest({ kind: "Role", rules: [{ apiGroups: [""], resources: ["secrets"], verbs: ["watch"] }] }),
      "the role may watch Secrets, whichever they are",
    ],
  },
  notJudged: {
    "a rule that is not known": [
      role({ api_groups: [""], resources: "${var.resources}", verbs: ["get"] }),
      "a rule of the role is not known and may read Secrets",
    ],
  },
  notApplicable: {
    "a role of the cluster, which another rule judges": resource("kubernetes_cluster_role_v1", {}),
    "a role that nothing makes": resource("kubernetes_role_v1", { count: 0, rule: [] }),
  },
});

const bind = (name: string) =>
  resource("kubernetes_cluster_role_binding_v1", { role_ref: { kind: "ClusterRole", name } });

describeRule("rbac-cluster-secret-readers", {
  compliant: {
    "other resources": (stack) =>
      void new ClusterRoleV1(stack, "Role", {
        metadata: { name: "r" },
        rule: [{ apiGroups: [""], resources: ["nodes"], verbs: ["list"] }],
      }),
    "the delegator of logins": bind("system:auth-delegator"),
  },
  violated: {
    "all Secrets": [
      (stack) =>
        void new ClusterRoleV1(stack, "Role", {
          metadata: { name: "r" },
          rule: [{ apiGroups: [""], resources: ["secrets"], verbs: ["list"] }],
        }),
      "the role may list Secrets, whichever they are",
    ],
    "cluster-admin": [
      bind("cluster-admin"),
      "cluster-admin is bound, which reads every Secret of the cluster",
    ],
    "edit, by a manifest": [
      manifest({ kind: "ClusterRoleBinding", roleRef: { kind: "ClusterRole", name: "edit" } }),
      "edit is bound, which reads every Secret of the cluster",
    ],
  },
  notJudged: {
    "a role that is not here": [bind("other"), "the rules of the role other, which is bound, are not known"],
  },
  notApplicable: { "a role of a namespace, which another rule judges": resource("kubernetes_role_v1", {}) },
});

const inVault = (rule: object, namespace = "vault") =>
  resource("kubernetes_role_v1", { metadata: { name: "r", namespace }, rule: [rule] });
const core = (resources: string[], verbs: string[], names?: string[]) => ({
  api_groups: [""],
  resources,
  verbs,
  resource_names: names,
});

describeRule("rbac-vault-namespace", {
  compliant: {
    "reading pods": inVault(core(["pods"], ["get", "list"])),
    "a token of one ServiceAccount": inVault(
      core(["serviceaccounts/token"], ["create"], ["vault-terraform"]),
    ),
    "the view of the namespace": together(
      resource("kubernetes_role_binding_v1", {
        metadata: { name: "b", namespace: "vault" },
        role_ref: { kind: "ClusterRole", name: "view" },
        subject: [{ kind: "Group", name: "ops" }],
      }),
    ),
  },
  violated: {
    "programs in pods, and tokens of all": [
      inVault(core(["pods/exec", "serviceaccounts/token"], ["create"])),
      "the role may create pods/exec, serviceaccounts/token in vault",
    ],
    "a manifest": [
      manifest({
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "Role",
        metadata: { name: "r", namespace: "vault" },
        rules: [{ apiGroups: ["batch"], resources: ["jobs"], verbs: ["create"] }],
      }),
      "the role may create jobs.batch in vault",
    ],
    "a role in the values of a chart": [
      helmRelease("raw", {
        extra: [
          {
            apiVersion: "rbac.authorization.k8s.io/v1",
            kind: "Role",
            metadata: { name: "r" },
            rules: [{ apiGroups: [""], resources: ["pods/attach"], verbs: ["get"] }],
          },
        ],
      }),
      "the role may get pods/attach in vault",
    ],
    "a role of the cluster that is bound there": [
      together(
        resource("kubernetes_cluster_role_v1", {
          metadata: { name: "runner" },
          rule: [core(["pods"], ["create"])],
        }),
        resource("kubernetes_role_binding_v1", {
          metadata: { name: "b", namespace: "vault" },
          role_ref: { kind: "ClusterRole", name: "runner" },
          subject: [{ kind: "Group", name: "ops" }],
        }),
      ),
      "the role may create pods in vault",
    ],
  },
  notJudged: {
    "verbs that are not known": [
      inVault({ api_groups: [""], resources: ["pods/exec"], verbs: "${var.verbs}" }),
      "Role vault/r: ... pods/exec",
    ],
    "a role that is not here": [
      resource("kubernetes_role_binding_v1", {
        metadata: { name: "b", namespace: "vault" },
        role_ref: { kind: "ClusterRole", name: "other" },
        subject: [{ kind: "Group", name: "ops" }],
      }),
      "ClusterRole other, whose rules are not here",
    ],
  },
  notApplicable: {
    "a role of another namespace": inVault(core(["pods/exec"], ["create"]), "production"),
    "no role": nothing,
  },
});

const store = (
  conditions?: object[],
  kind = "ClusterSecretStore",
  apiVersion = "external-secrets.io/v1",
) => ({
  apiVersion,
  kind,
  metadata: { name: "vault" },
  spec: {
    ...(conditions && { conditions }),
    provider: { vault: { server: "https://vault.vault.svc:8200" } },
  },
});

describeRule("eso-shared-store", {
  compliant: {
    "one namespace": manifest(store([{ namespaces: ["production"] }])),
    "a store of another kind": manifest({ ...store(), spec: { provider: { aws: {} } } }),
  },
  violated: {
    "every namespace": [
      manifest(store()),
      "ClusterSecretStore vault: every namespace reads all that the store's identity may",
    ],
    "two namespaces, in the values of a chart": [
      helmRelease("custom-resources", { resources: [store([{ namespaces: ["a"] }, { namespaces: ["b"] }])] }),
      "ClusterSecretStore vault: a and b read all that its identity may",
    ],
    "namespaces by label beside a named one": [
      manifest(store([{ namespaces: ["a"] }, { namespaceRegexes: ["team-.*"] }])),
      "ClusterSecretStore vault: every namespace that matches its conditions reads all that its identity may",
    ],
    "namespaces by label": [
      manifest(store([{ namespaceSelector: { matchLabels: { team: "a" } } }])),
      "ClusterSecretStore vault: every namespace that matches its conditions reads all that its identity may",
    ],
  },
  notApplicable: { "a store of a namespace": manifest(store(undefined, "SecretStore")) },
});

describeRule("eso-api-version", {
  compliant: { "the version that is served": manifest(store()) },
  violated: {
    "the article's, beside another kind": [
      helmRelease("custom-resources", {
        resources: [
          store(undefined, "ClusterSecretStore", "external-secrets.io/v1beta1"),
          { apiVersion: "cert-manager.io/v1", kind: "Certificate", spec: {} },
        ],
      }),
      "ClusterSecretStore vault has external-secrets.io/v1beta1, which is not served any more",
    ],
  },
  notApplicable: {
    "other kinds": manifest({ apiVersion: "cert-manager.io/v1", kind: "Certificate", spec: {} }),
    "what only refers to an object": helmRelease("app", {
      reference: { apiVersion: "external-secrets.io/v1beta1", kind: "SecretStore" },
      template: { apiVersion: "external-secrets.io/v1beta1", spec: {} },
    }),
  },
});
