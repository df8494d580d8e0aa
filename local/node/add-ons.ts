import type { KubernetesApi, KubernetesObject } from "../kubernetes";
import { BUSYBOX_IMAGE, COREDNS_IMAGE, STORAGE_CLASS, STORAGE_IMAGE, node, nodePlaces } from "./node";

/** An object and the plural name of its kind in the API. */
type Applied = readonly [plural: string, object: KubernetesObject];

const SYSTEM = "kube-system";
const RESTRICTED = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

/** Creates the usual add-ons of a cluster: DNS for Services, and volumes. */
export async function applyAddOns(api: KubernetesApi): Promise<void> {
  for (const [plural, object] of [...dns(), ...storage()]) await api.apply(object, plural);
}

function dns(): Applied[] {
  const labels = { "k8s-app": "kube-dns" };
  const named = { name: "coredns", namespace: SYSTEM };
  const rule = (apiGroup: string, ...resources: string[]) => ({
    apiGroups: [apiGroup],
    resources,
    verbs: ["list", "watch"],
  });
  const corefile = `.:53 {
  errors
  health :8080
  ready :8181
  kubernetes cluster.local in-addr.arpa ip6.arpa {
    fallthrough in-addr.arpa ip6.arpa
  }
  cache 30
  loop
}
`;
  return [
    ["serviceaccounts", { apiVersion: "v1", kind: "ServiceAccount", metadata: named }],
    [
      "clusterroles",
      {
        apiVersion: RBAC,
        kind: "ClusterRole",
        metadata: { name: "system:coredns" },
        rules: [
          rule("", "endpoints", "services", "pods", "namespaces"),
          rule("discovery.k8s.io", "endpointslices"),
        ],
      },
    ],
    ["clusterrolebindings", binding("system:coredns", "ClusterRole", named)],
    ["configmaps", { apiVersion: "v1", kind: "ConfigMap", metadata: named, data: { Corefile: corefile } }],
    [
      "deployments",
      deployment(named, labels, {
        serviceAccountName: "coredns",
        priorityClassName: "system-cluster-critical",
        containers: [
          {
            name: "coredns",
            image: COREDNS_IMAGE,
            args: ["-conf", "/etc/coredns/Corefile"],
            ports: [{ containerPort: 53, protocol: "UDP" }],
            readinessProbe: { httpGet: { path: "/ready", port: 8181 }, periodSeconds: 2 },
            // Network policies match the pod's port, so CoreDNS listens on port 53, which needs this capability.
            securityContext: {
              ...RESTRICTED,
              capabilities: { ...RESTRICTED.capabilities, add: ["NET_BIND_SERVICE"] },
            },
            volumeMounts: [{ name: "config", mountPath: "/etc/coredns", readOnly: true }],
          },
        ],
        volumes: [{ name: "config", configMap: { name: "coredns" } }],
      }),
    ],
    [
      "services",
      {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "kube-dns", namespace: SYSTEM, labels },
        spec: {
          clusterIP: node.dns,
          selector: labels,
          ports: [
            { name: "dns", port: 53, targetPort: 53, protocol: "UDP" },
            { name: "dns-tcp", port: 53, targetPort: 53, protocol: "TCP" },
          ],
        },
      },
    ],
  ];
}

/** Volumes in folders of the node. They are created in the zone of the pod, and kept when their claim is deleted. */
function storage(): Applied[] {
  const named = { name: "local-path-provisioner", namespace: SYSTEM };
  const labels = { app: named.name };
  const helper = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "helper-pod" },
    spec: { containers: [{ name: "helper-pod", image: BUSYBOX_IMAGE }] },
  };
  return [
    ["serviceaccounts", { apiVersion: "v1", kind: "ServiceAccount", metadata: named }],
    [
      "clusterroles",
      {
        apiVersion: RBAC,
        kind: "ClusterRole",
        metadata: { name: named.name },
        rules: [
          {
            apiGroups: [""],
            resources: ["nodes", "persistentvolumeclaims", "configmaps", "pods", "pods/log"],
            verbs: ["get", "list", "watch"],
          },
          { apiGroups: [""], resources: ["pods", "endpoints", "persistentvolumes", "events"], verbs: ["*"] },
          { apiGroups: ["storage.k8s.io"], resources: ["storageclasses"], verbs: ["get", "list", "watch"] },
        ],
      },
    ],
    ["clusterrolebindings", binding(named.name, "ClusterRole", named)],
    [
      "configmaps",
      {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { ...named, name: "local-path-config" },
        data: {
          "config.json": JSON.stringify({ nodePathMap: [{ node: node.name, paths: [nodePlaces.volumes] }] }),
          setup: '#!/bin/sh\nset -eu\nmkdir -m 0777 -p "$VOL_DIR"\n',
          teardown: '#!/bin/sh\nset -eu\nrm -rf "$VOL_DIR"\n',
          "helperPod.yaml": JSON.stringify(helper),
        },
      },
    ],
    [
      "deployments",
      deployment(named, labels, {
        serviceAccountName: named.name,
        containers: [
          {
            name: "provisioner",
            image: STORAGE_IMAGE,
            args: [
              ...["start", "--config=/etc/config/config.json", `--helper-image=${BUSYBOX_IMAGE}`],
              `--service-account-name=${named.name}`,
            ],
            env: [{ name: "POD_NAMESPACE", value: SYSTEM }],
            securityContext: RESTRICTED,
            volumeMounts: [{ name: "config", mountPath: "/etc/config", readOnly: true }],
          },
        ],
        volumes: [{ name: "config", configMap: { name: "local-path-config" } }],
      }),
    ],
    [
      "storageclasses",
      {
        apiVersion: "storage.k8s.io/v1",
        kind: "StorageClass",
        metadata: { name: STORAGE_CLASS },
        provisioner: "rancher.io/local-path",
        volumeBindingMode: "WaitForFirstConsumer",
        reclaimPolicy: "Retain",
      },
    ],
  ];
}

const RBAC = "rbac.authorization.k8s.io/v1";

function binding(role: string, kind: string, subject: { name: string; namespace: string }) {
  return {
    apiVersion: RBAC,
    kind: "ClusterRoleBinding",
    metadata: { name: role },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind, name: role },
    subjects: [{ kind: "ServiceAccount", ...subject }],
  };
}

function deployment(
  metadata: { name: string; namespace: string },
  labels: Readonly<Record<string, string>>,
  spec: object,
) {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata,
    spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  };
}
