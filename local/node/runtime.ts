import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { caFile, certificateFiles } from "../certificates";
import type { ManagedProcess } from "../managed-process";
import { places } from "../places";
import { writeClientConfig } from "./control-plane";
import { CGROUP, PAUSE_IMAGE, node, nodePlaces, registryUrl } from "./node";
import { type NodePrograms, onPath, searchPath } from "./programs";

const METRICS_PORT = 1338;
const KUBELET_HEALTH_PORT = 10248;
const PROXY_HEALTH_PORT = 10256;
const POLICY_HEALTH_PORT = 20244;

/** The container runtime. Its data, its state and its socket are in the node's folder. */
export function containerd(): ManagedProcess {
  const { containerd: folder, cni, socket } = nodePlaces;
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  const config = join(folder, "config.toml");
  const text = (value: string) => JSON.stringify(value);
  const hosts = join(folder, "hosts");
  mkdirSync(join(hosts, "_default"), { recursive: true });
  // Queried first for images of any registry. Images that it does not have come from their registry.
  writeFileSync(
    join(hosts, "_default", "hosts.toml"),
    `[host.${text(registryUrl)}]\n  capabilities = ["pull", "resolve"]\n`,
  );
  writeFileSync(
    config,
    `version = 2
root = ${text(join(folder, "root"))}
state = ${text(join(folder, "state"))}

[grpc]
  address = ${text(socket)}

[metrics]
  address = ${text(`${node.address}:${METRICS_PORT}`)}

[plugins."io.containerd.internal.v1.opt"]
  path = ${text(join(folder, "opt"))}

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = ${text(PAUSE_IMAGE)}
  netns_mounts_under_state_dir = true
  # Inside a container or a small virtual machine the score cannot be lowered.
  restrict_oom_score_adj = true
  disable_apparmor = true

[plugins."io.containerd.grpc.v1.cri".registry]
  config_path = ${text(hosts)}

[plugins."io.containerd.grpc.v1.cri".cni]
  bin_dir = ${text(join(cni, "bin"))}
  conf_dir = ${text(join(cni, "conf"))}

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"
`,
  );
  return {
    name: "containerd",
    program: onPath("containerd") as string,
    args: ["--config", config],
    env: { PATH: searchPath() },
    logFile: join(folder, "log"),
    address: socket,
    check: {
      kind: "http",
      url: `http://${node.address}:${METRICS_PORT}/v1/metrics`,
      well: { 200: "ready" },
    },
    restart: true,
  };
}

/**
 * Writes the network configuration of pods. Every pod has a link to the node and a route. There is no bridge, so each
 * packet passes the node's rules.
 */
export function writeCni(programs: NodePrograms): void {
  const bin = join(nodePlaces.cni, "bin");
  const conf = join(nodePlaces.cni, "conf");
  for (const folder of [bin, conf]) mkdirSync(folder, { recursive: true });
  for (const name of ["ptp", "loopback", "host-local"] as const) {
    const target = join(bin, name);
    if (!existsSync(target)) copyFileSync(programs[name], target);
  }
  const network = {
    cniVersion: "0.4.0",
    name: "pods",
    plugins: [
      {
        type: "ptp",
        mtu: 1500,
        ipam: {
          type: "host-local",
          ranges: [[{ subnet: node.pods }]],
          routes: [{ dst: "0.0.0.0/0" }],
          dataDir: join(nodePlaces.cni, "addresses"),
        },
      },
    ],
  };
  writeFileSync(join(conf, "10-pods.conflist"), JSON.stringify(network));
}

