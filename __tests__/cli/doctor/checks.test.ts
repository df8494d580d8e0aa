import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe as render } from "../../../cli/commands/doctor";
import { examine } from "../../../cli/doctor/checks";
import type { Finding } from "../../../cli/doctor/finding";
import type { Facts } from "../../../cli/doctor/facts";
import { clusterEnvironment } from "../../../environments/cluster";
import { loadEnvironments } from "../../../platform/load";
import { production } from "../../../environments/production";
import { exampleCa } from "../../../environments/shared";
import type { Environment } from "../../../platform/schema";

type Json = any; // eslint-disable-line @typescript-eslint/no-explicit-any

/** Recorded responses of a node with all four stacks. */
const recorded = (): Json => ({
  ...JSON.parse(readFileSync(join(__dirname, "node.json"), "utf8")),
  dnsPods: { items: [{ metadata: { name: "coredns" }, status: { podIPs: [{ ip: "10.244.0.5" }] } }] },
  apiEndpoints: { items: [{ endpoints: [{ addresses: ["10.243.0.1"] }], ports: [{ port: 6443 }] }] },
});
const issuer = "oidc.cluster.example.com";

function environment(change: Json = {}): Environment {
  const settings = {
    ...change,
    vault: {
      storageClass: "local-path",
      existingStorageClass: true,
      ...change.vault,
      tls: { caCertificates: [exampleCa] },
    },
  };
  return loadEnvironments([clusterEnvironment(settings)])[0];
}

/** Cluster without problems. */
function healthy(): Json {
  const facts = recorded();
  facts.oidc.issuer = `https://${issuer}`;
  facts.oidcProviders.OpenIDConnectProviderList = [
    { Arn: `arn:aws:iam::123456789012:oidc-provider/${issuer}` },
  ];
  facts.daemonSets.items = [{ metadata: { name: "cilium" } }];
  facts.apiServers.items = [{ spec: { containers: [{ command: ["--encryption-provider-config=/e"] }] } }];
  return facts;
}

function finding(what: string, change: (facts: Json) => void, of: Environment = environment()): Finding {
  const facts = healthy();
  change(facts);
  return examine(facts as Facts, of).find((it) => it.what === what)!;
}

test("finds nothing in a healthy cluster", () => {
  expect(examine(healthy(), environment()).filter(({ state }) => state !== "well")).toEqual([]);
});

test("reports the problems of a self-managed node, each with a fix", () => {
  const problems = examine(recorded(), environment()).filter(({ state }) => state !== "well");
  expect(problems.map(({ what, state }) => [what, state])).toEqual([
    ["network policies", "unknown"],
    ["OIDC provider", "problem"],
    ["Secret encryption", "unknown"],
  ]);
  expect(problems.every(({ fix }) => (fix ?? "").length > 20)).toBe(true);
});

test.each<[string, string, (facts: Json) => void, string]>([
  ["an old Kubernetes", "version", (f) => (f.version.serverVersion.minor = "30"), "is older than 1.31"],
  ["a missing storage class", "storage", (f) => (f.storageClasses.items = []), "no storage class local-path"],
  [
    "volumes that are made too early",
    "storage",
    (f) => (f.storageClasses.items[0].volumeBindingMode = "Immediate"),
    "before it is known where their pod runs",
  ],
  [
    "a network that knows no policies",
    "network policies",
    (f) => (f.daemonSets.items = [{ metadata: { name: "kube-flannel-ds" } }]),
    "kube-flannel-ds does not enforce",
  ],
  [
    "a VPC CNI that does not enforce",
    "network policies",
    (f) =>
      (f.daemonSets.items = [
        { metadata: { name: "aws-node" }, spec: { template: { spec: { containers: [] } } } },
      ]),
    "the VPC CNI does not enforce",
  ],
  ["tokens of another issuer", "OIDC provider", (f) => (f.oidc.issuer = "https://other"), "are of other"],
  [
    "a provider that AWS does not know",
    "OIDC provider",
    (f) => (f.oidcProviders.OpenIDConnectProviderList = []),
    "AWS does not know",
  ],
  [
    "a role that trusts another",
    "role trust",
    (f) => (f.serverRole.Role.AssumeRolePolicyDocument = {}),
    "does not trust system:serviceaccount:vault:vault",
  ],
  ["Secrets in the clear", "Secret encryption", (f) => (f.apiServers.items = [{ spec: {} }]), "in the clear"],
  [
    "a clock that is off",
    "clock",
    (f) => (f.leases.items[0].spec.renewTime = "2026-11-24T14:00:00Z"),
    "node-0 is 1503 s away",
  ],
])("reports %s as a problem with a fix", (_title, what, change, says) => {
  const found = finding(what, change);
  expect(found.state).toBe("problem");
  expect(found.says).toContain(says);
  expect(found.fix).toBeTruthy();
});

