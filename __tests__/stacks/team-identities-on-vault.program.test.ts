import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeUnless, missingPrograms } from "../support/needs";
import { Synthesized } from "../support/synth";
import { TokenIssuer } from "../support/servers/tokens";
import { TerraformRun } from "../engines/support/terraform-run";
import { DevVault } from "../support/servers/dev-vault";
import { teamStacks } from "./support/team-stacks";

const missing = missingPrograms("vault") ?? TerraformRun.missing({ vault: "5.6.0", kubernetes: "2.38.0" });

describeUnless(missing)("a team's pipeline on a real Vault", () => {
  let vault: DevVault;
  let issuer: TokenIssuer;
  const stacks = teamStacks("config", "config-payments", "config-books");
  const config = new Synthesized(stacks.config);

  beforeAll(async () => {
    [vault, issuer] = await Promise.all([DevVault.start(), TokenIssuer.start()]);
    await vault.write("sys/auth/github", { type: "jwt" });
    await vault.write("auth/github/config", { oidc_discovery_url: issuer.url, bound_issuer: issuer.url });
    await vault.write("sys/auth/kubernetes", { type: "kubernetes" });
    for (const type of ["database", "pki", "transit"]) await vault.write(`sys/mounts/${type}`, { type });
    const role = config
      .resources("vault_jwt_auth_backend_role")
      .find(({ role_name }) => role_name === "deploy-payments")!;
    const { policy } = config.resources("vault_policy").find(({ name }) => name === "deploy-payments")!;
    await vault.write("sys/policies/acl/deploy-payments", { policy });
    await vault.write("auth/github/role/deploy-payments", { ...role, token_policies: ["deploy-payments"] });
  }, 60_000);

  afterAll(async () => {
    await issuer?.stop();
    await vault?.stop();
  });

  const variables = (environment = "production-payments") => ({
    TF_VAR_vault_address: vault.address,
    TF_VAR_cluster_login: "false",
    TF_VAR_vault_login: JSON.stringify({ mount: "github", role: "deploy-payments" }),
    TF_VAR_vault_jwt: issuer.sign({
      aud: "vault",
      sub: `repo:example/vault-platform:environment:${environment}`,
      repository: "example/vault-platform",
      ref: "refs/heads/main",
      environment,
      ...Object.fromEntries(["actor", "job_workflow_ref", "run_id", "sha"].map((claim) => [claim, "x"])),
    }),
  });

  /** Loads a stack and keeps its state in a file of the run. */
  async function take(terraform: TerraformRun, stack: string): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), "team-stack-"));
    const content = structuredClone(stacks[stack]);
    delete content.terraform.backend;
    writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify(content));
    await terraform.take(folder);
    rmSync(folder, { recursive: true });
  }

  test("plans and applies the team's stack", async () => {
    const terraform = new TerraformRun();
    try {
      await take(terraform, "config-payments");
      await terraform.apply(variables());
      expect(await terraform.plan(variables())).toEqual([]);
      const { policy } = await vault.read("sys/policies/acl/payment-service");
      expect(policy).toContain("secret/data/payment-service/*");
    } finally {
      terraform.remove();
    }
  }, 60_000);

  test("is denied the stack of another team", async () => {
    const terraform = new TerraformRun();
    try {
      await take(terraform, "config-books");
      await expect(terraform.apply(variables())).rejects.toThrow(/permission denied/);
      expect((await vault.call("GET", "sys/policies/acl/ledger")).status).toBe(404);
    } finally {
      terraform.remove();
    }
  }, 60_000);

  test("does not log in from another GitHub environment", async () => {
    const { TF_VAR_vault_jwt: jwt } = variables("production-books");
    const login = await vault.call("POST", "auth/github/login", { role: "deploy-payments", jwt }, "");
    expect(login.status).toBe(400);
  });
});
