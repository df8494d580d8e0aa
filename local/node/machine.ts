import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { places } from "../places";
import { UserError } from "../../constructs/core/user-error";
import { CGROUP, node, nodePlaces } from "./node";
import { searchPath } from "./programs";

/** iptables chains that kubelet, kube-proxy and kube-router create. */
const CHAINS = /^(KUBE|CNI)-/;
const SYSCTLS = ["net.ipv4.ip_forward", "net.ipv4.conf.all.rp_filter"] as const;
const WANTED: Readonly<Record<(typeof SYSCTLS)[number], string>> = {
  "net.ipv4.ip_forward": "1",
  "net.ipv4.conf.all.rp_filter": "0",
};
const CGROUPS = "/sys/fs/cgroup";
/** kubelet's folder for device plugins. It does not depend on kubelet's root folder. */
const DEVICE_PLUGINS = "/var/lib/kubelet";

interface Undo {
  readonly sysctls: Readonly<Record<string, string>>;
  readonly devicePlugins: boolean;
}

/**
 * Configures the machine for the node, and records its previous state.
 * @throws UserError when this is not root, or when another Kubernetes has its rules here
 */
export function prepareMachine(): void {
  if (process.getuid?.() !== 0) {
    throw new UserError(
      "The node needs root: it makes network namespaces, cgroups, mounts and rules of iptables. Run it as root, or use a cluster that you have (KUBECONFIG).",
    );
  }
  if (!existsSync(nodePlaces.undo)) {
    const others = chains().length;
    if (others > 0) {
      throw new UserError(
        `Another Kubernetes works on this machine (${others} chains of iptables are its); a machine has one node at a time.`,
      );
    }
    const undo: Undo = {
      sysctls: Object.fromEntries(SYSCTLS.map((name) => [name, sysctl(name)])),
      devicePlugins: existsSync(DEVICE_PLUGINS),
    };
    mkdirSync(places.run, { recursive: true, mode: 0o711 });
    writeFileSync(nodePlaces.undo, JSON.stringify(undo));
  }
  if (!existsSync(`/sys/class/net/${node.link}`)) {
    must("ip", ["link", "add", node.link, "type", "bridge"]);
    must("ip", ["address", "add", `${node.address}/32`, "dev", node.link]);
    must("ip", ["link", "set", node.link, "up"]);
  }
  for (const name of SYSCTLS) sysctl(name, WANTED[name]);
  for (const hierarchy of hierarchies()) mkdirSync(join(hierarchy, CGROUP), { recursive: true });
}

/** Ends the processes of the node's pods, and restores the previous state of the machine. */
export async function restoreMachine(): Promise<void> {
  await endContainers();
  for (let attempt = 0; attempt < 5 && unmountAll() > 0; attempt++) await sleep(200);
  removeChains();
  for (const name of ipSets()) must("ipset", ["destroy", name]);
  if (existsSync(`/sys/class/net/${node.link}`)) must("ip", ["link", "delete", node.link]);
  for (const hierarchy of hierarchies()) removeCgroups(join(hierarchy, CGROUP));
  if (!existsSync(nodePlaces.undo)) return;
  const undo = JSON.parse(readFileSync(nodePlaces.undo, "utf8")) as Undo;
  for (const [name, value] of Object.entries(undo.sysctls)) sysctl(name, value);
  if (!undo.devicePlugins && existsSync(DEVICE_PLUGINS)) must("rm", ["-r", DEVICE_PLUGINS]);
}

/** Objects of the node that remain on the machine, for display. Empty after a clean `down`. */
export function leftOvers(): string[] {
  return [
    ...containerProcesses().map((pid) => `process ${pid} in a pod`),
    ...mounts().map((path) => `mount ${path}`),
    ...chains().map(({ table, chain }) => `chain ${chain} of the table ${table}`),
    ...ipSets().map((name) => `set ${name} of addresses`),
    ...(existsSync(`/sys/class/net/${node.link}`) ? [`link ${node.link}`] : []),
    ...hierarchies()
      .map((hierarchy) => join(hierarchy, CGROUP))
      .filter(existsSync)
      .map((path) => `cgroup ${path}`),
  ];
}