test("names the instances whose metadata pods can reach", () => {
  const onAws = (hops: number, tokens: string) => (facts: Json) => {
    facts.nodes.items[0].spec.providerID = "aws:///us-east-1a/i-0123456789abcdef0";
    const options = { HttpPutResponseHopLimit: hops, HttpTokens: tokens };
    facts.instances = {
      Reservations: [{ Instances: [{ InstanceId: "i-0123456789abcdef0", MetadataOptions: options }] }],
    };
  };
  expect(finding("instance metadata", onAws(1, "required")).state).toBe("well");
  for (const open of [onAws(2, "required"), onAws(1, "optional")]) {
    expect(finding("instance metadata", open)).toMatchObject({
      state: "problem",
      says: "pods reach the metadata, and so the role, of i-0123456789abcdef0",
    });
  }
});

test("reports zones without nodes and too few nodes for the servers", () => {
  const zoned = environment({ kubernetes: { zones: ["us-east-1a", "us-east-1b", "us-east-1c"] } });
  expect(finding("zones", () => {}, zoned).says).toContain("no node in us-east-1b, us-east-1c");
  const spread = environment({ kubernetes: { allowServersOnOneNode: false } });
  expect(finding("zones", () => {}, spread).says).toContain("1 nodes for 3 servers");
});

test("reports missing custom resources that the environment declares", () => {
  const prometheus = environment({ kubernetes: { customResourceGroups: ["monitoring.coreos.com"] } });
  expect(finding("custom resources", () => {}, prometheus)).toMatchObject({
    state: "problem",
    says: "no custom resources of monitoring.coreos.com, which the environment says are there",
  });
});

test("reports a missing EBS driver for production", () => {
  const [eks] = loadEnvironments([production]);
  expect(finding("storage", () => {}, eks).says).toContain("no driver ebs.csi.aws.com");
});

describe("Secret encryption on EKS", () => {
  const [eks] = loadEnvironments([production]);
  const encryption = (cluster: Json, minor = "34") =>
    finding(
      "Secret encryption",
      (facts) => {
        facts.version.serverVersion.minor = minor;
        facts.apiServers.items = [];
        if (cluster) facts.eks = { cluster };
      },
      eks,
    );

  test("is healthy from Kubernetes 1.28 without an encryptionConfig, with a key that AWS owns", () => {
    for (const version of ["1.28", "1.34", "1.100"]) {
      expect(encryption({ version })).toEqual({
        what: "Secret encryption",
        state: "well",
        says: "EKS encrypts all API data under a key that AWS owns",
      });
    }
    expect(encryption({ version: "1.34", encryptionConfig: [] }).state).toBe("well");
  });

  test("is healthy with a key of the account, and names the key", () => {
    const provider = { keyArn: "arn:aws:kms:us-east-1:333333333333:key/one" };
    const encryptionConfig = [{ resources: ["secrets"], provider }];
    for (const version of ["1.27", "1.34"]) {
      expect(encryption({ version, encryptionConfig })).toMatchObject({
        state: "well",
        says: "EKS encrypts Secrets under your key arn:aws:kms:us-east-1:333333333333:key/one",
      });
    }
  });

  test("is a problem below Kubernetes 1.28 without an encryptionConfig", () => {
    expect(encryption({ version: "1.27" })).toMatchObject({
      state: "problem",
      says: "EKS keeps Secrets in the clear: it encrypts API data by itself from Kubernetes 1.28 on, and this is 1.27",
      fix: expect.stringContaining("Upgrade the cluster"),
    });
  });

  test("is evaluated by the API server's version if AWS was not asked", () => {
    expect(encryption(undefined, "30+")).toMatchObject({
      state: "well",
      says: "EKS encrypts all API data; AWS was not asked under which key",
    });
    expect(encryption(undefined, "27+").state).toBe("problem");
  });
});

