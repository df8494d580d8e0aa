import { definitions } from "../../environments";
import { dev } from "../../environments/dev";
import { loadEnvironments } from "../../platform/load";
import { production } from "../../environments/production";
import { type Change, inOwnCluster, problemsOf, withChange } from "./support";

const changed = (change: Change, base = production) => withChange(base, change);

test("loads the repository's four environments", () => {
  expect(loadEnvironments(definitions).map(({ name }) => name)).toEqual([
    "local",
    "dev",
    "staging",
    "production",
  ]);
});

test("fills in the article's values", () => {
  const [environment] = loadEnvironments([dev]);
  expect(environment.aws.unsealKeyAlias).toBe("alias/vault-unseal-key");
  expect(environment.backup.schedule).toBe("0 2 * * *");
  expect(environment.vault.dataSize.toString()).toBe("10Gi");
  expect(environment.vault.auditSize.toString()).toBe("10Gi");
  expect(environment.vault.storageClass).toBe("gp3");
  expect(environment.state).toBe("s3");
  expect(environment.aws.stateRegion).toBe("us-east-1");
});

const pgpKeys = Array(4).fill(
  "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQ==\n-----END PGP PUBLIC KEY BLOCK-----\n",
);

const wrong: [string, Change, string][] = [
  [
    "two replicas",
    (e) => (e.vault.replicas = 2),
    "production.vault.replicas: got 2; allowed: 1, 3, 5 or 7, so that Raft can elect a leader",
  ],
  [
    "a network range without a mask",
    (e) => (e.network.controlPlane = ["10.0.0.0"]),
    'production.network.controlPlane[0]: got "10.0.0.0"; allowed: a network range, such as 10.0.0.0/16',
  ],
  [
    "a mask of 33 bits",
    (e) => (e.network.vpcEndpoints = ["10.0.0.0/33"]),
    'production.network.vpcEndpoints[0]: got "10.0.0.0/33"; allowed: a network range, such as 10.0.0.0/16',
  ],
  [
    "a schedule at minute 61",
    (e) => (e.backup.schedule = "61 2 * * *"),
    'production.backup.schedule: got "61 2 * * *"; allowed: a cron schedule of five fields, such as 0 2 * * *',
  ],
  [
    "a schedule with seconds",
    (e) => (e.backup.schedule = "0 0 2 * * *"),
    'production.backup.schedule: got "0 0 2 * * *"; allowed: a cron schedule of five fields, such as 0 2 * * *',
  ],
  [
    "replication without a replica region",
    (e) => delete e.aws.replica,
    "production.backup.replicate: got true; allowed: false, or a region in aws.replica to copy snapshots to",
  ],
  [
    "a replica in the same region",
    (e) => (e.aws.replica.region = "us-east-1"),
    'production.aws.replica.region: got "us-east-1"; allowed: another region than aws.region',
  ],
  [
    "an Enterprise feature without a licence",
    (e) => (e.vault.enterprise = { namespaces: true }),
    "production.vault.enterprise.namespaces: got true; allowed: nothing, or a reference to the licence in vault.enterprise.licence",
  ],
  [
    "a Sentinel policy without a licence",
    (e) =>
      (e.vault.enterprise = { sentinel: [{ name: "hours", paths: ["*"], code: "main = rule { true }" }] }),
    "production.vault.enterprise.sentinel: got true; allowed: nothing, or a reference to the licence in vault.enterprise.licence",
  ],
  [
    "a limit of leases without a licence",
    (e) => (e.vault.enterprise = { maxLeases: 5 }),
    "production.vault.enterprise.maxLeases: got 5; allowed: nothing, or a reference to the licence in vault.enterprise.licence",
  ],
  [
    "DR replication without a licence",
    (e) =>
      (e.vault.enterprise = {
        dr: {
          side: "secondary",
          primary: { name: "production", account: "111111111111" },
          peerRanges: ["10.0.0.0/16"],
        },
      }),
    'production.vault.enterprise.dr: got "secondary"; allowed: nothing, or a reference to the licence in vault.enterprise.licence',
  ],
  [
    "DR replication to an address that is not the cluster port",
    (e) =>
      (e.vault.enterprise = {
        licence: { secretName: "licence", key: "licence" },
        dr: {
          side: "primary",
          secondary: { name: "standby", account: "111111111111", region: "eu-west-1" },
          clusterAddress: "https://vault.example.com",
          peerRanges: ["10.0.0.0/16"],
        },
      }),
    'production.vault.enterprise.dr.clusterAddress: got "https://vault.example.com"; allowed: https on the cluster port, such as https://vault.example.com:8201',
  ],
  [
    "a third side of DR replication",
    (e) => (e.vault.enterprise = { dr: { side: "tertiary" } as never }),
    'production.vault.enterprise.dr.side: got {"side":"tertiary"}; allowed: one side of DR replication: primary or secondary',
  ],
  [
    "a mirror of an unknown scheme",
    (e) => (e.mirrors = { charts: "ftp://charts.example.com" }),
    'production.mirrors.charts: got "ftp://charts.example.com"; allowed: https://, oci:// or a local path',
  ],
  [
    "an image that moves",
    (e) => (e.images.vault = "hashicorp/vault:latest"),
    'production.images.vault: got "hashicorp/vault:latest"; allowed: an image with a version, such as hashicorp/vault:1.21.0 (not latest); a digest may follow',
  ],
  [
    "an image without a version",
    (e) => (e.images.vault = "hashicorp/vault"),
    'production.images.vault: got "hashicorp/vault"; allowed: an image with a version, such as hashicorp/vault:1.21.0 (not latest); a digest may follow',
  ],
  [
    "an unencrypted endpoint",
    (e) => (e.vault.endpoint = "http://vault.example.com"),
    'production.vault.endpoint: got "http://vault.example.com"; allowed: an https:// URL',
  ],
  [
    "a custodian who holds two shares",
    (e) => (e.aws.recoveryCustodians[1] = e.aws.recoveryCustodians[0]),
    "allowed: five different principals: one who holds two shares counts twice",
  ],
  [
    "a break-glass principal with a wildcard",
    (e) => (e.aws.breakGlassPrincipal = "arn:aws:iam::333333333333:role/*"),
    'production.aws.breakGlassPrincipal: got "arn:aws:iam::333333333333:role/*"; allowed: the ARN of one IAM role or user, without wildcards',
  ],
  [
    "a break-glass role that pipelines could change",
    (e) => (e.aws.breakGlassPrincipal = "arn:aws:iam::333333333333:role/production-vault-break-glass"),
    "allowed: a role whose name does not start with production-vault: pipelines change the trust of those",
  ],
  [
    "a custodian's role that pipelines could change",
    (e) => (e.aws.recoveryCustodians[4] = "arn:aws:iam::333333333333:role/production-vault-custodian"),
    'production.aws.recoveryCustodians[4]: got "arn:aws:iam::333333333333:role/production-vault-custodian"',
  ],
  [
    "a service that names an unknown database",
    (e) => (e.services[0].databases[0].name = "orders-db"),
    'production.services[0].databases[0].name: got "orders-db"; allowed: a database of this environment: payments-db',
  ],
  [
    "a default TTL above the maximum",
    (e) => (e.services[0].databases[0].defaultTtl = "48h"),
    'production.services[0].databases[0].defaultTtl: got "48h"; allowed: at most maxTtl, which is 24h',
  ],
  [
    "a service twice",
    (e) => e.services.push(structuredClone(e.services[0])),
    'production.services[1].name: got "payment-service"; allowed: a name that no other service has, in whichever namespace',
  ],
  [
    "a misspelt key",
    (e) => (e.vault.replica = 3),
    "production.vault.replica: got a key that does not exist (did you mean replicas?); allowed: replicas, endpoint, ",
  ],
  [
    "servers over two zones",
    (e) => (e.kubernetes.zones = ["us-east-1a", "us-east-1b"]),
    'production.kubernetes.zones: got ["us-east-1a","us-east-1b"]; allowed: one zone or at least three: one of two has the majority of the servers, and its loss stops Vault',
  ],
  [
    "an issuer whose CA nobody could verify",
    (e) => (e.vault.tls.caCertificates = []),
    "production.vault.tls.caCertificates: got []; allowed: the certificates of the CA that signs the servers'",
  ],
  [
    "a CA of the cluster that nothing distributes",
    (e) => (e.vault.tls = {}),
    "production.vault.tls.caCertificates: got []; allowed: the certificates of the CA, unless the cluster has trust-manager (trust.cert-manager.io in kubernetes.customResourceGroups)",
  ],
  [
    "a login that lasts longer than it can be renewed",
    (e) => (e.services[0].token = { ttl: "48h" }),
    'production.services[0].token.ttl: got "48h"; allowed: at most token.maxTtl, which is 24h',
  ],
  [
    "a lease that outlives its login",
    (e) => (e.services[0].token = { ttl: "1h", maxTtl: "2h" }),
    'production.services[0].databases[0].maxTtl: got "24h"; allowed: at most token.maxTtl, which is 2h: a login that ends takes its leases with it',
  ],
  [
    "mutual TLS with clients that have no certificate",
    (e) => (e.vault.tls.mutual = true),
    "production.vault.tls.mutual: got true; allowed: false while the platform delivers secrets to services such as payment-service: agents and External Secrets show no certificate",
  ],
  [
    "four PGP keys for five shares",
    (e) => (e.vault.recoveryPgpKeys = pgpKeys),
    `production.vault.recoveryPgpKeys: got a list of 4 items (not shown); allowed: five PGP public keys, one per recovery share`,
  ],
];

