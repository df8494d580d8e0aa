import { type App, type TerraformStack, Testing } from "cdktf";
import { evaluate } from "../../hardening/evaluate";
import { production } from "../../environments/production";
import { buildPlatform } from "../../stacks";
import { testWithTerraform } from "../support/terraform";
import { primary, secondary } from "./support/dr-environments";

const app = Testing.app() as App;
buildPlatform(app, [primary, secondary]);
const stack = (name: string) => app.node.findChild(name) as TerraformStack;
// eslint-disable-next-line @typescript-eslint/no-explicit-any
const written = new Map<string, any>();
const json = (name: string) => {
  if (!written.has(name)) written.set(name, stack(name).toTerraform());
  return written.get(name);
};
// eslint-disable-next-line @typescript-eslint/no-explicit-any
const all = (name: string, type: string): any[] => Object.values(json(name).resource[type] ?? {});
const statements = (name: string, document: string) =>
  Object.entries<{ statement: { sid: string; resources: string[] }[] }>(
    json(name).data.aws_iam_policy_document,
  )
    .filter(([key]) => key.startsWith(document))
    .flatMap(([, { statement }]) => statement);

test("gives each side a stack after the config layer, which creates the Job's role", () => {
  for (const name of ["production", "standby"]) {
    expect(stack(`${name}-replication`).dependencies).toEqual([stack(`${name}-config`)]);
    expect(all(`${name}-replication`, "kubernetes_job_v1")).toHaveLength(1);
    const roles = all(`${name}-config`, "vault_kubernetes_auth_backend_role").map((role) => role.role_name);
    expect(roles).toContain("vault-dr-replication");
  }
});

test("runs each side's script, and allows only the other side's ranges", () => {
  const script = (name: string) => JSON.stringify(all(name, "kubernetes_job_v1"));
  expect(script("production-replication")).toContain("dr-primary.sh");
  expect(script("production-replication")).toContain("https://vault-cluster.us-east-1.example.com:8201");
  expect(script("standby-replication")).toContain("dr-secondary.sh");
  expect(JSON.stringify(all("production-replication", "kubernetes_network_policy_v1"))).toContain(
    "10.80.0.0/16",
  );
  expect(JSON.stringify(all("standby-replication", "kubernetes_network_policy_v1"))).toContain("10.0.0.0/16");
});

test("lets only the primary create tokens, for the secondary's id", () => {
  const policy = (name: string) =>
    all(`${name}-config`, "vault_policy").find((it) => it.name === "vault-dr-replication").policy;
  expect(policy("production")).toContain("sys/replication/dr/primary/secondary-token");
  expect(policy("production")).toContain('"id" = ["standby"]');
  expect(policy("standby")).not.toContain("secondary-token");
});

test("creates the handover secrets in the secondary's account and region", () => {
  const containers = (name: string) =>
    all(`${name}-foundation`, "aws_secretsmanager_secret")
      .map((secret) => secret.name)
      .filter((it) => it.includes("/dr-"));
  expect(containers("standby")).toEqual(["standby/vault/dr-public-key", "standby/vault/dr-token"]);
  expect(containers("production")).toEqual([]);
  expect(JSON.stringify(json("production-replication"))).toContain(
    "arn:aws:secretsmanager:eu-west-1:999999999999:secret:standby/vault/dr-token",
  );
});

test("creates a role for each side, and allows the handover secrets in the boundary", () => {
  for (const name of ["production", "standby"]) {
    const roles = all(`${name}-foundation`, "aws_iam_role").map((role) => role.name);
    expect(roles).toContain(`${name}-vault-dr-replication`);
    const handOver = statements(`${name}-foundation`, "BoundaryDocument").filter(
      ({ sid }) => sid === "HandOver",
    );
    expect(handOver).toEqual([
      expect.objectContaining({
        actions: [
          "secretsmanager:DescribeSecret",
          "secretsmanager:GetSecretValue",
          "secretsmanager:PutSecretValue",
        ],
        resources: ["arn:aws:secretsmanager:eu-west-1:999999999999:secret:standby/vault/dr-*"],
      }),
    ]);
  }
});

test("lets the pipeline name the secondary's key, and no such key of the primary", () => {
  const aliases = (name: string) =>
    JSON.stringify(statements(`${name}-foundation`, "Deploy").filter(({ sid }) => sid === "NameKeys"));
  expect(aliases("standby")).toContain("alias/standby-vault-dr");
  expect(aliases("production")).not.toContain("vault-dr");
});

test("complies with the hardening rules", () => {
  expect(evaluate(app).errors.map(({ path, problem }) => `${path}: ${problem}`)).toEqual([]);
});

test("adds no replication to other environments", () => {
  const plain = Testing.app() as App;
  buildPlatform(plain, [production]);
  expect(plain.node.tryFindChild("production-replication")).toBeUndefined();
  expect(
    JSON.stringify((plain.node.findChild("production-foundation") as TerraformStack).toTerraform()),
  ).not.toMatch(/vault-dr-|"HandOver"/);
});

testWithTerraform(["kubernetes"], "plans the replication layer without a cluster", (plan) => {
  expect(plan(stack("production-replication")).resources("kubernetes_job_v1")).toHaveLength(1);
});
