import { dev } from "../../environments/dev";
import { loadEnvironments } from "../../platform/load";
import { type Change, problemsOf, withChange } from "./support";

const unless =
  "a Service of the cluster, such as payments-db.production.svc, or a public host, unless ranges say where it is";
const databaseUnless =
  "a Service of the cluster, such as payments-db.production.svc, unless ranges say where the database is";
const problems = (change: Change) => problemsOf(withChange(dev, change));

const hidden = [
  "https://keycloak.local:8443",
  "https://keycloak:8443",
  "https://idp.eu-west-1.compute.internal",
];

test.each(hidden)("rejects an identity provider without a known location: %s", (issuer) => {
  expect(problems((e) => (e.vault.oidc.issuer = issuer))).toEqual([
    `dev.vault.oidc.issuer: got "${issuer}"; allowed: ${unless}`,
  ]);
  const located = (e: Parameters<Change>[0]) =>
    (e.vault.oidc = { ...e.vault.oidc, issuer, ranges: ["10.9.0.0/24"] });
  expect(problems(located)).toEqual([]);
});

test.each(["https://10.9.0.4:8443", "https://192.168.1.2/realms/main"])(
  "rejects an identity provider at a private address without ranges: %s",
  (issuer) => {
    const [problem, ...others] = problems((e) => (e.vault.oidc.issuer = issuer));
    expect(problem).toContain(`dev.vault.oidc.issuer: got "${issuer}"; allowed: ${unless}, such as 1`);
    expect(others).toEqual([]);
  },
);

test("rejects an address outside its ranges", () => {
  const change: Change = (e) => {
    e.vault.oidc = { ...e.vault.oidc, issuer: "https://10.9.0.4", ranges: ["10.8.0.0/16"] };
    e.siem = { ...e.siem, endpoint: "https://10.7.0.4:8088", ranges: ["10.8.0.0/16"] };
  };
  expect(problems(change)).toEqual([
    'dev.siem.endpoint: got "https://10.7.0.4:8088"; allowed: an address within its ranges, 10.8.0.0/16',
    'dev.vault.oidc.issuer: got "https://10.9.0.4"; allowed: an address within its ranges, 10.8.0.0/16',
  ]);
});

test.each(["https://siem:8088", "https://10.1.2.3:8088", "https://siem.internal"])(
  "rejects a SIEM without a known location: %s",
  (endpoint) => {
    expect(problems((e) => (e.siem.endpoint = endpoint))[0]).toContain(
      `dev.siem.endpoint: got "${endpoint}"; allowed: ${unless}`,
    );
  },
);

test.each(["db.example.com", "payments.abcdefgh.us-east-1.rds.amazonaws.com"])(
  "rejects a database at the public name %s without ranges",
  (host) => {
    expect(problems((e) => (e.databases[0].host = host))).toEqual([
      `dev.databases[0].host: got "${host}"; allowed: ${databaseUnless}`,
    ]);
  },
);

test("accepts Services of the cluster with the ports of their pods", () => {
  const change: Change = (e) => {
    e.siem = { ...e.siem, endpoint: "https://otel.observability.svc:4318", targetPort: 14318 };
    e.vault.oidc = { ...e.vault.oidc, issuer: "https://keycloak.identity.svc/realms/main", targetPort: 8443 };
    e.databases[0].targetPort = 6432;
  };
  expect(problems(change)).toEqual([]);
});

test("rejects a registry in the cluster, because nodes do not resolve its name", () => {
  for (const registry of ["registry.tools.svc:5000/mirror", "registry.tools.svc.cluster.local"]) {
    expect(problems((e) => (e.mirrors = { registry }))).toEqual([
      `dev.mirrors.registry: got "${registry}"; allowed: a registry that the nodes find: they do not resolve Services of the cluster`,
    ]);
  }
  expect(problems((e) => (e.mirrors = { registry: "10.0.0.5:5000/mirror" }))).toEqual([]);
});

test("rejects egress of pods if the team manages their policy", () => {
  const egress = [{ name: "stripe", internet: true, ports: [443] }];
  const keeps = 'nothing, unless networkPolicy is "platform": the team keeps the policy of these pods';
  const message = `dev.services[0].egress: got ${JSON.stringify([{ ...egress[0], protocol: "TCP" }])}; allowed: ${keeps}`;
  expect(problems((e) => (e.services[0].egress = egress))).toEqual([]);
  const refused: Change[] = [
    (e) => (e.services[0] = { ...e.services[0], egress, networkPolicy: "team" }),
    (e) => {
      e.services[0].egress = egress;
      e.kubernetes.existingNamespaces = ["production"];
    },
    (e) => {
      e.services[0].egress = egress;
      delete e.services[0].deployment;
    },
  ];
  for (const change of refused) expect(problems(change)).toEqual([message]);
  for (const change of refused.slice(1)) {
    const asked: Change = (e) => {
      change(e);
      e.services[0].networkPolicy = "platform";
    };
    expect(problems(asked)).toEqual([]);
  }
});