test.each(wrong)(
  "rejects %s, with the place, the received and the allowed value",
  (_title, change, message) => {
    expect(problemsOf(changed(change)).join("\n")).toContain(message);
  },
);

test("reports all problems of all definitions at once", () => {
  const problems = problemsOf(
    changed((e) => {
      e.vault.replicas = 2;
      e.network.controlPlane = ["ten"];
    }),
    changed((e) => (e.backup = { schedule: "daily" }), dev),
  );
  expect(problems).toHaveLength(3);
  expect(problems.map((problem) => problem.split(":")[0])).toEqual([
    "production.network.controlPlane[0]",
    "production.vault.replicas",
    "dev.backup.schedule",
  ]);
});

describe("a wrong field", () => {
  test("does not hide problems of fields that are compared", () => {
    const problems = problemsOf(
      changed((e) => {
        e.vault.replicas = 2;
        delete e.aws.replica;
        e.services[0].databases[0].name = "orders-db";
      }),
    );
    expect(problems).toEqual([
      "production.vault.replicas: got 2; allowed: 1, 3, 5 or 7, so that Raft can elect a leader",
      "production.backup.replicate: got true; allowed: false, or a region in aws.replica to copy snapshots to",
      'production.services[0].databases[0].name: got "orders-db"; allowed: a database of this environment: payments-db',
    ]);
  });

  test("does not hide problems of other items of a list", () => {
    const problems = problemsOf(
      changed((e) => {
        e.services.unshift({ name: "Ledger", namespace: 5 });
        e.services.push({ ...structuredClone(e.services[1]), secrets: [], token: { ttl: "48h" } });
        e.aws.recoveryCustodians.splice(
          0,
          2,
          "nobody",
          "arn:aws:iam::333333333333:role/production-vault-custodian",
        );
      }),
    );
    expect(problems.map((problem) => problem.split(":")[0])).toEqual([
      "production.aws.recoveryCustodians[0]",
      "production.services[0].name",
      "production.services[0].namespace",
      "production.services[0].team",
      "production.aws.recoveryCustodians[1]",
      "production.services[2].name",
      "production.services[2].token.ttl",
    ]);
  });

  test("does not hide conflicts with another definition", () => {
    const wrong = (change: Change) => changed((e) => ((e.vault.replicas = 2), change(e)));
    const second = wrong((e) => ((e.name = "second"), (e.aws.stateRegion = "eu-west-1"), inOwnCluster(e)));
    const problems = problemsOf(
      wrong((e) => (e.aws.recoveryCustodians = [])),
      second,
    );
    expect(problems.filter((problem) => !problem.includes("replicas"))).toEqual([
      "production.aws.recoveryCustodians: got []; allowed: five principals, one per recovery share",
      'second.aws.unsealKeyAlias: got "alias/vault-unseal-key in account 333333333333, us-east-1"; allowed: one that production does not use already',
      'second.aws.unsealKeyAlias: got "alias/vault-unseal-key in account 333333333333, us-west-2"; allowed: one that production does not use already',
      'second.aws.stateRegion: got "eu-west-1"; allowed: us-west-2, as in production: an account has one state bucket',
    ]);
  });

  test("causes no second problem", () => {
    const problems = problemsOf(
      changed((e) => {
        e.aws.replica.region = "Oregon";
        e.databases[0].name = "Payments";
        e.vault.tls.caCertificates = ["none"];
      }),
    );
    expect(problems.map((problem) => problem.split(":")[0])).toEqual([
      "production.aws.replica.region",
      "production.vault.tls.caCertificates[0]",
      "production.databases[0].name",
    ]);
  });

  test.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["a text", "production"],
    ["a list", []],
  ])("does not hide other problems as %s in place of a definition", (_, definition) => {
    const problems = problemsOf(
      definition as never,
      changed((e) => (e.backup.retention = "36h")),
    );
    expect(problems.at(-1)).toContain("production.backup.retention: got ");
    expect(problems[0]).toMatch(/^definition 1(\.name)?: got /);
  });
});