/** The kubelet. */
export function kubelet(program: string): ManagedProcess {
  const { kubelet: folder, podLogs, socket } = nodePlaces;
  for (const path of [folder, podLogs]) mkdirSync(path, { recursive: true, mode: 0o711 });
  const { cert, key } = certificateFiles("kubelet");
  const config = {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    address: node.address,
    containerRuntimeEndpoint: `unix://${socket}`,
    authentication: {
      anonymous: { enabled: false },
      x509: { clientCAFile: caFile },
      webhook: { enabled: true },
    },
    authorization: { mode: "Webhook" },
    tlsCertFile: cert,
    tlsPrivateKeyFile: key,
    tlsMinVersion: "VersionTLS13",
    healthzBindAddress: node.address,
    healthzPort: KUBELET_HEALTH_PORT,
    clusterDNS: [node.dns],
    clusterDomain: "cluster.local",
    resolvConf: writeResolvConf(folder),
    cgroupDriver: "cgroupfs",
    cgroupRoot: `/${CGROUP}`,
    failCgroupV1: false,
    failSwapOn: false,
    podLogsDir: podLogs,
    volumePluginDir: join(folder, "volume-plugins"),
    // No eviction because of the disk: it belongs to the machine, and most of its content is not the node's.
    evictionHard: { "memory.available": "100Mi" },
    imageGCHighThresholdPercent: 100,
    // Images are pulled in parallel: most of them come from the registry on this node.
    serializeImagePulls: false,
    syncFrequency: "10s",
    maxPods: 100,
    protectKernelDefaults: false,
  };
  const file = join(folder, "config.json");
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  const health = `http://${node.address}:${KUBELET_HEALTH_PORT}/healthz`;
  return {
    name: "kubelet",
    program,
    args: [
      `--config=${file}`,
      `--kubeconfig=${writeClientConfig("kubelet")}`,
      `--root-dir=${folder}`,
      `--cert-dir=${join(folder, "pki")}`,
      `--hostname-override=${node.name}`,
      `--node-ip=${node.address}`,
      `--node-labels=topology.kubernetes.io/region=${node.region},topology.kubernetes.io/zone=${node.zone}`,
      "--v=1",
    ],
    env: { PATH: searchPath() },
    logFile: join(folder, "log"),
    address: health,
    check: { kind: "http", url: health, well: { 200: "ready" } },
    restart: true,
  };
}

/** kube-proxy, which implements Services by rules of iptables. */
export function kubeProxy(program: string): ManagedProcess {
  const config = {
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    mode: "iptables",
    clusterCIDR: node.pods,
    hostnameOverride: node.name,
    bindAddress: node.address,
    clientConnection: { kubeconfig: writeClientConfig("kube-proxy") },
    healthzBindAddress: `${node.address}:${PROXY_HEALTH_PORT}`,
    metricsBindAddress: `${node.address}:10249`,
    // Leaves the size of the machine's connection table unchanged.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
  };
  const file = join(nodePlaces.control, "kube-proxy.json");
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  const health = `http://${node.address}:${PROXY_HEALTH_PORT}/healthz`;
  return {
    name: "kube-proxy",
    program,
    args: [`--config=${file}`],
    env: { PATH: searchPath() },
    logFile: join(nodePlaces.control, "kube-proxy.log"),
    address: health,
    check: { kind: "http", url: health, well: { 200: "ready" } },
    restart: true,
  };
}

/** The enforcer of network policies. The other functions of kube-router are disabled. */
export function policyEnforcer(program: string): ManagedProcess {
  const health = `http://127.0.0.1:${POLICY_HEALTH_PORT}/healthz`;
  return {
    name: "kube-router",
    program,
    args: [
      `--kubeconfig=${places.kubeconfig}`,
      `--hostname-override=${node.name}`,
      "--run-firewall=true",
      ...["router", "service-proxy", "loadbalancer"].map((it) => `--run-${it}=false`),
      `--service-cluster-ip-range=${node.services}`,
      `--health-port=${POLICY_HEALTH_PORT}`,
      "--iptables-sync-period=1m",
    ],
    env: { PATH: searchPath() },
    logFile: join(nodePlaces.control, "kube-router.log"),
    address: health,
    check: { kind: "http", url: health, well: { 200: "ready" } },
    restart: true,
  };
}

/** Pods query only the cluster's DNS. Names that it does not know do not resolve. */
function writeResolvConf(folder: string): string {
  const path = join(folder, "resolv.conf");
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, "nameserver 127.0.0.1\n");
  return path;
}