test.each<[string, object, string]>([
  ["nowhere", {}, "exactly one of ranges, namespace and internet: true"],
  [
    "in two places",
    { ranges: ["10.0.0.0/24"], internet: true },
    "exactly one of ranges, namespace and internet: true",
  ],
  ["to pods of no namespace", { internet: true, podLabels: { app: "x" } }, "podLabels beside a namespace"],
])("rejects egress %s", (_title, where, allowed) => {
  const entry = { name: "x", ports: [443], ...where };
  const [problem] = problems((e) => (e.services[0].egress = [entry]));
  expect(problem).toContain("dev.services[0].egress[0]: got ");
  expect(problem).toContain(`; allowed: ${allowed}`);
});

test.each<[object, string, string]>([
  [{ ports: [0] }, "ports[0]", "a port from 1 to 65535"],
  [{ ports: [] }, "ports", "at least one port"],
  [{ namespace: undefined, ranges: [] }, "ranges", "at least one network range"],
  [{ podLabels: { "a b": "c" } }, "podLabels", 'labels of Kubernetes, such as { app: "payments-db" }'],
  [
    { podLabels: { app: "x".repeat(64) } },
    "podLabels",
    'labels of Kubernetes, such as { app: "payments-db" }',
  ],
])("rejects %j in egress", (change, path, allowed) => {
  const entry = { name: "x", namespace: "billing", ports: [443], ...change };
  const [problem] = problems((e) => (e.services[0].egress = [entry]));
  expect(problem).toContain(`dev.services[0].egress[0].${path}: got `);
  expect(problem).toContain(`; allowed: ${allowed}`);
});

test("rejects two egress entries with one name", () => {
  const entry = { name: "x", internet: true, ports: [443] };
  const [problem] = problems((e) => (e.services[0].egress = [entry, entry]));
  expect(problem).toContain("; allowed: a name for each that no other has");
});

test.each<[unknown, string]>([
  [
    { kind: "coredns" },
    'dns.kind: got {"kind":"coredns"}; allowed: DNS servers of kind pods, node-local-cache or nodes',
  ],
  [{ kind: "nodes" }, "dns.ranges: got nothing; allowed: a list"],
  [{ kind: "nodes", ranges: [] }, "dns.ranges: got []; allowed: at least one network range"],
  [{ kind: "node-local-cache", ranges: ["169.254.20.10"] }, 'dns.ranges[0]: got "169.254.20.10"'],
  [{ kind: "pods", ranges: ["10.0.0.10/32"] }, "dns.ranges: got a key that does not exist"],
])("rejects DNS servers %j", (dns, message) => {
  expect(problems((e) => (e.network.dns = dns))[0]).toContain(message);
});

test("fills in the usual DNS servers", () => {
  const dnsOf = (dns?: unknown) =>
    loadEnvironments([withChange(dev, (e) => (e.network.dns = dns))])[0].network.dns;
  const pods = { namespace: "kube-system", podLabels: { "k8s-app": "kube-dns" }, podPort: 53 };
  expect(dnsOf()).toEqual({ kind: "pods", ...pods });
  expect(dnsOf({ kind: "node-local-cache" })).toEqual({
    kind: "node-local-cache",
    ...pods,
    ranges: ["169.254.20.10/32"],
  });
});

test.each([
  ["http://user:made-up@proxy.example.com:3128", "a URL with a user, which is not shown"],
  ["http://made-up@proxy.example.com:3128", "a URL with a user, which is not shown"],
  ["http://proxy.example.com/pac", "http://proxy.example.com/pac"],
  ["proxy.example.com:3128", "proxy.example.com:3128"],
])("rejects the URL of a proxy without printing its user: %s", (https, received) => {
  const found = problems((e) => (e.network.proxy = { https }));
  const allowed =
    "http:// or https:// and a host, perhaps a port, and nothing else, such as http://proxy.example.com:3128";
  expect(found).toContain(`dev.network.proxy.https: got "${received}"; allowed: ${allowed}`);
  expect(found.join()).not.toContain("made-up");
});

test("rejects a proxy without a known location, and ambiguous noProxy entries", () => {
  const found = problems(
    (e) => (e.network.proxy = { https: "http://proxy:3128", noProxy: ["*.example.com"] }),
  );
  expect(found).toEqual([
    'dev.network.proxy.noProxy[0]: got "*.example.com"; allowed: a host, a domain such as .example.com, an address or a range such as 10.0.0.0/16, perhaps with a port',
    `dev.network.proxy.https: got "http://proxy:3128"; allowed: ${unless}`,
  ]);
});

test("rejects a pull Secret with an invalid name or the name of an ExternalSecret", () => {
  expect(problems((e) => (e.kubernetes.imagePullSecrets = ["Registry_Credentials"]))).toEqual([
    'dev.kubernetes.imagePullSecrets[0]: got "Registry_Credentials"; allowed: a name of at most 253 lower-case letters, digits, dashes and dots, such as payments-config',
  ]);
  expect(problems((e) => (e.kubernetes.imagePullSecrets = ["payment-service-secrets"]))).toEqual([
    'dev.services[0].secrets[0].name: got "payment-service-secrets"; allowed: another name than those of kubernetes.imagePullSecrets, which External Secrets would overwrite',
  ]);
});
