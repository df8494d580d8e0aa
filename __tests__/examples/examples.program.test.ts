import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TerraformRun } from "../engines/support/terraform-run";
import { DevVault } from "../support/servers/dev-vault";
import { describeUnless, missingPrograms, testUnless } from "../support/needs";
import { StandInSts } from "../support/servers/sts";

jest.setTimeout(120_000);

const root = join(__dirname, "../..");
const examples = readdirSync(join(root, "examples"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const out = mkdtempSync(join(tmpdir(), "examples-"));

/** Runs an example. @returns the folders of its stacks, which will also contain their state */
function synthesize(example: string): Map<string, string> {
  const folder = join(out, example);
  mkdirSync(folder);
  execFileSync(process.execPath, ["--import", "tsx", join("examples", example, "main.ts")], {
    cwd: root,
    env: { ...process.env, CDKTF_OUTDIR: folder },
  });
  const stacks = readdirSync(join(folder, "stacks")).map(
    (name) => [name, join(folder, "stacks", name)] as const,
  );
  for (const [, stack] of stacks) {
    const path = join(stack, "cdk.tf.json");
    const config = JSON.parse(readFileSync(path, "utf8"));
    delete config.terraform.backend;
    writeFileSync(path, JSON.stringify(config));
  }
  return new Map(stacks);
}

const stacks = new Map(examples.map((example) => [example, synthesize(example)]));
afterAll(() => rmSync(out, { recursive: true }));

test("lists each example in examples/README.md", () => {
  const page = readFileSync(join(root, "examples", "README.md"), "utf8");
  for (const example of examples) expect(page).toContain(`[${example}](${example}/main.ts)`);
});

const noTerraform = TerraformRun.missing({ vault: "5.6.0", kubernetes: "2.38.0", helm: "3.1.1" });
const noVault = noTerraform ?? missingPrograms("vault");

const all = [...stacks].flatMap(([example, found]) =>
  [...found].map(([name, path]) => [example, name, path] as const),
);
testUnless(noTerraform).each(all)(
  "%s: validates the stack %s with Terraform",
  async (_example, _name, path) => {
    const terraform = new TerraformRun();
    try {
      await terraform.take(path);
      await terraform.validate();
    } finally {
      terraform.remove();
    }
  },
);

describeUnless(noVault)("on a real Vault", () => {
  let vault: DevVault;
  const runs: TerraformRun[] = [];
  beforeEach(async () => {
    vault = await DevVault.start();
  });
  afterEach(async () => {
    await vault.stop();
    runs.splice(0).forEach((run) => run.remove());
  });

  const env = () => ({ VAULT_ADDR: vault.address, VAULT_TOKEN: vault.rootToken });
  /** Applies a stack and expects an empty second plan. */
  async function apply(example: string, stack: string): Promise<void> {
    const run = new TerraformRun();
    runs.push(run);
    await run.take(stacks.get(example)!.get(stack)!);
    await run.apply(env());
    expect(await run.plan(env())).toEqual([]);
  }
  const enableKubernetes = (path = "kubernetes") => vault.write(`sys/auth/${path}`, { type: "kubernetes" });
  /** Capabilities of a token with the policy on each path. */
  async function may(policy: string, paths: readonly string[]): Promise<Record<string, string[]>> {
    const { auth } = await vault.write("auth/token/create", { policies: [policy], no_default_policy: true });
    return vault.capabilities(auth.client_token, paths);
  }

  test("own-service: reads its secrets and database credentials, and no other service's secrets", async () => {
    await enableKubernetes();
    await vault.write("sys/mounts/secret", { type: "kv", options: { version: "2" } });
    await vault.write("sys/mounts/database", { type: "database" });
    await apply("own-service", "own-service");
    expect(
      await may("ledger", [
        "secret/data/ledger/config",
        "secret/data/other/config",
        "database/creds/ledger-role",
      ]),
    ).toEqual({
      "secret/data/ledger/config": ["read"],
      "secret/data/other/config": ["deny"],
      "database/creds/ledger-role": ["read"],
    });
  });

  test("adopt-existing: imports objects with their settings and versions and keeps the rest", async () => {
    await enableKubernetes("k8s");
    await vault.write("sys/mounts/kv", { type: "kv", options: { version: "2" } });
    await vault.write("kv/config", { max_versions: 50, cas_required: true });
    for (let cas = 0; cas < 8; cas++) {
      await vault.write("kv/data/orders/config", { options: { cas }, data: { value: `v${cas + 1}` } });
    }
    for (const name of ["orders", "billing"]) {
      await vault.write(`auth/k8s/role/${name}`, {
        bound_service_account_names: [name],
        bound_service_account_namespaces: ["production"],
        token_policies: [name, "team-shared"],
      });
      await vault.write(`sys/policies/acl/${name}`, {
        policy: `path "database/creds/${name}" {\n  capabilities = ["read"]\n}\n`,
      });
    }
    const before = await vault.read("auth/k8s/role/orders");
    const run = new TerraformRun();
    runs.push(run);
    await run.take(stacks.get("adopt-existing")!.get("adopt-existing")!);
    expect(await run.count(env())).toBe("6 to import, 2 to add, 1 to change, 0 to destroy");
    await run.apply(env());
    expect(await run.count(env())).toBe("No changes.");
    expect(await vault.read("kv/config")).toMatchObject({ max_versions: 50, cas_required: true });
    await vault.write("kv/data/orders/config", { options: { cas: 8 }, data: { value: "v9" } });
    expect((await vault.read("kv/data/orders/config?version=1")).data).toEqual({ value: "v1" });
    expect(await vault.read("auth/k8s/role/orders")).toEqual(before);
    expect(await may("orders", ["database/creds/orders"])).toEqual({ "database/creds/orders": ["read"] });
    expect(await may("billing", ["database/creds/billing", "kv/data/billing/x"])).toEqual({
      "database/creds/billing": ["read"],
      "kv/data/billing/x": ["read"],
    });
    expect(await may("reports-v2", ["kv/data/orders/config"])).toEqual({ "kv/data/orders/config": ["read"] });
  });

  test("team-shards: applies a team's stack separately after the platform's", async () => {
    await enableKubernetes();
    for (const stack of ["platform", "team-payments", "team-ledger"]) await apply("team-shards", stack);
    expect(await may("reports", ["secret/data/reports/x", "secret/data/refunds/x"])).toEqual({
      "secret/data/reports/x": ["read"],
      "secret/data/refunds/x": ["deny"],
    });
  });

  test("pki-cert-manager: issues the service's name only", async () => {
    await enableKubernetes();
    await vault.write("sys/mounts/pki", { type: "pki", config: { max_lease_ttl: "8760h" } });
    await vault.write("pki/root/generate/internal", { common_name: "Example", ttl: "8760h" });
    await apply("pki-cert-manager", "pki-config");
    const issue = (name: string) => vault.call("POST", "pki/issue/orders", { common_name: name });
    expect((await issue("orders.production.svc")).status).toBe(200);
    expect((await issue("payments.production.svc")).status).toBe(400);
    expect(await may("orders", ["pki/sign/orders", "pki/issue/orders"])).toEqual({
      "pki/sign/orders": expect.arrayContaining(["update"]),
      "pki/issue/orders": ["deny"],
    });
  });

  test("transit: grants encryption without decryption", async () => {
    await enableKubernetes();
    await vault.write("sys/mounts/transit", { type: "transit" });
    await apply("transit", "transit");
    expect(await may("orders", ["transit/encrypt/cards", "transit/decrypt/cards"])).toEqual({
      "transit/encrypt/cards": ["update"],
      "transit/decrypt/cards": ["deny"],
    });
    expect(await may("payments", ["transit/decrypt/cards"])).toEqual({ "transit/decrypt/cards": ["update"] });
  });

  test("aws-login: deploys the stack with the AWS role's login only, without a token", async () => {
    await vault.write("sys/mounts/transit", { type: "transit" });
    await apply("aws-login", "aws-access");
    const sts = await StandInSts.start();
    try {
      // AWS is not available here: Vault uses the example's configuration with a stand-in for STS.
      const client = await vault.read("auth/aws/config/client");
      expect(client).toMatchObject({
        sts_endpoint: "https://sts.us-east-1.amazonaws.com",
        iam_server_id_header_value: "vault.example.com",
      });
      await vault.write("auth/aws/config/client", { ...client, sts_endpoint: sts.url });
      const run = new TerraformRun();
      runs.push(run);
      await run.take(stacks.get("aws-login")!.get("orders")!);
      const signing = {
        VAULT_ADDR: vault.address,
        AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
        AWS_SECRET_ACCESS_KEY: "not-a-key",
      };
      sts.caller = "arn:aws:sts::333333333333:assumed-role/somebody-else/session";
      await expect(run.apply(signing)).rejects.toThrow(/does not belong to the role|403|400/);
      sts.caller = "arn:aws:sts::333333333333:assumed-role/orders-terraform/session";
      await run.apply(signing);
      expect(await run.plan(signing)).toEqual([]);
      expect((await vault.read("transit/keys/orders")).exportable).toBe(false);
      expect(sts.signed.at(-1)).toContain("x-vault-aws-iam-server-id");
      expect(await may("orders-terraform", ["transit/decrypt/orders", "transit/keys/cards"])).toEqual({
        "transit/decrypt/orders": ["deny"],
        "transit/keys/cards": ["deny"],
      });
    } finally {
      await sts.stop();
    }
  });
});
