import { TerraformStack, Testing } from "cdktf";
import { ClusterDns } from "../../constructs/network/cluster-dns";

const egressOf = (dns: ClusterDns) => dns.egress(new TerraformStack(Testing.app(), "test"));

/** Peers and ports of each rule, as text. */
const described = (dns: ClusterDns) =>
  egressOf(dns).map(({ to, ports }) => ({
    to: (to as { ipBlock?: { cidr: string }; podSelector?: { matchLabels: object } }[]).map(
      ({ ipBlock, podSelector }) => ipBlock?.cidr ?? JSON.stringify(podSelector?.matchLabels),
    ),
    ports: (ports as { port: string; protocol: string }[]).map(({ port, protocol }) => `${protocol} ${port}`),
  }));

const PORTS = ["UDP 53", "TCP 53"];

test("allows the DNS pods of most distributions by UDP and TCP", () => {
  expect(described(ClusterDns.pods())).toEqual([{ to: ['{"k8s-app":"kube-dns"}'], ports: PORTS }]);
  const [{ to }] = egressOf(ClusterDns.pods());
  expect(to).toMatchObject([
    { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } } },
  ]);
});

test("allows DNS pods with custom labels and a custom port, as in OpenShift", () => {
  const podLabels = { "dns.operator.openshift.io/daemonset-dns": "default" };
  const dns = ClusterDns.pods({ namespace: "openshift-dns", podLabels, podPort: 5353 });
  expect(described(dns)).toEqual([{ to: [JSON.stringify(podLabels)], ports: ["UDP 5353", "TCP 5353"] }]);
  const [{ to }] = egressOf(dns);
  expect(to).toMatchObject([
    { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "openshift-dns" } } },
  ]);
});

test("allows NodeLocal DNSCache at its link-local address, and the servers behind it", () => {
  expect(described(ClusterDns.nodeLocalCache())).toEqual([
    { to: ['{"k8s-app":"kube-dns"}', '{"k8s-app":"node-local-dns"}', "169.254.20.10/32"], ports: PORTS },
  ]);
});

test("keeps the cache at port 53 if the pods behind it have another port", () => {
  const dns = ClusterDns.nodeLocalCache({ ranges: ["fd00:90::64/128", "10.96.0.10/32"], podPort: 5353 });
  expect(described(dns)).toEqual([
    { to: ['{"k8s-app":"kube-dns"}'], ports: ["UDP 5353", "TCP 5353"] },
    { to: ['{"k8s-app":"node-local-dns"}', "fd00:90::64/128", "10.96.0.10/32"], ports: PORTS },
  ]);
});

test("allows only the nameserver's addresses if DNS servers run on the nodes", () => {
  expect(described(ClusterDns.nodes({ ranges: ["172.20.0.10/32"] }))).toEqual([
    { to: ["172.20.0.10/32"], ports: PORTS },
  ]);
});

test.each<[string, ClusterDns, string]>([
  ["no range on nodes", ClusterDns.nodes({ ranges: [] }), "ranges of the DNS servers must be one at least"],
  ["no range of addresses", ClusterDns.nodes({ ranges: ["172.20.0.10"] }), 'got "172.20.0.10"'],
  [
    "a port that is none",
    ClusterDns.pods({ podPort: 65536 }),
    "the port of the DNS servers must be 1 to 65535",
  ],
])("rejects %s", (_title, dns, message) => {
  expect(() => egressOf(dns)).toThrow(message);
});