/** Ends the containers. They outlive kubelet and containerd, because each one has a shim process. */
async function endContainers(): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const pids = [...containerProcesses(), ...shims()];
    if (pids.length === 0) return;
    for (const pid of pids) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // The process has ended already.
      }
    }
    await sleep(100);
  }
}

function containerProcesses(): number[] {
  const found = new Set<number>();
  const visit = (folder: string) => {
    for (const pid of read(join(folder, "cgroup.procs")).split("\n").filter(Boolean)) found.add(Number(pid));
    for (const name of subFolders(folder)) visit(join(folder, name));
  };
  for (const hierarchy of hierarchies()) {
    if (existsSync(join(hierarchy, CGROUP))) visit(join(hierarchy, CGROUP));
  }
  return [...found];
}

/** Shim processes of this node's containerd, which have its socket in their command lines. */
function shims(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      const words = read(`/proc/${pid}/cmdline`).split("\0");
      return (words[0] ?? "").includes("containerd-shim") && words.includes(nodePlaces.socket);
    })
    .map(Number);
}

/** Unmounts everything below the node's folder. @returns the number of mounts that were found */
function unmountAll(): number {
  const found = mounts();
  // The deepest first.
  for (const path of found.sort((a, b) => b.length - a.length)) run("umount", ["--lazy", path]);
  return found.length;
}

function mounts(): string[] {
  return read("/proc/self/mountinfo")
    .split("\n")
    .map((line) => (line.split(" ")[4] ?? "").replaceAll("\\040", " "))
    .filter((path) => path.startsWith(`${places.run}/`));
}

function chains(): { table: string; chain: string }[] {
  const found: { table: string; chain: string }[] = [];
  let table = "";
  for (const line of savedRules()) {
    if (line.startsWith("*")) table = line.slice(1);
    const chain = /^:(\S+)/.exec(line)?.[1];
    if (chain && CHAINS.test(chain)) found.push({ table, chain });
  }
  return found;
}

/** Removes the chains and all rules that jump to them, and nothing else. */
function removeChains(): void {
  const found = chains();
  if (found.length === 0) return;
  const commands: string[] = [];
  let table = "";
  for (const line of savedRules()) {
    if (line.startsWith("*")) {
      table = line.slice(1);
      commands.push(line);
      for (const { chain } of found.filter((it) => it.table === table)) commands.push(`-F ${chain}`);
    }
    const rule = /^-A (\S+) .*-j (\S+)/.exec(line);
    if (rule && !CHAINS.test(rule[1]) && CHAINS.test(rule[2])) commands.push(line.replace(/^-A/, "-D"));
    if (line === "COMMIT") {
      for (const { chain } of found.filter((it) => it.table === table)) commands.push(`-X ${chain}`);
      commands.push(line);
    }
  }
  must("iptables-restore", ["--noflush"], `${commands.join("\n")}\n`);
}

/** IP sets that kube-router's rules refer to. */
function ipSets(): string[] {
  return run("ipset", ["list", "-name"])
    .stdout.split("\n")
    .filter((name) => /^(inet6:)?(KUBE-|kube-router)/.test(name));
}

function savedRules(): string[] {
  return run("iptables-save", []).stdout.split("\n");
}

/** All hierarchies of cgroup v1, or the single one of v2. */
function hierarchies(): string[] {
  if (existsSync(join(CGROUPS, "cgroup.controllers"))) return [CGROUPS];
  return subFolders(CGROUPS)
    .map((name) => join(CGROUPS, name))
    .filter((path) => existsSync(join(path, "cgroup.procs")));
}

function removeCgroups(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of subFolders(folder)) removeCgroups(join(folder, name));
  rmdirSync(folder);
}

function sysctl(name: string, value?: string): string {
  const path = join("/proc/sys", name.replaceAll(".", "/"));
  if (value !== undefined) writeFileSync(path, value);
  return readFileSync(path, "utf8").trim();
}

function subFolders(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch {
    return [];
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // The process or cgroup ended in the meantime.
    return "";
  }
}

function run(program: string, args: readonly string[], input?: string) {
  return spawnSync(program, args, { encoding: "utf8", input, env: { PATH: searchPath() } });
}

function must(program: string, args: readonly string[], input?: string): void {
  const { status, stderr, error } = run(program, args, input);
  if (status !== 0)
    throw new UserError(`${program} ${args.join(" ")} failed: ${error?.message ?? stderr.trim()}`);
}
