import { ClusterRoleBindingV1 } from "@cdktf/provider-kubernetes/lib/cluster-role-binding-v1";
import { ClusterRoleV1, type ClusterRoleV1Config } from "@cdktf/provider-kubernetes/lib/cluster-role-v1";
import { Manifest } from "@cdktf/provider-kubernetes/lib/manifest";
import { RoleBindingV1 } from "@cdktf/provider-kubernetes/lib/role-binding-v1";
import { RoleV1, type RoleV1Rule } from "@cdktf/provider-kubernetes/lib/role-v1";
import type { TerraformStack } from "cdktf";
import { changesOf } from "./support/changes";

const apiGroup = "rbac.authorization.k8s.io";
const nobody = () => undefined;
const core = (resources: string[], verbs: string[], resourceNames?: string[]): RoleV1Rule => ({
  apiGroups: [""],
  resources,
  verbs,
  resourceNames,
});

/** Role that is bound to one ServiceAccount of its namespace. */
const role =
  (namespace: string, ...rule: RoleV1Rule[]) =>
  (stack: TerraformStack) => {
    new RoleV1(stack, "Role", { metadata: { name: "app", namespace }, rule });
    new RoleBindingV1(stack, "Binding", {
      metadata: { name: "app", namespace },
      roleRef: { apiGroup, kind: "Role", name: "app" },
      subject: [{ kind: "ServiceAccount", name: "app", namespace }],
    });
  };
const clusterRole =
  (config: Omit<ClusterRoleV1Config, "metadata">, ...subject: object[]) =>
  (stack: TerraformStack) => {
    new ClusterRoleV1(stack, "Role", { metadata: { name: "app" }, ...config });
    new ClusterRoleBindingV1(stack, "Binding", {
      metadata: { name: "app" },
      roleRef: { apiGroup, kind: "ClusterRole", name: "app" },
      subject: (subject.length > 0 ? subject : [{ kind: "User", name: "alice" }]) as never,
    });
  };
const bound =
  (name: string, subject: object = { kind: "Group", name: "ops" }) =>
  (stack: TerraformStack) => {
    new ClusterRoleBindingV1(stack, "Binding", {
      metadata: { name: "ops" },
      roleRef: { apiGroup, kind: "ClusterRole", name },
      subject: [subject as { kind: string; name: string }],
    });
  };

