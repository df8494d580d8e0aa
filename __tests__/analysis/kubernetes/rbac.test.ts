import { stringify } from "yaml";
import { type Source, objectsOf } from "../../../analysis/kubernetes/objects";
import { Rbac, type Request, userOf } from "../../../analysis/kubernetes/rbac";

const GET_SECRET: Request = {
  verb: "get",
  group: "",
  resource: "secrets",
  name: "a",
  namespace: "production",
};
const APP = userOf({ kind: "ServiceAccount", name: "app", namespace: "production" });

const role = (rule: object) => ({
  type: "kubernetes_role_v1",
  attributes: { metadata: { name: "reader", namespace: "production" }, rule },
});
const binding = (change: object = {}) => ({
  type: "kubernetes_role_binding_v1",
  attributes: {
    metadata: [{ name: "reader", namespace: "production" }],
    role_ref: { kind: "Role", name: "reader" },
    subject: [{ kind: "ServiceAccount", name: "app", namespace: "production" }],
    ...change,
  },
});
const reads = { api_groups: [""], resources: ["secrets"], verbs: ["get"] };
const answer = (...sources: Source[]) => new Rbac(sources.flatMap(objectsOf)).can(APP, GET_SECRET);

describe("evaluation of RBAC", () => {
  test("allows what a bound role allows, and nothing without a binding", () => {
    expect(answer(role(reads), binding())).toBe("yes");
    expect(answer(role(reads))).toBe("no");
    expect(answer(role({ ...reads, verbs: ["list"] }), binding())).toBe("no");
  });

  test.each<[string, Source, Source]>([
    ["verbs", role({ ...reads, verbs: "${var.verbs}" }), binding()],
    [
      "one of the resources",
      role({ ...reads, resources: ["pods", "{{terraform var.resource}}"] }),
      binding(),
    ],
    ["names of objects", role({ ...reads, resource_names: ["${var.name}"] }), binding()],
    [
      "dynamic rules",
      { ...role([]), attributes: { ...role([]).attributes, dynamic: { rule: {} } } },
      binding(),
    ],
    ["the role of a binding", role([]), binding({ role_ref: { kind: "Role", name: "${var.role}" } })],
    ["a role of another program", role([]), binding({ role_ref: { kind: "ClusterRole", name: "other" } })],
    ["subjects", role(reads), binding({ subject: { kind: "Group", name: "${var.group}" } })],
    [
      "the namespace of a binding",
      role(reads),
      {
        ...binding({ metadata: { name: "b", namespace: "${var.namespace}" } }),
      },
    ],
  ])("does not decide without %s", (_what, first, second) => {
    expect(answer(first, second)).toBe("unknown");
  });

  test("reads default roles, aggregated rules and groups of ServiceAccounts", () => {
    const admin = binding({ role_ref: { kind: "ClusterRole", name: "edit" } });
    const group = { kind: "Group", name: "system:serviceaccounts:production" };
    const aggregated = {
      type: "kubernetes_cluster_role_v1",
      attributes: {
        metadata: { name: "more", labels: { "rbac.authorization.k8s.io/aggregate-to-view": "true" } },
        rule: reads,
      },
    };
    const view = binding({ role_ref: { kind: "ClusterRole", name: "view" } });

    expect(answer(admin)).toBe("yes");
    expect(answer(role(reads), binding({ subject: [group] }))).toBe("yes");
    expect(answer(view)).toBe("no");
    expect(answer(view, aggregated)).toBe("yes");
  });

  test("reads roles from manifests, lists, and the values of charts", () => {
    const reader = {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "Role",
      metadata: { name: "reader", namespace: "production" },
      rules: [{ apiGroups: [""], resources: ["*"], verbs: ["*"] }],
    };
    const manifest = (object: object) => ({ type: "kubernetes_manifest", attributes: { manifest: object } });
    const chart = (values: object) => ({
      type: "helm_release",
      attributes: { chart: "raw", namespace: "production", values: [JSON.stringify(values)] },
    });

    expect(answer(manifest(reader), binding())).toBe("yes");
    expect(answer(manifest({ apiVersion: "v1", kind: "List", items: [reader] }), binding())).toBe("yes");
    expect(answer(chart({ resources: [reader] }), binding())).toBe("yes");
    expect(answer(chart({ extra: [stringify(reader)] }), binding())).toBe("yes");
    expect(answer(manifest({ ...reader, apiVersion: "iam.example.com/v1" }), binding())).toBe("unknown");
  });

  test("reads nothing from a resource with count = 0", () => {
    const none = { ...role(reads), attributes: { ...role(reads).attributes, count: 0 } };

    expect(answer(none, binding())).toBe("unknown");
    expect(answer(role(reads), { ...binding({ count: 0 }) })).toBe("no");
  });
});