test("reports checks that could not ask AWS as unknown", () => {
  const silent = (facts: Json) => {
    delete facts.oidcProviders;
    facts.noAws = "no login";
  };
  expect(finding("OIDC provider", silent)).toMatchObject({
    state: "unknown",
    says: "AWS was not asked: no login",
  });
  expect(finding("role trust", silent).state).toBe("unknown");
});

test("prints the fix below each problem", () => {
  const text = render([
    { what: "clock", state: "well", says: "fine" },
    { what: "version", state: "problem", says: "old", fix: "Upgrade." },
  ]);
  expect(text.split("\n")).toEqual([
    "well     clock    fine",
    "problem  version  old",
    "         fix: Upgrade.",
  ]);
});

test("compares the DNS servers of the cluster with the definition", () => {
  const cache = (facts: Json) => facts.daemonSets.items.push({ metadata: { name: "node-local-dns" } });
  const none = (facts: Json) => (facts.dnsPods.items = []);
  const cached = environment({ network: { dns: { kind: "node-local-cache" } } });
  const nodes = environment({ network: { dns: { kind: "nodes", ranges: ["172.20.0.10/32"] } } });
  expect(finding("DNS servers", cache).says).toContain("NodeLocal DNSCache runs here");
  expect(finding("DNS servers", () => {}, cached).says).toContain("no NodeLocal DNSCache runs here");
  expect(finding("DNS servers", none).says).toContain("no pod of kube-system is labelled k8s-app: kube-dns");
  expect(finding("DNS servers", cache, cached).state).toBe("well");
  expect(finding("DNS servers", none, nodes).state).toBe("well");
});

test("reports an API server address that no policy opens, per IP family of the cluster", () => {
  const at = (address: string) => (facts: Json) =>
    (facts.apiEndpoints.items[0].endpoints[0].addresses = [address]);
  const dual = environment({ network: { controlPlane: ["192.168.0.0/16", "fd00:1::/64"] } });
  const service = environment({
    network: { controlPlane: ["192.168.0.0/16"], apiServer: ["10.243.0.1/32"] },
  });
  expect(finding("API server", at("fd00:1::10"))).toMatchObject({
    state: "problem",
    says: "the API server is at fd00:1::10, outside network.controlPlane and network.apiServer",
  });
  expect(finding("API server", at("fd00:1::10"), dual).state).toBe("well");
  expect(finding("API server", at("10.243.0.1"), dual).state).toBe("problem");
  expect(finding("API server", at("10.243.0.1"), service).state).toBe("well");
});

test("reports client ranges that contain pod addresses", () => {
  const of = (...clients: string[]) => environment({ network: { clients } });
  const vpc = (facts: Json) => {
    facts.dnsPods.items[0].status.podIPs = [{ ip: "10.0.3.7" }];
  };
  const nobody = (facts: Json) => {
    vpc(facts);
    facts.dnsPods.items = [];
  };
  expect(finding("clients", () => {}).state).toBe("well");
  expect(finding("clients", vpc, of("10.0.100.0/24")).state).toBe("well");
  expect(finding("clients", vpc, of("10.0.0.0/16"))).toMatchObject({
    state: "problem",
    says: "10.0.0.0/16 of network.clients holds addresses of pods: every pod there reaches Vault",
  });
  const ofNode = (facts: Json) => (facts.nodes.items[0].spec.podCIDRs = ["10.244.0.0/24"]);
  expect(finding("clients", ofNode, of("10.244.0.128/25")).state).toBe("problem");
  expect(finding("clients", nobody, of("10.0.0.0/16")).state).toBe("unknown");
});

test("compares the port of the API server's endpoints with the one that policies open", () => {
  const other = (facts: Json) => (facts.apiEndpoints.items[0].ports[0].port = 8443);
  expect(finding("API server", other)).toMatchObject({
    state: "problem",
    says: "the API server's endpoints have port 8443, network policies open 6443",
    fix: "Set network.apiServerPort to 8443.",
  });
  expect(finding("API server", other, environment({ network: { apiServerPort: 8443 } })).state).toBe("well");
});
