import { loadEnvironments } from "../../platform/load";
import { production } from "../../environments/production";
import { type Change, problemsOf, withChange } from "./support";

const ledger = { name: "ledger", namespace: "production", team: "payments" };
const others =
  "root, default, terraform-deploy, terraform-bootstrap, vault-backup, vault-drill, vault-restore, vault-rollout, vault-dr-replication, plan, deploy, operator, auditor, admin, secret-writers";
const secret = (name: string) => ({ name, secret: "ledger/config", keys: [{ name: "key", key: "key" }] });

/** Adds a service with additional properties. */
const adding =
  (more: object): Change =>
  (e) =>
    e.services.push({ ...ledger, ...more });

const wrong: [string, Change, string[]][] = [
  [
    "the name of a policy that a pipeline has",
    adding({ name: "plan" }),
    [`services[1].name: got "plan"; allowed: none of ${others}, which are policies of others in Vault`],
  ],
  [
    "the name of a policy that people have",
    adding({ name: "admin" }),
    [`services[1].name: got "admin"; allowed: none of ${others}, which are policies of others in Vault`],
  ],
  [
    "a name that a service of another namespace has",
    adding({ name: "payment-service", namespace: "staging" }),
    [
      'services[1].name: got "payment-service"; allowed: a name that no other service has, in whichever namespace: its role and policy in Vault are named after it',
    ],
  ],
  [
    "a name that reads as another service's with its namespace",
    (e) => {
      adding({ name: "c", namespace: "a-b" })(e);
      adding({ name: "b-c", namespace: "a" })(e);
    },
    ['services[2].name: got "b-c"; allowed: a name with which a-b-c is not also service c of namespace a-b'],
  ],
  ...[
    { secrets: [secret("ledger-secrets")] },
    { databases: [{ name: "payments-db", secret: "ledger-db" }] },
  ].map((kept): [string, Change, string[]] => [
    `a name too long for the release of what is kept for it: ${Object.keys(kept).at(-1)}`,
    adding({ name: "a".repeat(48), reads: ["ledger/*"], ...kept }),
    [
      `services[1].name: got "${"a".repeat(48)}"; allowed: at most 47 characters: the Helm release of its Secrets is named vault-${"a".repeat(48)}, 1 character more than the 53 of Helm`,
    ],
  ]),
  [
    "a namespace that every cluster has",
    adding({ namespace: "default" }),
    [
      'services[1].namespace: got "default"; allowed: a namespace that the platform creates: default exists in every cluster, and is used as it is if kubernetes.existingNamespaces has it',
    ],
  ],
  ...["vault", "cert-manager", "external-secrets", "kube-system"].map(
    (namespace): [string, Change, string[]] => [
      `a namespace that is not for services: ${namespace}`,
      adding({ namespace }),
      [
        `services[1].namespace: got "${namespace}"; allowed: a namespace of services, and none of vault, cert-manager, external-secrets and kube-*`,
      ],
    ],
  ),
  [
    "a team whose namespace Vault has for itself",
    (e) => {
      adding({ team: "sys" })(e);
      e.vault.enterprise = { licence: { secretName: "licence", key: "licence" }, namespaces: true };
    },
    [
      'services[1].team: got "sys"; allowed: none of root, sys, audit, auth, cubbyhole, identity, which cannot be the namespace of a team in Vault',
    ],
  ],
  [
    "a login that outlives what Vault allows",
    adding({ token: { maxTtl: "1000h" } }),
    ['services[1].token.maxTtl: got "1000h"; allowed: at most 768h, where Vault ends every login'],
  ],
  [
    "a Secret whose credentials outlive the login that fetches them",
    adding({ databases: [{ name: "payments-db", secret: "ledger-db" }], token: { ttl: "30m" } }),
    [
      'services[1].databases[0].defaultTtl: got "1h"; allowed: at most token.ttl, which is 30m, because nothing renews the login by which the Secret ledger-db is kept',
    ],
  ],
  [
    "credentials that are gone before its agents look again",
    (e) => (e.services[0].databases[0].defaultTtl = "2m"),
    [
      'services[0].databases[0].defaultTtl: got "2m"; allowed: at least 5m, as often as the agents of a deployment render secrets',
    ],
  ],
  [
    "a prefix with the part of the API's path",
    adding({ reads: ["data/*", "metadata/ledger/*", "secret/data/ledger/*", "secret/ledger/*"] }),
    [
      'services[1].reads[0]: got "data/*"; allowed: the path below the mount without "data/", such as payment-service/config',
      'services[1].reads[1]: got "metadata/ledger/*"; allowed: the path below the mount without "metadata/", which is "ledger/*"',
      'services[1].reads[2]: got "secret/data/ledger/*"; allowed: the path below the mount without "secret/data/", which is "ledger/*"',
      'services[1].reads[3]: got "secret/ledger/*"; allowed: the path below the mount without "secret/", which is "ledger/*"',
    ],
  ],
  [
    "a secret with the part of the API's path or the mount",
    (e) => {
      adding({ secrets: [{ ...secret("a"), secret: "data/ledger/config" }] })(e);
      e.services[0].deployment!.config!.secret = "secret/payment-service/config";
    },
    [
      'services[0].deployment.config.secret: got "secret/payment-service/config"; allowed: the path below the mount without "secret/", which is "payment-service/config"',
      'services[1].secrets[0].secret: got "data/ledger/config"; allowed: the path below the mount without "data/", which is "ledger/config"',
    ],
  ],
  ...["data", "subkeys", "secret"].map((name): (typeof wrong)[number] => [
    `the name ${name}, whose own folder would be part of the API's path or the mount`,
    adding({ name }),
    [
      `services[1].reads: got nothing; allowed: prefixes: ${name}/* is no path below the mount of a KV engine`,
    ],
  ]),
  [
    "no access at all",
    adding({ reads: [] }),
    [
      "services[1].reads: got []; allowed: at least one prefix, or else a database, certificates or an encryptionKey: Vault refuses an empty policy",
    ],
  ],
  [
    "a Secret that another one of the namespace is",
    (e) => {
      adding({ secrets: [secret("shared")], databases: [{ name: "payments-db", secret: "shared" }] })(e);
      adding({ name: "orders", reads: ["ledger/*"], secrets: [secret("shared")] })(e);
      adding({ name: "elsewhere", namespace: "staging", reads: ["ledger/*"], secrets: [secret("shared")] })(
        e,
      );
    },
    [
      'services[1].databases[0].secret: got "shared"; allowed: a name that no other Secret of the namespace has',
      'services[2].secrets[0].name: got "shared"; allowed: a name that no other Secret of the namespace has',
    ],
  ],
  [
    "two databases whose roles, files and variables would be the same",
    adding({
      databases: [
        { name: "payments-db" },
        { name: "payments-db", alias: "books", access: "read-write" },
        { name: "payments-db" },
        { name: "payments-db", alias: "books" },
      ],
    }),
    [
      "services[1].databases[2].alias: got nothing; allowed: a name, such as ledger, for every database of the service but one",
      'services[1].databases[3].alias: got "books"; allowed: an alias that no other database of the service has',
    ],
  ],
  [
    "databases of two services whose roles would be the same",
    (e) => {
      adding({ databases: [{ name: "payments-db", alias: "books" }] })(e);
      adding({ name: "ledger-books", reads: ["ledger/*"], databases: [{ name: "payments-db" }] })(e);
    },
    [
      "services[2].databases[0].alias: got nothing; allowed: an alias with which the role ledger-books-role is not also that of ledger",
    ],
  ],
  [
    "an alias that is too long for the name of its file",
    adding({ databases: [{ name: "payments-db", alias: "a".repeat(39) }] }),
    [
      `services[1].databases[0].alias: got "${"a".repeat(39)}"; allowed: a lower-case DNS label of at most 38 characters, such as ledger`,
    ],
  ],
  [
    "variables of a secret that credentials would replace",
    (e) => {
      e.services[0].databases.push({ name: "payments-db", alias: "old-books" });
      e.services[0].deployment.config.variables.push(
        { name: "DB_PASSWORD", key: "a" },
        { name: "OLD_BOOKS_DB_USERNAME", key: "b" },
      );
    },
    ["DB_PASSWORD", "OLD_BOOKS_DB_USERNAME"].map(
      (name, index) =>
        `services[0].deployment.config.variables[${index + 2}].name: got "${name}"; allowed: another name than DB_USERNAME, DB_PASSWORD, OLD_BOOKS_DB_USERNAME, OLD_BOOKS_DB_PASSWORD, which hold the credentials of databases`,
    ),
  ],
  [
    "two databases of one server that share a user of Vault's",
    (e) =>
      e.databases.push(
        { ...e.databases[0], name: "ledger-db", database: "ledger" },
        { ...e.databases[0], name: "books-db", port: 5433 },
        { ...e.databases[0], name: "stock-db", database: "stock", adminUser: "vault_stock" },
      ),
    [
      'databases[1].adminUser: got "vault_admin"; allowed: another user than that of payments-db, which is on the same server: each connection changes the password of its user',
    ],
  ],
  [
    "a database of two teams that have a namespace each",
    (e) => {
      e.vault.enterprise = { licence: { secretName: "licence", key: "licence" }, namespaces: true };
      adding({ databases: [{ name: "payments-db" }] })(e);
      adding({ name: "books", reads: ["books/*"], team: "books", databases: [{ name: "payments-db" }] })(e);
    },
    [
      'services[2].databases[0].name: got "payments-db"; allowed: a database that services of no other team use: the namespace of payments has the connection, which changes the password of Vault\'s user',
    ],
  ],
  [
    "an invalid name of a database, with a namespace for each team",
    (e) => {
      e.vault.enterprise = { licence: { secretName: "licence", key: "licence" }, namespaces: true };
      adding({ databases: [{ name: "LEDGER-DB" }] })(e);
    },
    [
      'services[1].databases[0].name: got "LEDGER-DB"; allowed: a lower-case DNS label of at most 63 characters, such as payments',
    ],
  ],
  [
    "a key of a Secret twice",
    adding({
      secrets: [
        {
          ...secret("ledger"),
          keys: [
            { name: "a", key: "b" },
            { name: "a", key: "c" },
          ],
        },
      ],
    }),
    [
      'services[1].secrets[0].keys: got [{"name":"a","key":"b"},{"name":"a","key":"c"}]; allowed: a name for each that no other has',
    ],
  ],
  [
    "a domain with an empty part",
    adding({ certificates: ["ledger..svc"] }),
    ['services[1].certificates[0]: got "ledger..svc"; allowed: a host name, such as vault.example.com'],
  ],
  [
    "a deployment that gets no secret",
    adding({ deployment: { image: "myorg/ledger:v2.0.0", command: ["/app/ledger"] } }),
    [
      "services[1].deployment.config: got nothing; allowed: variables of a secret, unless the service has a database or certificates: agents without a secret would not start",
    ],
  ],
  [
    "secrets that it does not read",
    (e) => {
      adding({ reads: ["ledger-old/*", "shared/*"], secrets: [secret("ledger")] })(e);
      e.services[0].deployment.config.secret = "orders/config";
    },
    [
      'services[0].deployment.config.secret: got "orders/config"; allowed: a path below what the service reads: payment-service/*',
      'services[1].secrets[0].secret: got "ledger/config"; allowed: a path below what the service reads: ledger-old/*, shared/*',
    ],
  ],
  [
    "the port of the agent's cache",
    (e) => (e.services[0].deployment.port = 8200),
    ["services[0].deployment.port: got 8200; allowed: another port than 8200, which the agent's cache has"],
  ],
  [
    "more replicas than there can be",
    (e) => (e.services[0].deployment.replicas = 1001),
    ["services[0].deployment.replicas: got 1001; allowed: a whole number from 1 to 1000"],
  ],
  [
    "a program without a name",
    (e) => (e.services[0].deployment.command = ["/app/my service", "--port=1"]),
    [
      'services[0].deployment.command: got ["/app/my service","--port=1"]; allowed: a program first, whose name is letters, digits, dots, dashes and underscores',
    ],
  ],
  [
    "times of nothing",
    adding({ token: { ttl: "0s" }, secrets: [{ ...secret("ledger"), refreshInterval: "0m" }] }),
    [
      'services[1].token.ttl: got "0s"; allowed: digits and one of s, m, h, d, above zero, such as 1h',
      'services[1].secrets[0].refreshInterval: got "0m"; allowed: digits and one of s, m, h, d, above zero, such as 1h',
    ],
  ],
];

