import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { App, Testing, type TerraformStack } from "cdktf";
import { definitions } from "../../environments";
import { production } from "../../environments/production";
import type { EnvironmentDefinition } from "../../platform/schema";
import { buildPlatform } from "../../stacks";
import { writePlatform } from "../support/platform";

function synthesizeAll(list: readonly EnvironmentDefinition[] = definitions): Map<string, string> {
  const app = writePlatform(list);
  const folder = join(app.outdir, "stacks");
  return new Map(
    readdirSync(folder).map((stack) => [stack, readFileSync(join(folder, stack, "cdk.tf.json"), "utf8")]),
  );
}

const output = synthesizeAll();
const stack = (name: string) => JSON.parse(output.get(name)!);
test("builds one account stack per account with shared state, and each environment's layers", () => {
  expect([...output.keys()].sort()).toEqual([
    "account-111111111111",
    "account-222222222222",
    "account-333333333333",
    "dev-cluster",
    "dev-config",
    "dev-foundation",
    "dev-workloads",
    "local-config",
    "local-foundation",
    "production-cluster",
    "production-config",
    "production-foundation",
    "production-workloads",
    "staging-cluster",
    "staging-config",
    "staging-foundation",
    "staging-workloads",
  ]);
});

test("writes nothing when a hardening rule refuses a stack", () => {
  const app = Testing.app() as App;
  const kubernetes = { ...production.kubernetes, secretsEncryption: "none" as const };
  buildPlatform(app, [{ ...production, kubernetes }]);
  expect(() => app.synth()).toThrow(/cluster-secrets-encryption/);
  expect(
    readdirSync(app.outdir, { recursive: true })
      .map(String)
      .filter((it) => it.endsWith(".json")),
  ).toEqual([]);
});

test("monitors Vault where the cluster has Prometheus, with links to this repository's runbooks", () => {
  const cluster = stack("production-cluster").resource;
  const values = Object.values<{ values: string[] }>(cluster.helm_release).map(({ values: [text] }) => text);
  expect(values.some((text) => text.includes('"kind": "PodMonitor"'))).toBe(true);
  expect(
    values.some((text) => /github\.com\/example\/vault-platform\/blob\/main\/docs\/runbooks/.test(text)),
  ).toBe(true);
  expect(output.get("dev-cluster")).not.toContain("PodMonitor");
});

test("lets Vault's servers reach only the databases and the SIEM that the environment names", () => {
  const policies = Object.values<{
    metadata: { name: string };
    spec: { egress: { ports: { port: string }[] }[] };
  }>(stack("production-cluster").resource.kubernetes_network_policy_v1);
  const server = policies.find(({ metadata }) => metadata.name === "server")!;
  const ports = server.spec.egress.flatMap((rule) => rule.ports.map(({ port }) => port));
  expect([...new Set(ports)].sort()).toEqual(["443", "53", "5432", "8088", "8200", "8201"]);
});

test("deploys each layer after the one before it", () => {
  const app = Testing.app() as App;
  buildPlatform(app, [production]);
  const dependencies = (name: string) =>
    (app.node.findChild(`production-${name}`) as TerraformStack).dependencies.map(({ node }) => node.id);
  expect(dependencies("cluster")).toEqual(["production-foundation"]);
  expect(dependencies("config")).toEqual(["production-cluster"]);
  expect(dependencies("workloads")).toEqual(["production-config"]);
});

test("puts a team's services into the team's stacks alone when shards is team", () => {
  const other = { ...production.services![0], name: "ledger", team: "ledger", secrets: [] };
  const shards = synthesizeAll([
    { ...production, shards: "team", services: [...production.services!, other] },
  ]);
  expect([...shards.keys()].filter((name) => name.startsWith("production")).sort()).toEqual([
    "production-cluster",
    "production-config",
    "production-config-ledger",
    "production-config-payments",
    "production-foundation",
    "production-workloads-ledger",
    "production-workloads-payments",
  ]);
  for (const [name, text] of shards) {
    expect(text.includes('"role_name":"ledger"') || text.includes('"role_name": "ledger"')).toBe(
      name === "production-config-ledger",
    );
  }
  const [connection] = Object.values<{ allowed_roles: string[] }>(
    JSON.parse(shards.get("production-config")!).resource.vault_database_secret_backend_connection,
  );
  expect(connection.allowed_roles).toEqual(["ledger-role", "payment-service-role"]);
});

