import type { Json, Specimen } from "./specimen";

const PEERS = (cidr: string) => ({
  pod_selector: {},
  policy_types: ["Egress"],
  egress: [{ to: [{ ip_block: { cidr } }] }],
});
const NETWORK_POLICY: Specimen = {
  attributes: { metadata: { name: "x" }, spec: PEERS("10.0.0.0/8") },
  values: {
    count: [[undefined, "${var.count}"]],
    "metadata.namespace": [[{ name: "x" }, { name: "x", namespace: "y" }]],
    spec: [[PEERS("10.0.0.0/8"), PEERS("10.0.0.0/16")]],
  },
};

const RULE = (...verbs: string[]) => [{ api_groups: [""], resources: ["pods"], verbs }];
const METADATA = (name: string) => ({ name, namespace: "x" });
const ROLE: Specimen = {
  attributes: { metadata: METADATA("x"), rule: RULE("get") },
  values: { metadata: [[METADATA("x"), METADATA("y")]], rule: [[RULE("get"), RULE("get", "list")]] },
};
const RULES = {
  a: { metadata: METADATA("a"), rule: RULE("get") },
  b: { metadata: METADATA("b"), rule: RULE("list") },
};
const CLUSTER_ROLE: Specimen = {
  ...ROLE,
  others: {
    resource: {
      kubernetes_cluster_role_v1: {
        Part: { metadata: { name: "p", labels: { a: "b" } }, rule: RULE("list") },
      },
    },
  },
  values: {
    ...ROLE.values,
    aggregation_rule: [[undefined, { cluster_role_selectors: [{ match_labels: { a: "b" } }] }]],
  },
};
const binding = (kind: string): Specimen => {
  const role = (name: string) => ({ api_group: "rbac.authorization.k8s.io", kind, name });
  const subject = (name: string) => [{ kind: "ServiceAccount", name, namespace: "x" }];
  return {
    others: { resource: { kubernetes_role_v1: RULES, kubernetes_cluster_role_v1: RULES } },
    attributes: { metadata: METADATA("x"), role_ref: role("a"), subject: subject("a") },
    values: {
      ...(kind === "Role" && { metadata: [[METADATA("x"), { name: "x", namespace: "y" }]] }),
      role_ref: [[role("a"), role("b")]],
      subject: [[subject("a"), subject("b")]],
    },
  };
};

/** Workload: each path of the pod is set on a body of the type. @param wrap body with the pod's specification */
const workload = (pod: string, wrap: (spec: Json) => Json): Specimen => {
  const container = (changes: Json = {}) => ({ container: [{ name: "a", ...changes }] });
  const changed = (spec: Json): [unknown, unknown][] => [
    [wrap(container()), wrap({ ...container(), ...spec })],
  ];
  const inContainer = (changes: Json): [unknown, unknown][] => [
    [wrap(container()), wrap(container(changes))],
  ];
  const reference = { name: "y" };
  const exec = { exec: [{ command: ["a"] }] };
  const at = (values: Readonly<Record<string, [unknown, unknown][]>>) =>
    Object.fromEntries(Object.entries(values).map(([path, pairs]) => [`${pod}.${path}`, pairs]));
  return {
    attributes: { metadata: METADATA("x"), spec: wrap(container()) },
    values: {
      "metadata.name": [[METADATA("x"), METADATA("y")]],
      "metadata.namespace": [[METADATA("x"), { name: "x", namespace: "y" }]],
      ...at({
        host_ipc: changed({ host_ipc: true }),
        host_network: changed({ host_network: true }),
        host_pid: changed({ host_pid: true }),
        service_account_name: changed({ service_account_name: "b" }),
        "volume.config_map": changed({ volume: [{ name: "v", config_map: [{ name: "c" }] }] }),
        "volume.host_path": changed({ volume: [{ name: "v", host_path: [{ path: "/" }] }] }),
        "volume.secret": changed({ volume: [{ name: "v", secret: [{ secret_name: "s" }] }] }),
        "volume.projected": changed({
          volume: [{ name: "v", projected: [{ sources: [{ service_account_token: [{ audience: "x" }] }] }] }],
        }),
      }),
      ...(Object.assign(
        {},
        ...["container", "init_container"].map((kind) => {
          const as = (changes: Json) =>
            kind === "container"
              ? inContainer(changes)
              : changed({ init_container: [{ name: "i", ...changes }] });
          return Object.fromEntries(
            Object.entries({
              args: as({ args: ["a"] }),
              command: as({ command: ["a"] }),
              env: as({ env: [{ name: "A", value: "b" }] }),
              env_from: as({ env_from: [{ secret_ref: [reference] }] }),
              image: as({ image: "b:1" }),
              "lifecycle.post_start.exec": as({ lifecycle: [{ post_start: [exec] }] }),
              "lifecycle.pre_stop.exec": as({ lifecycle: [{ pre_stop: [exec] }] }),
              "liveness_probe.exec": as({ liveness_probe: [exec] }),
              name: as({ name: "b" }),
              "readiness_probe.exec": as({ readiness_probe: [exec] }),
              "startup_probe.exec": as({ startup_probe: [exec] }),
              "security_context.capabilities.add": as({
                security_context: [{ capabilities: [{ add: ["ALL"] }] }],
              }),
              "security_context.privileged": as({ security_context: [{ privileged: true }] }),
            }).map(([path, pairs]) => [`${pod}.${kind}.${path}`, pairs]),
          );
        }),
      ) as Record<string, [unknown, unknown][]>),
    },
  };
};
const TEMPLATE = workload("spec.template.spec", (spec) => ({ template: [{ spec: [spec] }] }));
const SCHEDULED = workload("spec.job_template.spec.template.spec", (spec) => ({
  job_template: [{ spec: [{ template: [{ spec: [spec] }] }] }],
}));
const POD = workload("spec", (spec) => spec);

