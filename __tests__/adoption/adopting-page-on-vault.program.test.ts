import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pages, ROOT, snippetsOf } from "../docs/support/pages";
import { TerraformRun } from "../engines/support/terraform-run";
import { DevVault } from "../support/servers/dev-vault";
import { describeUnless, missingPrograms } from "../support/needs";

const missing = missingPrograms("vault") ?? TerraformRun.missing();

jest.setTimeout(120_000);

const page = "docs/adopting.md";
const text = pages().get(page)!;
const [reference, importing, granting] = snippetsOf(page, text).map(({ code }) => code);

describeUnless(missing)("docs/adopting.md on a real Vault", () => {
  let vault: DevVault;
  const out = mkdtempSync(join(tmpdir(), "adopting-"));
  const runs: TerraformRun[] = [];
  const env = () => ({ VAULT_ADDR: vault.address, VAULT_TOKEN: vault.rootToken });

  /** Runs a snippet as the stack of an app and initialises Terraform with it. */
  async function take(name: string, code: string): Promise<TerraformRun> {
    const folder = join(out, name);
    const program = join(ROOT, `${name}-of-adopting-page.ts`);
    writeFileSync(
      program,
      `import { VaultProvider } from "@cdktf/provider-vault/lib/provider";
import { App, TerraformStack } from "cdktf";
const app = new App();
const stack = new TerraformStack(app, "adopted");
new VaultProvider(stack, "Vault", { skipChildToken: true });
${code}
app.synth();
`,
    );
    try {
      execFileSync(process.execPath, ["--import", "tsx", program], {
        cwd: ROOT,
        env: { ...process.env, CDKTF_OUTDIR: folder },
      });
    } finally {
      rmSync(program);
    }
    const path = join(folder, "stacks", "adopted", "cdk.tf.json");
    const config = JSON.parse(readFileSync(path, "utf8"));
    delete config.terraform.backend;
    writeFileSync(path, JSON.stringify(config));
    const run = new TerraformRun();
    runs.push(run);
    await run.take(join(folder, "stacks", "adopted"));
    return run;
  }

  beforeAll(async () => {
    vault = await DevVault.start();
    await vault.write("sys/mounts/kv", { type: "kv", options: { version: "2" }, description: "by hand" });
    await vault.write("kv/config", { max_versions: 50, cas_required: true });
    for (let cas = 0; cas < 8; cas++) {
      await vault.write("kv/data/orders/config", { options: { cas }, data: { value: `v${cas + 1}` } });
    }
    await vault.write("sys/auth/k8s", { type: "kubernetes", config: { max_lease_ttl: "5h" } });
    await vault.write("auth/k8s/config", {
      kubernetes_host: "https://10.0.0.1",
      disable_local_ca_jwt: true,
    });
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
  });
  afterAll(async () => {
    await vault?.stop();
    runs.forEach((run) => run.remove());
    rmSync(out, { recursive: true, force: true });
  });

  test("references existing objects without importing or changing them", async () => {
    const run = await take("reference", reference);
    expect(await run.count(env())).toBe("2 to add, 0 to change, 0 to destroy");
    await run.apply(env());
    expect((await vault.read("auth/k8s/role/orders")).token_policies).toEqual(["orders", "team-shared"]);
  });

  test("imports as many resources as the page states, and keeps their settings", async () => {
    const run = await take("importing", importing);
    const [, said] = /`Plan: (.*)\.`/.exec(text)!;
    expect(await run.count(env())).toBe(said);
    await run.apply(env());
    expect(await run.count(env())).toBe("No changes.");
    expect(await vault.read("kv/config")).toMatchObject({ max_versions: 50, cas_required: true });
    await vault.write("kv/data/orders/config", { options: { cas: 8 }, data: { value: "v9" } });
    for (let version = 1; version <= 9; version++) {
      const { data } = await vault.read(`kv/data/orders/config?version=${version}`);
      expect(data).toEqual({ value: `v${version}` });
    }
    const role = await vault.read("auth/k8s/role/orders");
    expect(role).not.toHaveProperty("audience");
    expect(role.token_policies).toEqual(["orders", "team-shared"]);
    expect((await vault.read("sys/policies/acl/orders")).policy).toContain("database/creds/orders");
  });

  test("adds a grant to an imported policy, and keeps its permissions", async () => {
    const run = await take("granting", granting);
    expect(await run.count(env())).toBe("2 to import, 0 to add, 1 to change, 0 to destroy");
    await run.apply(env());
    const { auth } = await vault.write("auth/token/create", {
      policies: ["billing"],
      no_default_policy: true,
    });
    const paths = ["database/creds/billing", "kv/data/billing/x"];
    expect(await vault.capabilities(auth.client_token, paths)).toEqual({
      "database/creds/billing": ["read"],
      "kv/data/billing/x": ["read"],
    });
  });
});
