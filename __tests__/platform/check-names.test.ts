import { dev } from "../../environments/dev";
import { production } from "../../environments/production";
import type { EnvironmentDefinition } from "../../platform/schema";
import { inRegion } from "../support/regions";
import { type Change, inOwnCluster, problemsOf, withChange } from "./support";

const named = (name: string, base: EnvironmentDefinition = dev) => withChange(base, (e) => (e.name = name));

describe("the name of an environment", () => {
  const allowed = (most: number, bucket: string, excess: string) =>
    `at most ${most} characters: the bucket of their access log is named ${bucket}, ${excess} more than the 63 of S3`;

  test("is rejected if a bucket's name would be too long, with the excess", () => {
    const name = "payments-platform-qa";
    const bucket = `vault-access-logs-${name}-111111111111-eu-central-1`;
    expect(bucket).toHaveLength(64);
    expect(problemsOf(named(name, inRegion(dev, "eu-central-1")))).toEqual([
      `${name}.name: got "${name}"; allowed: ${allowed(19, bucket, "1 character")}`,
    ]);
    expect(problemsOf(named("payments-platform-q", inRegion(dev, "eu-central-1")))).toEqual([]);
  });

  test("is accepted in a region with a shorter name", () => {
    expect(problemsOf(named("payments-platform-qa"))).toEqual([]);
  });

  test("is rejected if only a bucket in the copies' region would have too long a name", () => {
    const name = "a".repeat(19);
    const inOneRegion = withChange(named(name, production), (e) => {
      delete e.aws.replica;
      e.backup.replicate = false;
    });
    const copied = withChange(named(name, production), (e) => (e.aws.replica.region = "ap-southeast-2"));
    expect(problemsOf(inOneRegion)).toEqual([]);
    expect(problemsOf(copied)).toEqual([
      `${name}.name: got "${name}"; allowed: at most 17 characters: the bucket of the copies' access log is named vault-access-logs-${name}-333333333333-ap-southeast-2, 2 characters more than the 63 of S3`,
    ]);
  });
});

describe("the name of a database", () => {
  const database = (name: string) => withChange(dev, (e) => (e.databases[0].database = name));

  test.each([57, 60, 63])(
    "is rejected with %d characters, because its roles' names would be truncated",
    (length) => {
      const name = "d".repeat(length);
      const excess = length === 57 ? "1 character" : `${length - 56} characters`;
      expect(problemsOf(database(name))).toEqual([
        `dev.databases[0].database: got "${name}"; allowed: at most 56 characters: the readers of payments-db is named ${name}_app_ro, ${excess} more than the 63 of PostgreSQL`,
      ]);
    },
  );

  test("is accepted with 56 characters", () => expect(problemsOf(database("d".repeat(56)))).toEqual([]));

  test.each<[string, Change, string]>([
    [
      "Vault's user is the role of its writers",
      (e) => (e.databases[0].adminUser = "payments_app_rw"),
      'dev.databases[0].database: got "payments"; allowed: one with which payments_app_rw is not both Vault\'s user and the writers of payments-db in PostgreSQL at payments-db.production.svc:5432',
    ],
    [
      "the owner of its tables is the role of its readers",
      (e) => (e.databases[0].owner = "payments_app_ro"),
      'dev.databases[0].database: got "payments"; allowed: one with which payments_app_ro is not both the owner of tables and the readers of payments-db in PostgreSQL at payments-db.production.svc:5432',
    ],
    [
      "Vault's user owns the tables, whose password Vault would change",
      (e) => (e.databases[0].owner = "vault_admin"),
      'dev.databases[0].adminUser: got "vault_admin"; allowed: one with which vault_admin is not both the owner of tables and Vault\'s user in PostgreSQL at payments-db.production.svc:5432',
    ],
    [
      "its roles would have names that PostgreSQL keeps for itself",
      (e) => (e.databases[0].adminUser = "pg_admin"),
      'dev.databases[0].adminUser: got "pg_admin"; allowed: a name that PostgreSQL does not reserve for itself (pg_*, public, none) for Vault\'s user, which is named pg_admin',
    ],
  ])("is rejected if %s", (_, change, problem) => {
    expect(problemsOf(withChange(dev, change))).toContain(problem);
  });

  test("is rejected for two connections to one database, because they would share roles", () => {
    const problems = problemsOf(
      withChange(dev, (e) => e.databases.push({ ...e.databases[0], name: "again", adminUser: "second" })),
    );
    expect(problems).toEqual([
      'dev.databases[1].database: got "payments"; allowed: one with which payments_app_ro is not both the readers of payments-db and the readers of again in PostgreSQL at payments-db.production.svc:5432',
      'dev.databases[1].database: got "payments"; allowed: one with which payments_app_rw is not both the writers of payments-db and the writers of again in PostgreSQL at payments-db.production.svc:5432',
    ]);
  });
});

