import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Subject, caFile, certificateFiles, serviceAccountKeys } from "../certificates";
import { SERVICE_ACCOUNT_ISSUER, etcdPart } from "../kubernetes";
import type { ManagedProcess } from "../managed-process";
import { apiServerUrl, node, nodePlaces, ports } from "./node";
import type { NodePrograms } from "./programs";

/** Certificates of a node besides those of the local platform. */
export const nodeSubjects: Readonly<Record<string, Subject>> = {
  "kube-apiserver": {
    name: "CN=kube-apiserver",
    hosts: [
      ...[
        "kubernetes",
        "kubernetes.default",
        "kubernetes.default.svc",
        "kubernetes.default.svc.cluster.local",
      ],
      ...["localhost", "127.0.0.1", node.address, node.apiService],
    ],
    server: true,
  },
  "kube-controller-manager": {
    name: "CN=system:kube-controller-manager",
    hosts: [node.address],
    server: true,
    client: true,
  },
  "kube-scheduler": {
    name: "CN=system:kube-scheduler",
    hosts: [node.address],
    server: true,
    client: true,
  },
  "kube-proxy": { name: "CN=system:kube-proxy", client: true },
  kubelet: {
    name: `O=system:nodes, CN=system:node:${node.name}`,
    hosts: [node.name, node.address],
    server: true,
    client: true,
  },
  "kubelet-client": { name: "O=system:masters, CN=kube-apiserver-kubelet-client", client: true },
};

/** etcd, the API server, the controller manager and the scheduler. */
export function controlPlane(programs: NodePrograms): {
  backends: ManagedProcess[];
  controllers: ManagedProcess[];
} {
  mkdirSync(nodePlaces.control, { recursive: true, mode: 0o700 });
  return {
    backends: [etcdPart(programs.etcd, ports.etcd), apiServer(programs["kube-apiserver"])],
    controllers: [
      controller(programs["kube-controller-manager"], "kube-controller-manager", 10257, [
        `--root-ca-file=${caFile}`,
        `--service-account-private-key-file=${serviceAccountKeys.private}`,
        "--use-service-account-credentials=true",
        // Keeps evicted and ended pods, because a test inspects them.
        "--terminated-pod-gc-threshold=200",
      ]),
      controller(programs["kube-scheduler"], "kube-scheduler", 10259, []),
    ],
  };
}

function apiServer(program: string): ManagedProcess {
  const { cert, key } = certificateFiles("kube-apiserver");
  const etcd = certificateFiles("etcd-client");
  const kubelet = certificateFiles("kubelet-client");
  return {
    name: "kube-apiserver",
    program,
    args: [
      `--bind-address=${node.address}`,
      `--advertise-address=${node.address}`,
      `--secure-port=${ports.kubernetes}`,
      `--service-cluster-ip-range=${node.services}`,
      `--tls-cert-file=${cert}`,
      `--tls-private-key-file=${key}`,
      "--tls-min-version=VersionTLS13",
      `--client-ca-file=${caFile}`,
      `--etcd-servers=https://127.0.0.1:${ports.etcd}`,
      `--etcd-cafile=${caFile}`,
      `--etcd-certfile=${etcd.cert}`,
      `--etcd-keyfile=${etcd.key}`,
      `--kubelet-certificate-authority=${caFile}`,
      "--kubelet-preferred-address-types=InternalIP",
      `--kubelet-client-certificate=${kubelet.cert}`,
      `--kubelet-client-key=${kubelet.key}`,
      "--authorization-mode=Node,RBAC",
      "--enable-admission-plugins=NodeRestriction",
      "--allow-privileged=true",
      `--service-account-issuer=${SERVICE_ACCOUNT_ISSUER}`,
      `--service-account-signing-key-file=${serviceAccountKeys.private}`,
      `--service-account-key-file=${serviceAccountKeys.public}`,
      // On this node a policy replaces the cloud's webhook for pods with a role.
      "--feature-gates=MutatingAdmissionPolicy=true",
      "--runtime-config=admissionregistration.k8s.io/v1beta1=true",
      "--profiling=false",
    ],
    env: {},
    logFile: join(nodePlaces.control, "kube-apiserver.log"),
    address: apiServerUrl,
    check: {
      kind: "http",
      url: `${apiServerUrl}/readyz`,
      tls: { ca: caFile, ...certificateFiles("kubernetes-admin") },
      well: { 200: "ready" },
    },
    restart: true,
    startSeconds: 120,
  };
}

function controller(program: string, name: string, port: number, args: readonly string[]): ManagedProcess {
  const { cert, key } = certificateFiles(name);
  const kubeconfig = writeClientConfig(name);
  return {
    name,
    program,
    args: [
      `--kubeconfig=${kubeconfig}`,
      `--authentication-kubeconfig=${kubeconfig}`,
      `--authorization-kubeconfig=${kubeconfig}`,
      `--bind-address=${node.address}`,
      `--secure-port=${port}`,
      `--tls-cert-file=${cert}`,
      `--tls-private-key-file=${key}`,
      // There is only one instance of each.
      "--leader-elect=false",
      "--profiling=false",
      ...args,
    ],
    env: {},
    logFile: join(nodePlaces.control, `${name}.log`),
    address: `https://${node.address}:${port}`,
    check: {
      kind: "http",
      url: `https://${node.address}:${port}/healthz`,
      tls: { ca: caFile },
      well: { 200: "ready" },
    },
    restart: true,
  };
}

/** Writes the kubeconfig of a component, which refers to the key file and contains no key. */
export function writeClientConfig(name: string): string {
  const { cert, key } = certificateFiles(name);
  const path = join(nodePlaces.control, `${name}.kubeconfig`);
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "node", cluster: { server: apiServerUrl, "certificate-authority": caFile } }],
    users: [{ name, user: { "client-certificate": cert, "client-key": key } }],
    contexts: [{ name: "node", context: { cluster: "node", user: name } }],
    "current-context": "node",
  };
  writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
  return path;
}
