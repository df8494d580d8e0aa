import { join } from "node:path";
import { images } from "../../environments/shared";
import { places } from "../places";

/**
 * The single node of a cluster on this machine. Its addresses are on a separate interface, so it occupies no port of
 * the machine. The rules of iptables exist once per machine, so a machine can have only one node.
 */
export const node = {
  name: "node-0",
  /** Interface with the node's address. */
  link: "vp-node",
  address: "10.243.0.1",
  pods: "10.244.0.0/24",
  services: "10.96.0.0/16",
  dns: "10.96.0.10",
  /** Address of the API server for pods: the Service `kubernetes`. */
  apiService: "10.96.0.1",
  region: "us-east-1",
  zone: "us-east-1a",
} as const;

/** Ports of the node. The emulator uses port 443, at which the network policies of pods expect AWS. */
export const ports = {
  kubernetes: 6443,
  etcd: 22379,
  emulator: 443,
  postgres: 25432,
  registry: 5000,
} as const;

/** URL of the API server. */
export const apiServerUrl = `https://${node.address}:${ports.kubernetes}`;
/** URL of the image registry. */
export const registryUrl = `http://${node.address}:${ports.registry}`;
/** URL of the AWS emulator. */
export const emulatorUrl = `http://${node.address}:${ports.emulator}`;

/** Paths of the node. All of them are below one folder, mounts included. */
export const nodePlaces = {
  containerd: join(places.run, "containerd"),
  socket: join(places.run, "containerd", "containerd.sock"),
  cni: join(places.run, "cni"),
  kubelet: join(places.run, "kubelet"),
  podLogs: join(places.run, "pod-logs"),
  volumes: join(places.run, "volumes"),
  images: join(places.run, "images"),
  control: join(places.run, "control-plane"),
  /** Settings of the environment `cluster` for this node. */
  settings: join(places.run, "settings.json"),
  /** Previous state of the machine, for `down`. */
  undo: join(places.run, "undo.json"),
};

/** Parent of the cgroups of all pods, in every hierarchy. */
export const CGROUP = "vault-platform-node";

/** Image of the pause container of a pod. */
export const PAUSE_IMAGE = "registry.k8s.io/pause:3.10.1";
/** Image of the storage provisioner's helper. */
export const BUSYBOX_IMAGE = "docker.io/library/busybox:1.37.0";
/** Image of the cluster's DNS server. */
export const COREDNS_IMAGE = "registry.k8s.io/coredns/coredns:v1.13.1";
/** Image of the storage provisioner. */
export const STORAGE_IMAGE = "docker.io/rancher/local-path-provisioner:v0.0.30";
/** StorageClass of the node's volumes. */
export const STORAGE_CLASS = "local-path";
/** A second name for Vault's image. It lets a test change the image without another version of Vault. */
export const OTHER_VAULT_IMAGE = `${images.vault}-again`;