describe("other names", () => {
  test("reject a team with too long a name for its CA", () => {
    const team = "t".repeat(39);
    const problems = problemsOf(
      withChange(dev, (e) => {
        e.vault.enterprise = { licence: { secretName: "licence", key: "k" }, namespaces: true };
        e.services[0].team = team;
      }),
    );
    expect(problems).toEqual([
      `dev.services[0].team: got "${team}"; allowed: at most 38 characters: the CA of ${team} is named Vault platform ${team} Issuing CA, 1 character more than the 64 of X.509`,
    ]);
  });

  test("reject a domain that is too long for a certificate's common name", () => {
    const host = `${"h".repeat(53)}.example.com`;
    const certificates = (...list: string[]) =>
      problemsOf(withChange(dev, (e) => (e.services[0].certificates = list)));
    expect(certificates(host)).toEqual([
      `dev.services[0].certificates[0]: got "${host}"; allowed: at most 64 characters: the common name of its certificate has 1 character more than the 64 of X.509`,
    ]);
    expect(certificates("short.example.com", host)).toEqual([]);
  });

  test("reject an alias of more than 256 characters", () => {
    const alias = `alias/${"k".repeat(251)}`;
    expect(problemsOf(withChange(dev, (e) => (e.aws.unsealKeyAlias = alias)))).toEqual([
      "dev.aws.unsealKeyAlias: got a string of 257 characters (not shown); allowed: at most 256 characters: the unseal key has 1 character more than the 256 of KMS",
    ]);
  });
});

describe("equal names of two environments", () => {
  test("reject an unseal key's alias that is the alias of the other's snapshot key", () => {
    const second = withChange(production, (e) => {
      e.name = "second";
      e.aws.unsealKeyAlias = "alias/production-vault-snapshots";
      inOwnCluster(e);
    });
    expect(problemsOf(production, second)).toEqual([
      'second.aws.unsealKeyAlias: got "alias/production-vault-snapshots in account 333333333333, us-east-1"; allowed: one that production does not use already as the key of snapshots',
      'second.aws.unsealKeyAlias: got "alias/production-vault-snapshots in account 333333333333, us-west-2"; allowed: one that production does not use already as the key of snapshots',
    ]);
  });

  test("reject an environment that has the name of a team's GitHub environment", () => {
    const sharded = withChange(dev, (e) => {
      e.shards = "team";
      e.pipeline.teamIdentities = true;
      e.services[0].team = "east";
    });
    const second = withChange(production, (e) => {
      e.name = "dev-east";
      e.pipeline.repository = "Example/Vault-Platform";
    });
    expect(problemsOf(sharded, second)).toEqual([
      'dev-east.name: got "dev-east in the environments of example/vault-platform"; allowed: one that dev does not use already as the environment of the pipeline of east',
    ]);
  });
});

test("checks other names if a field cannot be read", () => {
  const problems = problemsOf(
    withChange(named("a".repeat(30)), (e) => {
      e.databases[0].database = "d".repeat(60);
      e.databases[0].owner = "Not A Role";
      e.aws.unsealKeyAlias = "none";
    }),
  );
  expect(problems.map((problem) => problem.split(":")[0].replace(/^a+/, "name")).sort()).toEqual([
    "name.aws.unsealKeyAlias",
    "name.databases[0].database",
    "name.databases[0].owner",
    "name.name",
  ]);
});
