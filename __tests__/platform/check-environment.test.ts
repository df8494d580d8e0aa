import { dev } from "../../environments/dev";
import { drProduction } from "../../environments/dr-production";
import { production } from "../../environments/production";
import { type Change, problemsOf, withChange } from "./support";

const leaf = `-----BEGIN CERTIFICATE-----
MIIBcTCCARagAwIBAgIUevOWH3aoaR551DZbCY1QYq03qs4wCgYIKoZIzj0EAwIw
DzENMAsGA1UEAwwEbGVhZjAeFw0yNjExMjYxODA0MjdaFw0zNjExMjMxODA0Mjda
MA8xDTALBgNVBAMMBGxlYWYwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQcOoGw
ytUgVKDd7GRqUPuiid2HSsU33C82a0Ota0J66gOGoVg8BY5WWnykJJrgKrgBfNqp
UV6wYst9/53nMCKSo1AwTjAdBgNVHQ4EFgQUaCD19D8Mfdky0XHg8p425D3VfOUw
HwYDVR0jBBgwFoAUaCD19D8Mfdky0XHg8p425D3VfOUwDAYDVR0TAQH/BAIwADAK
BggqhkjOPQQDAgNJADBGAiEApmFA+qI00QZ6RR7qD/9hzQpNCNScGJdkMxHxfhWY
CbgCIQCf4BAEd4Htw7gj+sD2WdrKLK8XVWe4UX0JbLQRG2vVqA==
-----END CERTIFICATE-----
`;
const licence = { secretName: "licence", key: "licence" };
const oidc = {
  issuer: "https://login.example.com",
  clientId: "vault",
  groups: { operator: "operators", auditor: "auditors", admin: "admins" },
};
const image = "an image with a version, such as hashicorp/vault:1.21.0 (not latest); a digest may follow";
const digest = `sha256:${"a".repeat(64)}`;
const metadata =
  "a network range that does not lie within 169.254.0.0/16 or fd00:ec2::/32, where pods get the credentials of their node";

