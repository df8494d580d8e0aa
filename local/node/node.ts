import { join } from "node:path";
import { images } from "../../environments/shared";
import { places } from "../places";

/**
 * The one node of a cluster on this machine. Its addresses are on an interface of its own, so no port of the machine
 * is taken; what a machine has once (the rules of iptables) makes it one node per machine.
 */
export const node = {
  name: "node-0",
  /** Interface that has the node's address. */
  link: "vp-node",
  address: "10.243.0.1",
  pods: "10.244.0.0/24",
  services: "10.96.0.0/16",
  dns: "10.96.0.10",
  /** Where the API server is for pods: the Service `kubernetes`. */
  apiService: "10.96.0.1",
  region: "us-east-1",
  zone: "us-east-1a",
} as const;

/** The emulator is where the policies for pods expect AWS: at port 443. */
export const ports = {
  kubernetes: 6443,
  etcd: 22379,
  emulator: 443,
  postgres: 25432,
  registry: 5000,
} as const;

export const apiServerUrl = `https://${node.address}:${ports.kubernetes}`;
export const registryUrl = `http://${node.address}:${ports.registry}`;
export const emulatorUrl = `http://${node.address}:${ports.emulator}`;

/** Everything of the node is below one folder, mounts included. */
export const nodePlaces = {
  containerd: join(places.run, "containerd"),
  socket: join(places.run, "containerd", "containerd.sock"),
  cni: join(places.run, "cni"),
  kubelet: join(places.run, "kubelet"),
  podLogs: join(places.run, "pod-logs"),
  volumes: join(places.run, "volumes"),
  images: join(places.run, "images"),
  control: join(places.run, "control-plane"),
  /** What the environment `cluster` is on this node. */
  settings: join(places.run, "settings.json"),
  /** What was changed on the machine, to be put back. */
  undo: join(places.run, "undo.json"),
};

/** Parent of the cgroups of all pods, in every hierarchy. */
export const CGROUP = "vault-platform-node";

/** Image of the container that holds a pod together. */
export const PAUSE_IMAGE = "registry.k8s.io/pause:3.10.1";
/** Image of the storage provisioner's helper. */
export const BUSYBOX_IMAGE = "docker.io/library/busybox:1.37.0";
export const COREDNS_IMAGE = "registry.k8s.io/coredns/coredns:v1.13.1";
export const STORAGE_IMAGE = "docker.io/rancher/local-path-provisioner:v0.0.30";
export const STORAGE_CLASS = "local-path";
/** The same program as Vault's image under another name: a change of the image that needs no other Vault. */
export const OTHER_VAULT_IMAGE = `${images.vault}-again`;
