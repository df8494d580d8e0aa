import { Cidr } from "../../constructs/core/cidr";
import { IpAddress } from "../../constructs/core/ip-address";
import { apiServerPortOf } from "../../platform/network";
import { type Check, type Json, problem, unknown, well } from "./finding";

/** DaemonSets of network plugins that enforce network policies. */
const ENFORCERS =
  /^(calico-node|cilium|kube-router|antrea-agent|weave-net|ovnkube-node|kindnet|kube-network-policies)$/;
/** DaemonSets of network plugins without network policies. */
const OPEN = /^kube-flannel/;

/** Checks that the cluster enforces network policies. */
export const networkPolicies: Check = ({ daemonSets }) => {
  const items = daemonSets.items as Json[];
  const names = items.map(({ metadata }) => metadata.name as string);
  const enforcer = names.find((name) => ENFORCERS.test(name));
  if (enforcer) return well(`${enforcer} enforces network policies`);
  const install =
    "Install what enforces them, such as Calico or Cilium: without it every pod reaches Vault's ports.";
  const vpc = items.find(({ metadata }) => metadata.name === "aws-node");
  if (vpc) {
    return JSON.stringify(vpc.spec.template.spec.containers).includes("--enable-network-policy=true")
      ? well("the VPC CNI enforces network policies")
      : problem(
          "the VPC CNI does not enforce network policies",
          "Turn it on: the add-on vpc-cni with enableNetworkPolicy: true.",
        );
  }
  const open = names.find((name) => OPEN.test(name));
  if (open) return problem(`${open} does not enforce network policies`, install);
  return unknown(
    "nothing that is known to enforce network policies runs on every node",
    `Try whether a stranger's pod reaches Vault, because some clusters enforce them without a pod. ${install}`,
  );
};

/** DaemonSets of NodeLocal DNSCache. */
const DNS_CACHE = /^(node-?local-?dns|nodelocaldns)/;

/** Checks that network policies admit the DNS servers. */
export const dnsServers: Check = ({ daemonSets, dnsPods }, { network: { dns } }) => {
  if (!dnsPods) return unknown("the cluster was not asked for its DNS servers", "Run the command again.");
  const cached = (daemonSets.items as Json[]).some(({ metadata }) => DNS_CACHE.test(metadata.name));
  if (cached && dns.kind !== "node-local-cache") {
    return problem(
      `NodeLocal DNSCache runs here, and network.dns is of kind ${dns.kind}`,
      'Set network.dns to { kind: "node-local-cache" }, or pods resolve no names.',
    );
  }
  if (!cached && dns.kind === "node-local-cache") {
    return problem(
      "no NodeLocal DNSCache runs here, and network.dns is of kind node-local-cache",
      "Leave network.dns out, or name the DNS servers that pods ask.",
    );
  }
  const usual =
    dns.kind !== "nodes" && dns.podLabels["k8s-app"] === "kube-dns" && dns.namespace === "kube-system";
  if (usual && (dnsPods.items as Json[]).length === 0) {
    return problem(
      "no pod of kube-system is labelled k8s-app: kube-dns",
      'Set network.dns: kind "nodes" with the nameserver of a pod in EKS Auto Mode, or the labels of your DNS servers.',
    );
  }
  return well(`pods ask DNS servers of kind ${dns.kind}`);
};

/**
 * Checks the addresses and the port of the API server's endpoints. Network policies match these, whatever address pods
 * use.
 */
export const apiServer: Check = ({ apiEndpoints }, environment) => {
  const slices = (apiEndpoints?.items ?? []) as Json[];
  const ports = slices.flatMap(({ ports: list }) =>
    ((list ?? []) as Json[]).map(({ port }) => port as number),
  );
  const addresses = slices.flatMap(({ endpoints }) =>
    ((endpoints ?? []) as Json[]).flatMap(({ addresses: list }) => list as string[]),
  );
  if (ports.length === 0 || addresses.length === 0) {
    return unknown(
      "the Service kubernetes shows no endpoints",
      "Look at the EndpointSlices of namespace default.",
    );
  }
  const wanted = apiServerPortOf(environment);
  if (!ports.includes(wanted)) {
    return problem(
      `the API server's endpoints have port ${ports.join(", ")}, network policies open ${wanted}`,
      `Set network.apiServerPort to ${ports[0]}.`,
    );
  }
  const { controlPlane, apiServer: further } = environment.network;
  const closed = outside(addresses, [...controlPlane, ...further]);
  if (closed.length === 0) return well(`network policies open ${addresses.join(", ")}, port ${wanted}`);
  return problem(
    `the API server is at ${closed.join(", ")}, outside network.controlPlane and network.apiServer`,
    "Add a range with it to network.controlPlane, in each IP family of the cluster: servers and jobs cannot reach it.",
  );
};

/**
 * Checks that pods have no addresses in the ranges of external clients. Such pods would reach Vault without a label.
 */
export const clients: Check = ({ nodes, dnsPods }, { network }) => {
  if (network.clients.length === 0) return well("nobody outside the cluster reaches Vault");
  const ofPods = ((dnsPods?.items ?? []) as Json[])
    .filter(({ spec }) => !spec?.hostNetwork)
    .flatMap(({ status }) => ((status?.podIPs ?? []) as Json[]).map(({ ip }) => ip as string));
  const ranges = (nodes.items as Json[]).flatMap(({ spec }) => (spec.podCIDRs ?? []) as string[]);
  if (ofPods.length + ranges.length === 0) {
    return unknown(
      "no pod's address is known",
      `See that no pod has an address of network.clients: ${network.clients.join(", ")}.`,
    );
  }
  const open = network.clients.filter((client) => {
    const range = Cidr.parseAnyForm(client);
    return (
      ofPods.some((address) => range.contains(IpAddress.parseAnyForm(address))) ||
      ranges.map((it) => Cidr.parseAnyForm(it)).some((it) => range.contains(it) || it.contains(range))
    );
  });
  if (open.length === 0) return well(`no pod's address is among ${network.clients.join(", ")}`);
  return problem(
    `${open.join(", ")} of network.clients holds addresses of pods: every pod there reaches Vault`,
    "Name the load balancer's subnets alone in network.clients.",
  );
};

function outside(addresses: readonly string[], ranges: readonly string[]): string[] {
  const known = ranges.map((range) => Cidr.parseAnyForm(range));
  return addresses.filter(
    (address) => !known.some((range) => range.contains(IpAddress.parseAnyForm(address))),
  );
}