test.each(wrong)("rejects a service with %s", (_, change, problems) => {
  expect(problemsOf(withChange(production, change))).toEqual(problems.map((it) => `production.${it}`));
});

test("accepts a service in the namespace default if it is listed as existing", () => {
  const change: Change = (e) => {
    adding({ namespace: "default" })(e);
    e.kubernetes.existingNamespaces = ["default"];
  };
  expect(problemsOf(withChange(production, change))).toEqual([]);
});

test("accepts names of policies that the platform does not create", () => {
  const names = ["plan", "deploy", "operator", "auditor", "admin", "secret-writers"];
  const free = withChange(production, (e) => {
    e.pipeline.vaultLogin = false;
    delete e.vault.oidc;
    for (const name of names) adding({ name })(e);
  });
  expect(loadEnvironments([free])[0].services.map(({ name }) => name)).toEqual(["payment-service", ...names]);
});

test("rejects a database outside the cluster without ranges", () => {
  const outside = (more: object) =>
    withChange(production, (e) => Object.assign(e.databases[0], { host: "db.example.com" }, more));
  expect(problemsOf(outside({}))).toEqual([
    'production.databases[0].host: got "db.example.com"; allowed: a Service of the cluster, such as payments-db.production.svc, unless ranges say where the database is',
  ]);
  expect(problemsOf(outside({ ranges: ["10.0.0.0/24"] }))).toEqual([]);
});