test.each<[string, unknown]>([
  ["nothing", undefined],
  ["null", null],
  ["a list", [null]],
  ["an object", { a: { b: [] } }],
])("accepts %s at any path or reports a problem, without a crash", (_, value) => {
  for (const path of placesIn(production)) {
    const problems = problemsOf(changed((e) => put(e, path, value)));
    // Many properties are optional.
    if (value !== undefined) expect({ path, told: problems.length > 0 }).toEqual({ path, told: true });
    for (const problem of problems) expect(problem).toMatch(/^[^:]+: got .+/);
  }
});

function placesIn(value: unknown, path = ""): string[] {
  if (typeof value !== "object" || value === null) return [path];
  const parts = Object.entries(value).flatMap(([key, item]) => placesIn(item, path ? `${path}.${key}` : key));
  return path ? [path, ...parts] : parts;
}

function put(definition: Parameters<Change>[0], path: string, value: unknown): void {
  const keys = path.split(".");
  const last = keys.pop()!;
  keys.reduce((it, key) => it[key], definition)[last] = value;
}

test("reports allowed values for missing fields and for wrong types", () => {
  expect(
    problemsOf(
      changed((e) => {
        delete e.vault.endpoint;
        delete e.siem;
        e.databases = {};
        e.pipeline.vaultLogin = "no";
        e.shards = "two";
        e.services[0].deployment.port = "http";
      }),
    ),
  ).toEqual([
    "production.vault.endpoint: got nothing; allowed: an https:// URL",
    "production.siem: got nothing; allowed: an object",
    "production.databases: got {}; allowed: a list",
    'production.services[0].deployment.port: got "http"; allowed: a port from 1 to 65535',
    'production.pipeline.vaultLogin: got "no"; allowed: true or false',
    'production.shards: got "two"; allowed: one of "one"|"team"',
  ]);
});

