import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { UserError } from "../../constructs/core/user-error";
import { type GoTool, goTools, kubernetesLdflags, provideGoTool } from "../tools";

type Say = (text: string) => void;

const kubernetes = (name: string, takes: string): GoTool => ({
  name,
  wanted: `${name} 1.34`,
  versionArgs: ["--version"],
  accept: /Kubernetes v1\.34\./,
  module: "kubernetes",
  package: `k8s.io/kubernetes/cmd/${name}`,
  ldflags: kubernetesLdflags,
  takes,
});

const cni = (name: string, folder: string): GoTool => ({
  name,
  wanted: `the CNI plugin ${name}`,
  versionArgs: ["--version"],
  accept: /^CNI \S+ plugin v1\.[5-9]\./,
  module: "cni",
  package: `github.com/containernetworking/plugins/plugins/${folder}/${name}`,
  ldflags: "-s -w",
  takes: "some seconds",
});

/** Programs of the node that can be built from Go modules. */
export const nodeTools = {
  kubelet: kubernetes("kubelet", "about 2 minutes"),
  "kube-controller-manager": kubernetes("kube-controller-manager", "about a minute"),
  "kube-scheduler": kubernetes("kube-scheduler", "less than a minute"),
  "kube-proxy": kubernetes("kube-proxy", "less than a minute"),
  "kube-apiserver": goTools.kubeApiserver,
  etcd: goTools.etcd,
  vault: goTools.vault,
  ptp: cni("ptp", "main"),
  loopback: cni("loopback", "main"),
  "host-local": cni("host-local", "ipam"),
  coredns: {
    name: "coredns",
    wanted: "CoreDNS 1.13",
    versionArgs: ["-version"],
    accept: /^CoreDNS-1\.1[2-9]\./,
    module: "coredns",
    package: "github.com/coredns/coredns",
    ldflags: "-s -w",
    static: true,
    takes: "about 2 minutes",
  },
  "local-path-provisioner": {
    name: "local-path-provisioner",
    wanted: "the local path provisioner",
    versionArgs: ["--version"],
    accept: /^local-path-provisioner version v0\.0\./,
    module: "storage",
    package: "github.com/rancher/local-path-provisioner",
    ldflags: "-s -w",
    static: true,
    takes: "less than a minute",
  },
  "kube-router": {
    name: "kube-router",
    wanted: "kube-router 2",
    versionArgs: ["--version"],
    accept: /version v2\./,
    module: "policies",
    package: "github.com/cloudnativelabs/kube-router/v2/cmd/kube-router",
    ldflags: "-s -w",
    takes: "about 2 minutes",
  },
} satisfies Record<string, GoTool>;

/** Paths of the node's programs, by name. */
export type NodePrograms = Readonly<Record<keyof typeof nodeTools, string>>;

/** Programs that only a distribution provides, with their packages. */
const SYSTEM = {
  containerd: "containerd",
  "containerd-shim-runc-v2": "containerd",
  ctr: "containerd",
  runc: "runc",
  iptables: "iptables",
  "iptables-save": "iptables",
  conntrack: "conntrack",
  ipset: "ipset",
  ip: "iproute2",
  mount: "mount",
  tar: "tar",
  busybox: "busybox",
};

/** Checks that the distribution's programs are installed. @throws UserError that names all missing packages */
export function requireSystemPrograms(): void {
  const missing = Object.entries(SYSTEM).filter(([program]) => !onPath(program));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map(([, name]) => name))];
  throw new UserError(
    `The node needs ${missing.map(([program]) => program).join(", ")} on PATH; on Debian and its kin: apt-get install ${packages.join(" ")}`,
  );
}

/** The programs of the node: from PATH, from the cache, or built once from their Go modules. */
export async function provideNodePrograms(say: Say): Promise<NodePrograms> {
  const found: Record<string, string> = {};
  // One after the other: each build uses all cores.
  for (const [name, tool] of Object.entries(nodeTools)) found[name] = await provideGoTool(tool, say);
  return found as NodePrograms;
}

/** Path of a program on PATH or in the folders of the administrator's programs. */
export function onPath(program: string): string | undefined {
  return searchPath()
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find((path) => existsSync(path));
}

/** PATH with the folders of the administrator's programs. */
export function searchPath(): string {
  return [process.env.PATH ?? "", "/usr/local/sbin", "/usr/sbin", "/sbin"].join(delimiter);
}