const labelled = (label: string, value: string) => ({ ...METADATA("x"), labels: { [label]: value } });
const ENFORCE = "pod-security.kubernetes.io/enforce";
const NAMESPACE: Specimen = {
  values: {
    "metadata.name": [[METADATA("x"), METADATA("y")]],
    [`metadata.labels.${ENFORCE}`]: [[labelled(ENFORCE, "restricted"), labelled(ENFORCE, "privileged")]],
  },
};
const CLAIM: Specimen = {
  values: {
    "metadata.name": [[METADATA("x"), METADATA("y")]],
    "metadata.namespace": [[METADATA("x"), { name: "x", namespace: "y" }]],
  },
};
const AWS_ROLE = "eks.amazonaws.com/role-arn";
const ACCOUNT: Specimen = {
  values: {
    [`metadata.annotations.${AWS_ROLE}`]: [
      [METADATA("x"), { ...METADATA("x"), annotations: { [AWS_ROLE]: "arn:aws:iam::1:role/a" } }],
    ],
  },
};
const SERVICE: Specimen = {
  attributes: { metadata: METADATA("x") },
  values: {
    "spec.type": [[{ type: "ClusterIP" }, { type: "LoadBalancer" }]],
    "spec.external_ips": [[{}, { external_ips: ["192.0.2.1"] }]],
  },
};
const FILES: Specimen = {
  attributes: { metadata: METADATA("x") },
  values: { ...CLAIM.values, data: [[{ a: "b" }, { a: "c" }]], binary_data: [[{ a: "b" }, { a: "c" }]] },
};
const RELEASE: Specimen = {
  values: {
    values: [[["a: 1"], ["a: 2"]]],
    ...Object.fromEntries(
      ["set", "set_list", "set_sensitive", "set_wo"].map((list): [string, [unknown, unknown][]] => [
        list,
        [[[{ name: "a", value: "1" }], [{ name: "a", value: "2" }]]],
      ]),
    ),
  },
};

/** Specimens of types with and without the suffix `_v1`. */
const each = (types: string, specimen: Specimen) =>
  Object.fromEntries(
    types.split(" ").flatMap((type) => [
      [`kubernetes_${type}`, specimen],
      [`kubernetes_${type}_v1`, specimen],
    ]),
  );

/** Specimens of objects of Kubernetes and of Helm. */
export const KUBERNETES: Readonly<Record<string, Specimen>> = {
  ...each("deployment stateful_set daemon_set job replication_controller", TEMPLATE),
  kubernetes_daemonset: TEMPLATE,
  ...each("cron_job", SCHEDULED),
  ...each("pod", POD),
  ...each("namespace", NAMESPACE),
  ...each("persistent_volume_claim", CLAIM),
  ...each("service_account", ACCOUNT),
  ...each("service", SERVICE),
  ...each("config_map", FILES),
  helm_release: RELEASE,
  kubernetes_role: ROLE,
  kubernetes_role_v1: ROLE,
  kubernetes_cluster_role: CLUSTER_ROLE,
  kubernetes_cluster_role_v1: CLUSTER_ROLE,
  kubernetes_role_binding: binding("Role"),
  kubernetes_role_binding_v1: binding("Role"),
  kubernetes_cluster_role_binding: binding("ClusterRole"),
  kubernetes_cluster_role_binding_v1: binding("ClusterRole"),
  kubernetes_network_policy: NETWORK_POLICY,
  kubernetes_network_policy_v1: NETWORK_POLICY,
};