describe("a secret value in a definition", () => {
  const planted: [string, string, Change][] = [
    [
      "a Vault token",
      "hvs.CAESIJ0planted0planted0planted",
      (e) => (e.siem.endpoint = "hvs.CAESIJ0planted0planted0planted"),
    ],
    ["an AWS access key", "AKIAPLANTED000000000", (e) => (e.images.vault = "AKIAPLANTED000000000")],
    [
      "a password in a URL",
      "planted-pass",
      (e) => (e.vault.endpoint = "https://admin:planted-pass@vault.example.com"),
    ],
    [
      "a value under a secret's name",
      "planted-value",
      (e) => (e.databases[0].adminPassword = "planted-value"),
    ],
  ];

  test.each(planted)("is rejected without printing it: %s", (_title, value, change) => {
    const text = problemsOf(changed(change)).join("\n");
    expect(text).toContain("got a value that may be a secret (not shown)");
    expect(text).not.toContain(value);
  });

  test("does not hide other problems", () => {
    const problems = problemsOf(
      changed((e) => {
        e.siem.endpoint = "hvs.CAESIJ0planted0planted0planted";
        e.vault.replicas = 2;
        e.services[0].databases[0].name = "orders-db";
      }),
    );
    expect(problems).toEqual([
      "production.siem.endpoint: got a value that may be a secret (not shown); allowed: a reference to where the secret is kept",
      "production.vault.replicas: got 2; allowed: 1, 3, 5 or 7, so that Raft can elect a leader",
      "production.siem.endpoint: got a value that may be a secret (not shown); allowed: an https:// URL",
      'production.services[0].databases[0].name: got "orders-db"; allowed: a database of this environment: payments-db',
    ]);
  });

  test("is removed from the printed object around it", () => {
    const problems = problemsOf(
      changed((e) => (e.vault.enterprise = { dr: { side: "third", clusterToken: "planted-value" } })),
    );
    expect(problems).toContain(
      'production.vault.enterprise.dr.side: got {"side":"third","clusterToken":"(not shown)"}; allowed: one side of DR replication: primary or secondary',
    );
  });

  test("is printed in no message if it is in place of the environment's name", () => {
    const token = "xoxb-planted0planted";
    const text = problemsOf(
      changed((e) => (e.name = token)),
      changed((e) => (e.aws.account = "1"), dev),
      changed((e) => (e.recovers = { environment: "nobody" }), dev),
    ).join("\n");
    expect(text).toContain("definition 1.name: got a value that may be a secret (not shown)");
    expect(text).toContain("allowed: another environment: (not shown)");
    expect(text).not.toContain(token);
  });
});