test("writes the same bytes in two syntheses", () => {
  expect(synthesizeAll()).toEqual(output);
});

test("writes no path of the machine", () => {
  for (const text of output.values()) expect(text).not.toContain(process.cwd());
});

test("encrypts and locks shared state, under a key per stack", () => {
  expect(stack("production-foundation").terraform.backend.s3).toEqual({
    bucket: "vault-platform-state-333333333333-us-west-2",
    key: "production-foundation.tfstate",
    region: "us-west-2",
    encrypt: true,
    kms_key_id: "alias/vault-platform-state",
    use_lockfile: true,
  });
});

test("keeps the local environment's state in a file beside the checkout", () => {
  expect(stack("local-foundation").terraform.backend).toEqual({
    local: { path: "../../../.local/state/local-foundation.tfstate" },
  });
});

test("limits the provider to the definition's account, and accepts the versions 5.100 and 6.x", () => {
  const { provider, terraform } = stack("production-foundation");
  expect(provider.aws.map((it: { allowed_account_ids: string[] }) => it.allowed_account_ids)).toEqual([
    ["333333333333"],
    ["333333333333"],
  ]);
  expect(terraform.required_providers.aws.version).toBe(">= 5.100.0, < 7.0.0");
});

test("sets no region argument, which 5.100 does not know", () => {
  for (const text of output.values()) {
    const bodies = Object.values(JSON.parse(text).resource).flatMap((byId) => Object.values(byId as object));
    for (const body of bodies) expect(body).not.toHaveProperty("region");
  }
});

test("replicates key and snapshots in production, and not in local, whose emulator stores them wrongly", () => {
  expect(stack("production-foundation").resource).toHaveProperty("aws_kms_replica_key");
  expect(stack("production-foundation").resource).toHaveProperty("aws_s3_bucket_replication_configuration");
  expect(stack("local-foundation").resource).not.toHaveProperty("aws_kms_replica_key");
  expect(stack("local-foundation").resource).not.toHaveProperty("aws_s3_bucket_replication_configuration");
});

interface Statement {
  readonly sid: string;
  readonly actions: string[];
  readonly resources: string[];
  readonly condition?: { test: string; variable: string; values: string[] }[];
}

function statements(document: string, name = "production-foundation"): Statement[] {
  const documents = Object.entries<{ statement: Statement[] }>(stack(name).data.aws_iam_policy_document);
  return documents.find(([id]) => id.startsWith(document))![1].statement;
}

describe("pipeline permissions", () => {
  const boundary = "arn:aws:iam::333333333333:policy/production-vault-boundary";
  const roleWriters = ["iam:CreateRole", "iam:PutRolePolicy", "iam:DeleteRolePolicy"];

  test.each(["dev", "local", "production", "staging"])(
    "puts the boundary on every role of %s",
    (environment) => {
      const roles = Object.values<{ permissions_boundary: string }>(
        stack(`${environment}-foundation`).resource.aws_iam_role,
      );
      expect(roles.length).toBeGreaterThanOrEqual(6);
      for (const role of roles)
        expect(role.permissions_boundary).toMatch(/^\$\{aws_iam_policy\.Boundary[^}]*\.arn\}$/);
    },
  );

  test.each(["Deploy_Permissions", "BoundaryDocument"])(
    "%s changes only roles with the boundary",
    (document) => {
      const giving = statements(document).filter(({ actions }) =>
        actions.some((it) => roleWriters.includes(it)),
      );
      expect(giving).toHaveLength(1);
      expect(giving[0].condition).toEqual([
        { test: "StringEquals", variable: "iam:PermissionsBoundary", values: [boundary] },
      ]);
    },
  );

  test.each(["Deploy_Permissions", "BoundaryDocument"])(
    "%s writes only the environment's own roles",
    (document) => {
      const writes = statements(document).filter(({ actions }) =>
        actions.some((it) => it.startsWith("iam:") && !/^iam:(Get|List)/.test(it)),
      );
      expect(writes.map(({ sid }) => sid)).toEqual([
        "WriteBoundedRoles",
        "WriteRoles",
        "HandRoleToReplication",
      ]);
      for (const { resources } of writes) {
        for (const resource of resources)
          expect(resource).toMatch(/^arn:aws:iam::333333333333:role\/production-vault/);
      }
      const actions = statements(document).flatMap((it) => it.actions);
      for (const action of [
        "iam:*",
        "iam:AttachRolePolicy",
        "iam:CreatePolicyVersion",
        "iam:SetDefaultPolicyVersion",
        "iam:DeletePolicy",
        "iam:PutRolePermissionsBoundary",
        "iam:DeleteRolePermissionsBoundary",
      ]) {
        expect(actions).not.toContain(action);
      }
    },
  );
});