describe("access diff of rights in Kubernetes", () => {
  const reads = core(["pods"], ["get", "list"]);

  test.each<[string, (stack: TerraformStack) => void, (stack: TerraformStack) => void]>([
    ["the order of verbs", role("production", reads), role("production", core(["pods"], ["list", "get"]))],
    [
      "one rule as two",
      role("production", reads),
      role("production", core(["pods"], ["get"]), core(["pods"], ["list"])),
    ],
    [
      "a rule that another covers",
      role("production", reads),
      role("production", reads, core(["pods"], ["get"], ["a"])),
    ],
    [
      "a manifest",
      role("production", reads),
      (stack) => {
        new Manifest(stack, "Role", {
          manifest: {
            apiVersion: `${apiGroup}/v1`,
            kind: "Role",
            metadata: { name: "other-name", namespace: "production" },
            rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get", "list"] }],
          },
        });
        new Manifest(stack, "Binding", {
          manifest: {
            apiVersion: `${apiGroup}/v1`,
            kind: "RoleBinding",
            metadata: { name: "app", namespace: "production" },
            roleRef: { apiGroup, kind: "Role", name: "other-name" },
            subjects: [{ kind: "ServiceAccount", name: "app" }],
          },
        });
      },
    ],
  ])("reports no change for %s", (_what, before, after) => {
    expect(changesOf(before, after)).toEqual([]);
    expect(changesOf(after, before)).toEqual([]);
  });

  test.each<[string, RoleV1Rule, string]>([
    ["pods", core(["pods"], ["get", "list"]), "+ get, list pods in production"],
    ["Secrets by name", core(["secrets"], ["get"], ["a", "b"]), "+ get secrets a, b in production"],
    ["all Secrets", core(["secrets"], ["get"]), "+ get secrets in production [cluster secrets]"],
    ["watching Secrets", core(["secrets"], ["watch"]), "+ watch secrets in production [cluster secrets]"],
    [
      "tokens",
      core(["serviceaccounts/token"], ["create"]),
      "+ create serviceaccounts/token in production [impersonates]",
    ],
    [
      "a token by name",
      core(["serviceaccounts/token"], ["create"], ["app"]),
      "+ create serviceaccounts/token app in production",
    ],
    ["exec", core(["pods/exec"], ["create"]), "+ create pods/exec in production [runs code]"],
    ["exec over WebSocket", core(["pods/exec"], ["get"]), "+ get pods/exec in production [runs code]"],
    [
      "every subresource",
      core(["*/exec"], ["create"]),
      "+ create */exec in production [wildcard, runs code]",
    ],
    [
      "impersonation",
      core(["serviceaccounts"], ["impersonate"]),
      "+ impersonate serviceaccounts in production [impersonates]",
    ],
    [
      "escalation",
      { apiGroups: [apiGroup], resources: ["roles"], verbs: ["escalate"] },
      `+ escalate roles.${apiGroup} in production [policy write]`,
    ],
    ["pods of its namespace", core(["pods"], ["create"]), "+ create pods in production"],
    ["all verbs", core(["pods"], ["*"]), "+ all verbs on pods in production [wildcard]"],
  ])("labels %s", (_what, rule, expected) => {
    expect(changesOf(role("production"), role("production", rule))).toEqual([
      `elsewhere wider: ServiceAccount production/app: ${expected}`,
    ]);
    const lost = expected.replace("+ ", "- ").replace(/ \[.*/, "");
    expect(changesOf(role("production", rule), role("production"))).toEqual([
      `elsewhere narrower: ServiceAccount production/app: ${lost}`,
    ]);
  });

  test.each<[string, RoleV1Rule, string]>([
    ["a Secret by name", core(["secrets"], ["get"], ["a"]), "+ get secrets a in vault [cluster secrets]"],
    ["new pods", core(["pods"], ["create"]), "+ create pods in vault [runs code]"],
    ["scripts", core(["configmaps"], ["update"]), "+ update configmaps in vault [runs code]"],
    [
      "a token by name",
      core(["serviceaccounts/token"], ["create"], ["app"]),
      "+ create serviceaccounts/token app in vault [impersonates]",
    ],
    [
      "new jobs",
      { apiGroups: ["batch"], resources: ["jobs"], verbs: ["create"] },
      "+ create jobs.batch in vault [runs code]",
    ],
  ])("labels %s in Vault's namespace", (_what, rule, expected) => {
    expect(changesOf(role("vault"), role("vault", rule))).toEqual([
      `elsewhere wider: ServiceAccount vault/app: ${expected}`,
    ]);
  });

  test.each<[string, RoleV1Rule, string]>([
    ["nodes", core(["nodes/proxy"], ["get"]), "+ get nodes/proxy in the whole cluster [runs code]"],
    [
      "certificates",
      {
        apiGroups: ["certificates.k8s.io"],
        resources: ["certificatesigningrequests/approval"],
        verbs: ["update"],
      },
      "+ update certificatesigningrequests/approval.certificates.k8s.io in the whole cluster [trust]",
    ],
    [
      "webhooks",
      {
        apiGroups: ["admissionregistration.k8s.io"],
        resources: ["mutatingwebhookconfigurations"],
        verbs: ["patch"],
      },
      "+ patch mutatingwebhookconfigurations.admissionregistration.k8s.io in the whole cluster [runs code]",
    ],
    [
      "everything",
      { apiGroups: ["*"], resources: ["*"], verbs: ["*"] },
      "+ all verbs on all resources of all API groups in the whole cluster " +
        "[root, wildcard, policy write, trust, cluster secrets, runs code, impersonates]",
    ],
  ])("labels %s", (_what, rule, expected) => {
    expect(changesOf(clusterRole({}), clusterRole({ rule: [rule] }))).toEqual([
      `elsewhere wider: User alice: ${expected}`,
    ]);
  });

  test("reports what a wildcard adds to a list, and what a list takes from a wildcard", () => {
    const [some, all] = [core(["pods"], ["get", "list", "watch", "create"]), core(["pods"], ["*"])];

    expect(changesOf(role("production", some), role("production", all))).toEqual([
      "elsewhere wider: ServiceAccount production/app: + all verbs on pods in production [wildcard]",
    ]);
    expect(changesOf(role("production", all), role("production", some))).toEqual([
      "elsewhere narrower: ServiceAccount production/app: - all verbs on pods in production",
    ]);
    expect(changesOf(role("production", all, some), role("production", all))).toEqual([]);
  });

  test("names a binding to a role of every cluster by the role", () => {
    expect(changesOf(nobody, bound("cluster-admin"))).toEqual([
      expect.stringMatching(
        /^elsewhere wider: Group ops: \+ all verbs on all URLs, all resources of all API groups .*\[root, wildcard/,
      ),
    ]);
    expect(changesOf(bound("view"), bound("edit"))).toEqual([
      expect.stringMatching(
        /^elsewhere wider: Group ops: \+ rights of ClusterRole edit in the whole cluster \[.*cluster secrets, runs code/,
      ),
    ]);
  });

  test("names each subject that gains", () => {
    const rule = [core(["pods"], ["get"])];
    const before = clusterRole({ rule }, { kind: "ServiceAccount", name: "app", namespace: "a" });
    const after = clusterRole({ rule }, { kind: "Group", name: "system:serviceaccounts" });

    expect(changesOf(before, after)).toEqual([
      "elsewhere wider: Group system:serviceaccounts: + get pods in the whole cluster [wildcard]",
    ]);
    expect(changesOf(after, before)).toEqual([
      "elsewhere narrower: Group system:serviceaccounts: - get pods in the whole cluster",
    ]);
  });

  test("follows labels that aggregate a role into another", () => {
    const part = (label: string) => (stack: TerraformStack) => {
      new ClusterRoleV1(stack, "Part", {
        metadata: { name: "part", labels: { [`${apiGroup}/aggregate-to-${label}`]: "true" } },
        rule: [core(["secrets"], ["list"])],
      });
    };

    expect(changesOf(part("nothing"), part("view"))).toEqual([
      "elsewhere wider: ClusterRole view: + list secrets in the whole cluster [cluster secrets]",
    ]);
  });

  test("does not call unknown rights narrower or equal", () => {
    const rule = (verbs: string) => (stack: TerraformStack) => {
      role("production", core(["pods"], ["get"]))(stack);
      const child = stack.node.findChild("Role") as RoleV1;
      child.addOverride("rule.0.verbs", verbs);
    };

    expect(changesOf(role("production", core(["pods"], ["get"])), rule("${var.verbs}"))).toEqual([
      "elsewhere changed: ServiceAccount production/app: - get pods in production",
      "elsewhere changed: ServiceAccount production/app: + rights that are not known: Role production/app: ... pods [unreadable]",
    ]);
    expect(changesOf(nobody, bound("of-another-program"))).toEqual([
      "elsewhere changed: Group ops: + rights that are not known: ClusterRole of-another-program, whose rules are not here [unreadable]",
    ]);
    expect(changesOf(nobody, bound("view", { kind: "Group", name: "${var.group}" }))).toEqual([
      expect.stringContaining(
        "subjects of ClusterRoleBinding ops that are not known: + rights of ClusterRole view in the whole cluster [unreadable]",
      ),
    ]);
  });

  test("reports a role that nothing here binds", () => {
    const lonely =
      (...verbs: string[]) =>
      (stack: TerraformStack) => {
        new RoleV1(stack, "Role", {
          metadata: { name: "lonely", namespace: "vault" },
          rule: [core(["pods"], verbs)],
        });
      };

    expect(changesOf(lonely("get"), lonely("get", "create"))).toEqual([
      "elsewhere wider: Role vault/lonely: + create pods in vault [runs code]",
    ]);
  });
});