test("rejects two environments with one name, even in different accounts", () => {
  const allowed = "one that no other environment has, because stacks, roles and buckets are named after it";
  expect(
    problemsOf(
      production,
      changed((e) => (e.name = "production"), dev),
    ),
  ).toEqual([`production.name: got "production"; allowed: ${allowed}`]);
});

test("rejects an environment's name that starts like the stacks of another environment's teams", () => {
  const sharded = changed((e) => (e.shards = "team"));
  const second = changed((e) => (e.name = "production-config"), dev);
  expect(problemsOf(production, second)).toEqual([]);
  expect(problemsOf(sharded, second)).toEqual([
    'production-config.name: got "production-config"; allowed: one that does not start with production-config or production-workloads, as stacks of production\'s teams do',
  ]);
});

describe("two environments in one account and region", () => {
  const twin = (change: Change) => changed((e) => ((e.name = "twin"), inOwnCluster(e), change(e)));

  test("are rejected with the same unseal key alias", () => {
    expect(
      problemsOf(
        production,
        twin(() => undefined),
      ),
    ).toContain(
      'twin.aws.unsealKeyAlias: got "alias/vault-unseal-key in account 333333333333, us-east-1"; allowed: one that production does not use already',
    );
  });

  test("are accepted with different names", () => {
    expect(
      problemsOf(
        production,
        twin((e) => (e.aws.unsealKeyAlias = "alias/twin-unseal-key")),
      ),
    ).toEqual([]);
  });

  test("are rejected if one name is a prefix of the other, by which pipelines find state", () => {
    const second = changed(
      (e) => ((e.name = "production-eu"), (e.aws.unsealKeyAlias = "alias/eu"), inOwnCluster(e)),
    );
    const message =
      'production-eu.name: got "production-eu"; allowed: one that does not start with production-, which is how production\'s pipelines find their state';
    expect(problemsOf(production, second)).toEqual([message]);
    expect(problemsOf(second, production)).toEqual([message]);
  });

  test("are rejected with different state regions", () => {
    const problems = problemsOf(
      production,
      twin((e) => Object.assign(e.aws, { unsealKeyAlias: "alias/twin", stateRegion: "eu-west-1" })),
    );
    expect(problems).toEqual([
      'twin.aws.stateRegion: got "eu-west-1"; allowed: us-west-2, as in production: an account has one state bucket',
    ]);
  });
});