test("lets the plan role read no secret value, no snapshot and no other environment's state", () => {
  const plan = statements("Plan_Permissions");
  const actions = plan.flatMap((item) => item.actions);
  expect(actions).not.toContain("secretsmanager:GetSecretValue");
  // A wildcard could include the forbidden actions.
  expect(actions.filter((action) => action.includes("*"))).toEqual(["s3:GetBucket*"]);
  expect(actions.filter((action) => !/^\w+:(Get|List|Describe)/.test(action))).toEqual(["kms:Decrypt"]);
  const reads = plan.filter((item) => item.actions.includes("s3:GetObject"));
  expect(reads.flatMap((item) => item.resources)).toEqual([
    "arn:aws:s3:::vault-platform-state-333333333333-us-west-2/production-*",
  ]);
});

test.each([
  [
    "Bootstrap",
    ["secretsmanager:PutSecretValue", "secretsmanager:DescribeSecret", "kms:GenerateDataKey", "kms:Decrypt"],
  ],
  ["Backup", ["s3:PutObject", "kms:GenerateDataKey", "kms:Decrypt"]],
  [
    "Drill",
    ["s3:ListBucket", "s3:GetObject", "kms:Decrypt", "kms:Encrypt", "kms:Decrypt", "kms:DescribeKey"],
  ],
])("lets the role of %s do only what the job does, on named resources", (job, actions) => {
  const allowed = statements(`${job}_Permissions`);
  expect(allowed.flatMap((statement) => statement.actions)).toEqual(actions);
  for (const { resources } of allowed) {
    for (const resource of resources) expect(resource).toMatch(/^\$\{aws_[a-z0-9_]+\.\w+\.arn\}(\/\*)?$/);
  }
});

test("lets the deploy role change no key policy, move no alias and read no secret value", () => {
  const actions = statements("Deploy_Permissions").flatMap((item) => item.actions);
  // A wildcard could include the forbidden actions.
  expect(actions.filter((action) => action.includes("*"))).toEqual(["s3:GetBucket*", "s3:PutBucket*"]);
  for (const action of [
    "kms:PutKeyPolicy",
    "kms:UpdateAlias",
    "kms:DeleteAlias",
    "kms:ScheduleKeyDeletion",
    "secretsmanager:GetSecretValue",
  ]) {
    expect(actions).not.toContain(action);
  }
});

test("writes no credentials of the shell", () => {
  const planted = {
    AWS_ACCESS_KEY_ID: "AKIAPLANTED000000000",
    AWS_SECRET_ACCESS_KEY: "planted-secret",
    VAULT_TOKEN: "hvs.planted",
  };
  const before = { ...process.env };
  Object.assign(process.env, planted);
  let written: string;
  try {
    written = [...synthesizeAll().values()].join("\n");
  } finally {
    process.env = before;
  }
  for (const value of Object.values(planted)) expect(written).not.toContain(value);
});

test("builds no stack when a definition is wrong", () => {
  const app = Testing.app();
  const wrong = { ...production, vault: { ...production.vault, replicas: 2 as 3 } };
  expect(() => buildPlatform(app, [wrong])).toThrow("production.vault.replicas: got 2");
  expect(app.node.children).toEqual([]);
});