const wrong: [string, Change, string[]][] = [
  ...[
    ["alias/production-vault-snapshots", "the key of snapshots", "us-east-1"],
    ["alias/production-vault-recovery-keys", "the key of recovery keys", "us-east-1"],
    ["alias/vault-platform-state", "the key of Terraform's state", "us-west-2"],
  ].map(([alias, of, region]): [string, Change, string[]] => [
    `an unseal key with the alias of another key: ${alias}`,
    (e) => (e.aws.unsealKeyAlias = alias),
    [
      `aws.unsealKeyAlias: got "${alias}"; allowed: one with which ${alias} is not both ${of} and the unseal key in account 333333333333, ${region}`,
    ],
  ]),
  [
    "snapshots kept for a day and a half",
    (e) => (e.backup.retention = "36h"),
    ['backup.retention: got "36h"; allowed: whole days, one at least, such as 30d'],
  ],
  [
    "a schedule of letters that Kubernetes does not read",
    (e) => (e.backup.schedule = "0 2 L * ?"),
    ['backup.schedule: got "0 2 L * ?"; allowed: a cron schedule of five fields, such as 0 2 * * *'],
  ],
  [
    "ranges in which only credentials of nodes are",
    (e) => {
      e.network.clients = ["169.254.169.254/32"];
      e.siem.ranges = ["fd00:ec2::254/128"];
    },
    [
      `network.clients[0]: got "169.254.169.254/32"; allowed: ${metadata}`,
      `siem.ranges[0]: got "fd00:ec2::254/128"; allowed: ${metadata}`,
    ],
  ],
  [
    "images without a version beside their digest",
    (e) => {
      e.images.vault = `hashicorp/vault@${digest}`;
      e.images.awsCli = `amazon/aws-cli:latest@${digest}`;
    },
    [
      `images.vault: got "hashicorp/vault@${digest}"; allowed: ${image}`,
      `images.awsCli: got "amazon/aws-cli:latest@${digest}"; allowed: ${image}`,
    ],
  ],
  [
    "an image of kubectl without a shell",
    (e) => (e.images.kubectl = "registry.k8s.io/kubectl:v1.34.2"),
    [
      'images.kubectl: got "registry.k8s.io/kubectl:v1.34.2"; allowed: an image with a shell beside kubectl, such as alpine/k8s:1.34.2',
    ],
  ],
  [
    "a mirror whose path ends with a slash",
    (e) => (e.mirrors = { registry: "registry.example.com/mirror/" }),
    [
      'mirrors.registry: got "registry.example.com/mirror/"; allowed: a registry host without a scheme, such as registry.example.com/mirror',
    ],
  ],
  [
    "a SIEM at a port that is none, and with a query",
    (e) => (e.siem.endpoint = "https://siem.example.com:0/?index=vault"),
    [
      'siem.endpoint: got "https://siem.example.com:0/?(not shown)"; allowed: an https:// URL without a query and fragment',
    ],
  ],
  [
    "more for a server than its limit",
    (e) => (e.vault.requests = { cpu: "3", memory: "4Gi" }),
    [
      'vault.requests.cpu: got "3"; allowed: at most 2, which is a server\'s limit',
      'vault.requests.memory: got "4Gi"; allowed: at most 2Gi, which is a server\'s limit',
    ],
  ],
  [
    "a volume larger than any",
    (e) => (e.vault.dataSize = "65537Gi"),
    ['vault.dataSize: got "65537Gi"; allowed: digits and Mi or Gi, at most 65536Gi, such as 10Gi'],
  ],
  [
    "a certificate that signs nothing in place of the CA's",
    (e) => (e.vault.tls.caCertificates = [leaf]),
    [
      "vault.tls.caCertificates[0]: got a text (not shown); allowed: one or more certificates in PEM, each of a CA: certificate 1 of 1 may not sign others",
    ],
  ],
  [
    "mutual TLS with Prometheus, which has no certificate",
    (e) => {
      e.services = [];
      e.vault.tls.mutual = true;
    },
    [
      "vault.tls.mutual: got true; allowed: false while the cluster has Prometheus (monitoring.coreos.com in kubernetes.customResourceGroups), which shows no certificate",
    ],
  ],
  [
    "people who would come back to a path",
    (e) => {
      e.vault.endpoint = "https://vault.example.com/ui/";
      e.vault.oidc = oidc;
    },
    [
      'vault.endpoint: got "https://vault.example.com/ui/"; allowed: https:// and a host, without a path, because people come back to it from vault.oidc',
    ],
  ],
  [
    "an identity provider with a query",
    (e) => (e.vault.oidc = { ...oidc, issuer: "https://login.example.com/?realm=1" }),
    [
      'vault.oidc.issuer: got "https://login.example.com/?(not shown)"; allowed: an https:// URL without a query and fragment',
    ],
  ],
  [
    "a Sentinel policy for services that are not there, with the name of another one",
    (e) => {
      const code = "main = rule { true }";
      e.vault.enterprise = {
        licence,
        sentinel: [{ name: "hours", paths: ["secret/*"], code }],
        sentinelRoles: [{ name: "hours", services: ["ledger"], code }],
      };
    },
    [
      'vault.enterprise.sentinelRoles[0].name: got "hours"; allowed: a name that no other Sentinel policy has',
      'vault.enterprise.sentinelRoles[0].services[0]: got "ledger"; allowed: a service of this environment: payment-service',
    ],
  ],
  [
    "a Sentinel policy for services without a licence",
    (e) => {
      const policy = { name: "hours", services: ["payment-service"], code: "main = rule { true }" };
      e.vault.enterprise = { sentinelRoles: [policy] };
    },
    [
      "vault.enterprise.sentinelRoles: got true; allowed: nothing, or a reference to the licence in vault.enterprise.licence",
    ],
  ],
  [
    "a secret writer with the name of a policy of others",
    (e) =>
      (e.vault.secretWriters = [
        { namespace: "vault", name: 5 },
        { namespace: "vault", name: "plan" },
      ]),
    [
      "vault.secretWriters[0].name: got 5; allowed: a lower-case DNS label of at most 63 characters, such as payments, as text (in quotes)",
      'vault.secretWriters[1].name: got "plan"; allowed: none of root, default, terraform-deploy, terraform-bootstrap, vault-backup, vault-drill, vault-restore, vault-rollout, vault-dr-replication, plan, deploy, operator, auditor, admin, secret-writers, which are policies of others in Vault',
    ],
  ],
  [
    "identities of teams without stacks of teams",
    (e) => (e.pipeline.teamIdentities = true),
    [
      'pipeline.teamIdentities: got true; allowed: false, or true with shards: "team" and pipelines that log in to a Vault inside the cluster',
    ],
  ],
  [
    "a team whose role in AWS would have too long a name",
    (e) => {
      e.shards = "team";
      e.pipeline.teamIdentities = true;
      e.services![0].team = "a".repeat(41);
    },
    [
      `services[0].team: got "${"a".repeat(41)}"; allowed: at most 40 characters: the IAM role of the pipeline of ${"a".repeat(41)} is named production-vault-deploy-${"a".repeat(41)}, 1 character more than the 64 of IAM`,
    ],
  ],
  [
    "a secret writer in the group of another level, and two secret writers of one name",
    (e) => {
      e.vault.oidc = { ...oidc, groups: { ...oidc.groups, secretWriter: "admins" } };
      e.vault.secretWriters = [
        { namespace: "vault", name: "secret-writer" },
        { namespace: "tools", name: "secret-writer" },
      ];
    },
    [
      'vault.oidc.groups.secretWriter: got "admins"; allowed: a group that is named once: its members would have every level that names it',
      'vault.secretWriters[1].name: got "secret-writer"; allowed: a name that no other secret writer has, because it is that of the role and of the policy in Vault',
    ],
  ],
  [
    "groups that are two, or two levels at a time",
    (e) => (e.vault.oidc = { ...oidc, groups: { operator: "all", auditor: "a,b", admin: ["x", "All"] } }),
    [
      'vault.oidc.groups.auditor: got "a,b"; allowed: a group of the identity provider, or a list of groups, without commas and outer spaces',
      'vault.oidc.groups.admin[1]: got "All"; allowed: a group that is named once: its members would have every level that names it',
    ],
  ],
  [
    "claims that Vault would misread",
    (e) => {
      e.vault.oidc = {
        ...oidc,
        clientId: "@vault",
        scopes: ["profile groups"],
        groupsClaim: "/a//b",
        userClaim: " sub",
        boundClaims: { "": ["x"], hd: ["a,b"] },
        claimMappings: { email: "role" },
      };
    },
    [
      'vault.oidc.clientId: got "@vault"; allowed: the client id that the identity provider gave Vault, in ASCII and without a leading @',
      'vault.oidc.scopes[0]: got "profile groups"; allowed: a scope, such as profile, without spaces and commas',
      'vault.oidc.groupsClaim: got "/a//b"; allowed: the name of a claim, such as groups, or a JSON pointer, such as /realm_access/roles',
      'vault.oidc.userClaim: got " sub"; allowed: the name of a claim, such as groups, or a JSON pointer, such as /realm_access/roles',
      'vault.oidc.boundClaims.: got ""; allowed: the name of a claim, such as groups, or a JSON pointer, such as /realm_access/roles',
      'vault.oidc.boundClaims.hd[0]: got "a,b"; allowed: one value, without commas and outer spaces',
      'vault.oidc.claimMappings.email: got "role"; allowed: a metadata key of letters, digits, dots, dashes and underscores, other than role',
    ],
  ],
  [
    "claims that are said twice, and what the identity provider refuses",
    (e) => {
      e.vault.oidc = {
        ...oidc,
        issuer: "https://login.microsoftonline.com/common/v2.0",
        boundClaims: { groups: ["x"] },
        claimMappings: { email: "who", upn: "who" },
      };
    },
    [
      'vault.oidc.issuer: got "https://login.microsoftonline.com/common/v2.0"; allowed: https://login.microsoftonline.com/<tenant id>/v2.0: tokens name the tenant by its id',
      'vault.oidc.scopes: got ["profile","groups"]; allowed: scopes without groups, which Microsoft Entra ID refuses; groups is a claim of the token there',
      'vault.oidc.boundClaims.groups: got ["x"]; allowed: nothing, because it is groupsClaim, whose values are the groups',
      'vault.oidc.claimMappings.upn: got "who"; allowed: a key that no other claim has',
    ],
  ],
  [
    "Sentinel code that judges nothing, under one name twice",
    (e) => {
      const policy = { name: "hours", paths: ["*"], code: "main = rule { true }" };
      e.vault.enterprise = { licence, sentinel: [policy, { ...policy, code: "time.now" }] };
    },
    [
      'vault.enterprise.sentinel[1].code: got "time.now"; allowed: Sentinel code with a rule main',
      'vault.enterprise.sentinel[1].name: got "hours"; allowed: a name that no other Sentinel policy has',
    ],
  ],
  [
    "DR replication to itself",
    (e) =>
      (e.vault.enterprise = {
        licence,
        dr: {
          side: "secondary",
          primary: { name: "production", account: "333333333333" },
          peerRanges: ["10.0.0.0/8"],
        },
      }),
    ['vault.enterprise.dr.primary.name: got "production"; allowed: another environment than this one'],
  ],
];

test.each(wrong)("rejects an environment with %s", (_, change, problems) => {
  expect(problemsOf(withChange(production, change))).toEqual(problems.map((it) => `production.${it}`));
});

test("allows mutual TLS if all clients have a certificate, and on standby", () => {
  const mutual: Change = (e) => {
    e.services = [];
    e.vault.tls = { ...e.vault.tls, mutual: true };
  };
  expect(problemsOf(withChange(dev, mutual))).toEqual([]);
  expect(problemsOf(production, withChange(drProduction, mutual))).toEqual([]);
});

test("allows a path in the endpoint without human logins", () => {
  const withPath = withChange(production, (e) => {
    e.vault.endpoint = "https://vault.example.com/";
    delete e.vault.oidc;
  });
  expect(problemsOf(withPath)).toEqual([]);
});
