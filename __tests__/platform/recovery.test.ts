import { drProduction } from "../../environments/dr-production";
import { loadEnvironments } from "../../platform/load";
import { platformNames } from "../../platform/names";
import { production } from "../../environments/production";
import { recoveryOf } from "../../platform/recovery";
import type { EnvironmentDefinition } from "../../platform/schema";
import { problemsOf, withChange } from "./support";

test("accepts production and its standby together, in either order", () => {
  expect(problemsOf(production, drProduction)).toEqual([]);
  expect(problemsOf(drProduction, production)).toEqual([]);
});

test("derives region, key, endpoint, databases and services from the original", () => {
  const [, recovery] = loadEnvironments([production, drProduction]);
  expect(recovery.recovers).toEqual({ environment: "production", isActive: false });
  expect(recovery.aws).toMatchObject({
    account: "333333333333",
    region: "us-west-2",
    stateRegion: "us-west-2",
    unsealKeyAlias: "alias/vault-unseal-key",
  });
  expect(recovery.aws.replica).toBeUndefined();
  expect(recovery.backup.replicate).toBe(false);
  expect(recovery.vault.endpoint).toBe("https://vault.production.example.com");
  expect(drProduction.services).toBe(production.services);
  expect(drProduction.databases).toBe(production.databases);
});

test("finds the copies by the names of the original's foundation", () => {
  const [original, recovery] = loadEnvironments([production, drProduction]);
  const { recovered, canary, snapshotBucket, snapshotKeyAlias } = platformNames(recovery);
  const { snapshotReplicaBucket, snapshotKeyAlias: originalAlias, recovered: none } = platformNames(original);
  expect(recovered).toEqual({ snapshotBucket: snapshotReplicaBucket, snapshotKeyAlias: originalAlias });
  expect(none).toBeUndefined();
  expect(canary).toBe("production");
  // The standby's backups must not be among the copies, because the latest copy is restored.
  expect(snapshotBucket).toBe("vault-snapshots-dr-production-333333333333-us-west-2");
  expect(snapshotKeyAlias).toBe("alias/dr-production-vault-snapshots");
});

const { kubernetes, network } = drProduction;
const onItsOwn = withChange(production, (e) => {
  delete e.aws.replica;
  e.backup.replicate = false;
});

