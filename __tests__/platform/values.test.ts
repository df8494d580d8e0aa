import { dev } from "../../environments/dev";
import { loadEnvironments } from "../../platform/load";
import { selfSigned } from "../support/certificate";
import { type Change, problemsOf, withChange } from "./support";

const problems = (change: Change) => problemsOf(withChange(dev, change));
const environment = (change: Change) => loadEnvironments([withChange(dev, change)])[0];

const NOT_SHOWN = "a text (not shown)";

test.each<[string, Change, string]>([
  [
    "an IPv6 address that is not canonical",
    (e) => (e.vault.endpoint = "https://[2001:DB8:0::10]:8200"),
    'vault.endpoint: got "https://[2001:DB8:0::10]:8200"; allowed: an https:// URL of "2001:db8::10", the canonical form of this address',
  ],
  [
    "a database with a port in its host",
    (e) => (e.databases[0].host = "payments-db.production.svc:5432"),
    'databases[0].host: got "payments-db.production.svc:5432"; allowed: a host name or IP address, such as vault.example.com, without a port and brackets',
  ],
  [
    "a network range with bits after the prefix",
    (e) => (e.network.controlPlane = ["10.10.0.1/20"]),
    'network.controlPlane[0]: got "10.10.0.1/20"; allowed: "10.10.0.0/20", the canonical form of this range',
  ],
  [
    "instance metadata with a leading zero",
    (e) => (e.network.vpcEndpoints = ["169.0254.0.0/16"]),
    'network.vpcEndpoints[0]: got "169.0254.0.0/16"; allowed: "169.254.0.0/16", the canonical form of this range',
  ],
  [
    "instance metadata as IPv4 in IPv6",
    (e) => (e.network.vpcEndpoints = ["::ffff:169.254.169.254/128"]),
    'network.vpcEndpoints[0]: got "::ffff:169.254.169.254/128"; allowed: "169.254.169.254/32", the canonical form of this range',
  ],
  [
    "a schema that is named twice",
    (e) => (e.databases[0].schemas = ["public", "ledger", "public"]),
    'databases[0].schemas[2]: got "public"; allowed: a value that the list does not have yet',
  ],
  [
    "a range that is named twice",
    (e) => (e.network.clients = ["10.1.0.0/16", "10.1.0.0/16"]),
    'network.clients[1]: got "10.1.0.0/16"; allowed: a value that the list does not have yet',
  ],
  [
    "Sunday as 7",
    (e) => (e.backup.schedule = "0 2 * * 7"),
    'backup.schedule: got "0 2 * * 7"; allowed: a cron schedule of five fields, such as 0 2 * * *',
  ],
  [
    "a schedule that never runs",
    (e) => (e.backup.schedule = "0 0 31 2 *"),
    'backup.schedule: got "0 0 31 2 *"; allowed: a cron schedule that runs at some time, with a day that its months have',
  ],
  [
    "an image in upper case",
    (e) => (e.services[0].deployment.image = "ghcr.io/MyOrg/Payment-Service:v1.2.3"),
    'services[0].deployment.image: got "ghcr.io/MyOrg/Payment-Service:v1.2.3"; allowed: an image whose path is lower-case letters and digits, separated by /, -, one dot or underscores',
  ],
  [
    "an image tag of 129 characters",
    (e) => (e.images.vault = `hashicorp/vault:${"1".repeat(129)}`),
    `images.vault: got "hashicorp/vault:${"1".repeat(129)}"; allowed: an image whose tag is at most 128 letters, digits, dots, dashes and underscores`,
  ],
  [
    "a registry that would be a folder of Docker Hub",
    (e) => (e.mirrors = { registry: "mirror" }),
    'mirrors.registry: got "mirror"; allowed: a registry host without a scheme, such as registry.example.com/mirror',
  ],
  [
    "a discovery URL as the identity provider",
    (e) => (e.vault.oidc.issuer = "https://login.example.com/realms/a/.well-known/openid-configuration"),
    'vault.oidc.issuer: got "https://login.example.com/realms/a/.well-known/openid-configuration"; allowed: "https://login.example.com/realms/a", the issuer without the path that clients append',
  ],
  [
    "a cluster's issuer with its scheme",
    (e) => (e.kubernetes.oidcProvider = "https://oidc.example.com/id/1/"),
    'kubernetes.oidcProvider: got "https://oidc.example.com/id/1/"; allowed: "oidc.example.com/id/1", the issuer as AWS names it',
  ],
  [
    "a private key in place of a certificate",
    (e) => (e.databases[0].caCertificate = "MC4CAQAwBQYDK2VwBCIEIPlanted"),
    `databases[0].caCertificate: got ${NOT_SHOWN}; allowed: one or more certificates in PEM`,
  ],
  [
    "a chart version with a v, which would be added again",
    (e) => (e.charts.certManager = "v1.21.1"),
    'charts.certManager: got "v1.21.1"; allowed: "1.21.1", without v',
  ],
])("rejects %s", (_title, change, message) => {
  expect(problems(change)).toEqual([`dev.${message}`]);
});

test("accepts an IPv6 endpoint", () => {
  expect(problems((e) => (e.vault.endpoint = "https://[2001:db8::10]:8200"))).toEqual([]);
});

test("accepts bundles of CA certificates with Windows line ends, and normalizes them", async () => {
  const three = await Promise.all(["a", "b", "c"].map((name) => selfSigned(name, { ca: true })));
  const bundle = three.join("");
  const crlf = bundle.replaceAll("\n", "\r\n");
  const { databases, siem, vault } = environment((e) => {
    e.databases[0].caCertificate = crlf;
    e.siem.caCertificate = crlf;
    e.vault.tls = { caCertificates: [crlf] };
  });
  expect(databases[0].caCertificate).toBe(bundle);
  expect(siem.caCertificate).toBe(bundle);
  expect(vault.tls.caCertificates).toEqual([bundle]);
});

test("reports a wrong type, with the correct notation if the value is valid otherwise", () => {
  expect(
    problems((e) => {
      e.aws.account = 111111111111;
      e.services[0].team = true;
      e.backup.retention = 30;
      e.databases[0].port = "5432";
    }),
  ).toEqual([
    'dev.aws.account: got 111111111111; allowed: an AWS account number of 12 digits, as text ("111111111111")',
    "dev.backup.retention: got 30; allowed: whole days, one at least, such as 30d, as text (in quotes)",
    'dev.databases[0].port: got "5432"; allowed: a port from 1 to 65535, as a number (5432)',
    'dev.services[0].team: got true; allowed: a lower-case DNS label of at most 63 characters, such as payments, as text ("true")',
  ]);
});
