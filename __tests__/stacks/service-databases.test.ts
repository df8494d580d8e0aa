import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Acl } from "../../constructs/policy/acl";
import { parsePolicy } from "../../constructs/policy/vault-policy";
import { production } from "../../environments/production";
import type { EnvironmentDefinition } from "../../platform/schema";
import { paymentsDatabase } from "../../environments/shared";
import { Synthesized } from "../support/synth";
import { writePlatform } from "../support/platform";

const ledger = { ...paymentsDatabase, name: "ledger-db", host: "ledger-db.books.svc", database: "ledger" };

type Resource = any; // eslint-disable-line @typescript-eslint/no-explicit-any

/** Production with one service that uses two databases, one of them twice. */
const definition: EnvironmentDefinition = {
  ...production,
  databases: [paymentsDatabase, ledger],
  services: [
    {
      name: "payment-service",
      namespace: "production",
      team: "payments",
      databases: [
        { name: "payments-db", access: "read-write", secret: "payments-credentials" },
        { name: "ledger-db", alias: "ledger", defaultTtl: "30m", secret: "ledger-credentials" },
        { name: "payments-db", alias: "report" },
      ],
      deployment: { image: "myorg/payment-service:v1.2.3", command: ["/app/payment-service"] },
    },
  ],
};

const { outdir } = writePlatform([definition]);
const [config, workloads] = ["config", "workloads"].map((layer) => {
  const file = join(outdir, "stacks", `production-${layer}`, "cdk.tf.json");
  return new Synthesized(JSON.parse(readFileSync(file, "utf8")));
});

test("creates a role with its access and TTL for each database of a service", () => {
  const roles = config.resources("vault_database_secret_backend_role");
  expect(
    roles.map(({ name, db_name, default_ttl, creation_statements }) => [
      name,
      /Database-([\w-]+)_/.exec(db_name)![1],
      default_ttl,
      /IN ROLE "?(\w+)/.exec(creation_statements.join())![1],
    ]),
  ).toEqual([
    ["payment-service-ledger-role", "ledger-db", 1800, "ledger_app_ro"],
    ["payment-service-report-role", "payments-db", 3600, "payments_app_ro"],
    ["payment-service-role", "payments-db", 3600, "payments_app_rw"],
  ]);
});

test("allows only the roles of its database in each connection", () => {
  const allowed = config
    .resources("vault_database_secret_backend_connection")
    .map(({ name, allowed_roles }) => [name, allowed_roles]);
  expect(Object.fromEntries(allowed)).toEqual({
    "payments-db": ["payment-service-report-role", "payment-service-role"],
    "ledger-db": ["payment-service-ledger-role"],
  });
});

test("allows a service the credentials of its roles only", () => {
  const { policy } = config.resources("vault_policy").find(({ name }) => name === "payment-service")!;
  const acl = new Acl([{ name: "payment-service", rules: parsePolicy(policy) }]);
  const may = (role: string) => acl.capabilities(`database/creds/${role}`);
  for (const role of ["payment-service-role", "payment-service-ledger-role", "payment-service-report-role"]) {
    expect(may(role)).toEqual(["read"]);
  }
  expect(may("payment-service-other-role")).toEqual(["deny"]);
});

test("writes a file of variables for each database, with a prefix for all but the first", () => {
  const { annotations } = workloads.resource("kubernetes_deployment_v1").spec.template.metadata;
  const file = (name: string) => ({
    path: annotations[`vault.hashicorp.com/agent-inject-secret-${name}`],
    variables: [
      ...annotations[`vault.hashicorp.com/agent-inject-template-${name}`].matchAll(/export (\w+)=/g),
    ].map(([, variable]) => variable),
  });
  expect(["db", "db-ledger", "db-report"].map(file)).toEqual([
    { path: "database/creds/payment-service-role", variables: ["DB_USERNAME", "DB_PASSWORD"] },
    {
      path: "database/creds/payment-service-ledger-role",
      variables: ["LEDGER_DB_USERNAME", "LEDGER_DB_PASSWORD"],
    },
    {
      path: "database/creds/payment-service-report-role",
      variables: ["REPORT_DB_USERNAME", "REPORT_DB_PASSWORD"],
    },
  ]);
});

test("creates a VaultDynamicSecret for each database that names a Secret", () => {
  const [release] = workloads
    .resources("helm_release")
    .filter(({ name }) => name === "vault-payment-service");
  const { resources } = JSON.parse(release.values[0]);
  const generators = (resources as Resource[]).filter(({ kind }) => kind === "VaultDynamicSecret");
  expect(generators.map(({ metadata, spec }) => [metadata.name, spec.path])).toEqual([
    ["payments-credentials", "database/creds/payment-service-role"],
    ["ledger-credentials", "database/creds/payment-service-ledger-role"],
  ]);
});