const wrong: [string, EnvironmentDefinition[], string[]][] = [
  [
    "an environment that is not there",
    [production, withChange(drProduction, (e) => (e.recovers.environment = "prod"))],
    ['dr-production.recovers.environment: got "prod"; allowed: another environment: production'],
  ],
  [
    "itself",
    [production, withChange(drProduction, (e) => (e.recovers.environment = "dr-production"))],
    ['dr-production.recovers.environment: got "dr-production"; allowed: another environment: production'],
  ],
  [
    "one that recovers another",
    [
      production,
      drProduction,
      recoveryOf(drProduction, {
        name: "third",
        kubernetes: {
          ...kubernetes,
          clusterName: "third",
          oidcProvider: "oidc.example.com/third",
          apiServer: "https://third.example.com",
        },
        network,
      }),
    ],
    [
      'third.recovers.environment: got "dr-production"; allowed: an environment that does not itself recover another',
    ],
  ],
  [
    "one without replicas",
    [onItsOwn, recoveryOf(onItsOwn, { name: "dr-production", kubernetes, network })],
    [
      'dr-production.kubernetes.zones: got ["us-west-2a","us-west-2b","us-west-2c"]; allowed: zones of us-east-1 (aws.region), such as us-east-1a',
      `dr-production.kubernetes.oidcProvider: got "${kubernetes.oidcProvider}"; allowed: that of a cluster in us-east-1 (aws.region)`,
      `dr-production.kubernetes.apiServer: got "${kubernetes.apiServer}"; allowed: that of a cluster in us-east-1 (aws.region)`,
      "production.aws.replica: got nothing; allowed: the region of dr-production, which cannot use the key without",
    ],
  ],
  [
    "one whose snapshots are not copied",
    [withChange(production, (e) => (e.backup.replicate = false)), drProduction],
    ["production.backup.replicate: got false; allowed: true, because dr-production restores the copies"],
  ],
  [
    "another region than that of the replicas",
    [production, JSON.parse(JSON.stringify(drProduction).replaceAll("us-west-2", "us-east-2"))],
    [
      'dr-production.aws.stateRegion: got "us-east-2"; allowed: us-west-2, as in production: an account has one state bucket',
      'dr-production.aws.region: got "us-east-2"; allowed: us-west-2, which holds the replicas of production',
    ],
  ],
  [
    "state that is lost with the region",
    [
      withChange(production, (e) => delete e.aws.stateRegion),
      withChange(drProduction, (e) => (e.aws.stateRegion = "us-east-1")),
    ],
    [
      'production.aws.stateRegion: got "us-east-1"; allowed: another region than us-east-1: Terraform\'s state has to outlive what dr-production recovers',
    ],
  ],
  [
    "another account",
    [production, JSON.parse(JSON.stringify(drProduction).replaceAll("333333333333", "444444444444"))],
    [
      'dr-production.aws.account: got "444444444444"; allowed: 333333333333, as in production: its snapshots open with its key alone',
    ],
  ],
  [
    "another key",
    [production, withChange(drProduction, (e) => (e.aws.unsealKeyAlias = "alias/another"))],
    [
      'dr-production.aws.unsealKeyAlias: got "alias/another"; allowed: alias/vault-unseal-key, as in production: its snapshots open with its key alone',
    ],
  ],
  [
    "the cluster of the original",
    [
      production,
      withChange(drProduction, (e) => {
        e.kubernetes.oidcProvider = production.kubernetes.oidcProvider;
        e.kubernetes.apiServer = production.kubernetes.apiServer;
      }),
    ],
    [
      `dr-production.kubernetes.oidcProvider: got "${production.kubernetes.oidcProvider}"; allowed: that of a cluster in us-west-2 (aws.region)`,
      `dr-production.kubernetes.apiServer: got "${production.kubernetes.apiServer}"; allowed: that of a cluster in us-west-2 (aws.region)`,
      `dr-production.kubernetes.apiServer: got "${production.kubernetes.apiServer}"; allowed: that of another cluster than production's`,
      `dr-production.kubernetes.oidcProvider: got "${production.kubernetes.oidcProvider}"; allowed: that of another cluster than production's`,
    ],
  ],
  [
    "replicas of its own",
    [production, withChange(drProduction, (e) => (e.aws.replica = { region: "us-east-1" }))],
    [
      'dr-production.aws.replica: got {"region":"us-east-1"}; allowed: nothing: the key is that of production, which has its replica here',
    ],
  ],
  [
    "a name by which the original's pipelines would reach its state",
    [production, withChange(drProduction, (e) => (e.name = "production-dr"))],
    [
      'production-dr.name: got "production-dr"; allowed: one that does not start with production-, which is how production\'s pipelines find their state',
    ],
  ],
  [
    "DR replication besides",
    [
      production,
      withChange(drProduction, (e) => {
        e.vault.enterprise = {
          licence: { secretName: "licence", key: "vault.hclic" },
          dr: {
            side: "secondary",
            primary: { name: "other", account: "333333333333" },
            peerRanges: ["10.0.0.0/8"],
          },
        };
      }),
    ],
    [
      'dr-production.vault.enterprise.dr: got "secondary"; allowed: nothing, because this environment gets its data from snapshots',
    ],
  ],
];

test.each(wrong)("rejects a recovery environment with %s", (_, definitions, problems) => {
  expect(problemsOf(...definitions)).toEqual(problems);
});

test("does not report an original with problems as unknown", () => {
  const problems = problemsOf(
    withChange(production, (e) => (e.vault.replicas = 2)),
    drProduction,
  );
  expect(problems).toEqual([expect.stringContaining("production.vault.replicas")]);
});
