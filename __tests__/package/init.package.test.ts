import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sayMissing, testWithPrograms } from "../support/needs";
import { missingForTerraform } from "../support/terraform";
import { emptyFolder, pack, removeAll, run, validateAll } from "./support/stranger";

afterAll(removeAll);

let project: string;
beforeAll(() => {
  const tarball = pack();
  const folder = emptyFolder("begin");
  run(folder, "npm", ["init", "--yes"]);
  run(folder, "npm", ["install", "--no-fund", "--no-audit", "--prefer-offline", tarball]);
  run(folder, "npx", ["vault-platform", "init", "platform"]);
  project = join(folder, "platform");
  // The registry does not contain the named version yet.
  const path = join(project, "package.json");
  const manifest = JSON.parse(readFileSync(path, "utf8"));
  manifest.dependencies["cdktf-vault-platform"] = `file:${tarball}`;
  writeFileSync(path, JSON.stringify(manifest));
  run(project, "npm", ["install", "--no-fund", "--no-audit", "--prefer-offline"]);
});

testWithPrograms("terraform")(
  "writes a project that compiles, synthesizes and validates in Terraform",
  () => {
    run(project, "npm", ["run", "typecheck"]);
    run(project, "npm", ["run", "synth"]);
    const stacks = readdirSync(join(project, "cdktf.out", "stacks")).sort();
    expect(stacks).toEqual([
      ...["account-111111111111", "account-222222222222", "account-333333333333"],
      ...["dev-cluster", "dev-config", "dev-foundation", "dev-workloads"],
      ...["production-cluster", "production-config", "production-foundation", "production-workloads"],
      ...["staging-cluster", "staging-config", "staging-foundation", "staging-workloads"],
    ]);
    const missing = missingForTerraform(["aws", "helm", "kubernetes", "vault"]);
    if (missing === undefined) validateAll(join(project, "cdktf.out"), /^(account|production)-/);
    else sayMissing(missing);
  },
);

test.each(["6", "7"])("writes a project that compiles with TypeScript %s", (major) => {
  const install = ["install", "--no-save", "--no-fund", "--no-audit", "--prefer-offline"];
  try {
    run(project, "npm", [...install, `typescript@${major}`]);
    expect(run(project, "npx", ["tsc", "--version"])).toContain(`Version ${major}.`);
    run(project, "npm", ["run", "typecheck"]);
  } finally {
    run(project, "npm", install);
  }
});

test("runs commands on the project, not on the package", () => {
  const vaultPlatform = (...args: string[]) =>
    run(project, "npm", ["run", "--silent", "vault-platform", "--", ...args]);
  expect(vaultPlatform("hardening", "--env", "production")).toContain("production: 0 errors");
  expect(vaultPlatform("access", "--env", "dev")).toContain("payment-service");
  expect(() => vaultPlatform("exec", "--env", "local", "--", "true")).toThrow(
    "must be one of dev, staging, production",
  );
});

test("reports violations of hardening rules in the project's definitions and stacks", () => {
  const program = readFileSync(join(project, "main.ts"), "utf8");
  const dev = readFileSync(join(project, "environments", "dev.ts"), "utf8");
  const hardening = () =>
    spawnSync("npm", ["run", "--silent", "vault-platform", "--", "hardening"], {
      cwd: project,
      encoding: "utf8",
    });
  try {
    writeFileSync(
      join(project, "environments", "dev.ts"),
      dev.replace('secretsEncryption: "kms"', 'secretsEncryption: "none"'),
    );
    const { status, stdout } = hardening();
    expect(stdout).toMatch(/^dev: [1-9]\d* errors?/m);
    expect(stdout).toMatch(/^production: 0 errors/m);
    expect(status).toBe(2);

    writeFileSync(join(project, "environments", "dev.ts"), dev);
    expect(hardening().status).toBe(0);
    writeFileSync(
      join(project, "main.ts"),
      `import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
      import { App, TerraformStack } from "cdktf";
      import { buildPlatform } from "cdktf-vault-platform/platform";
      import { definitions } from "./environments";

      const app = new App();
      buildPlatform(app, definitions);
      new KmsKey(new TerraformStack(app, "own"), "Key", { deletionWindowInDays: 7 });
      app.synth();`,
    );
    expect(hardening()).toMatchObject({
      status: 2,
      stdout: expect.stringContaining("error kms-deletion at own/Key"),
    });
  } finally {
    writeFileSync(join(project, "environments", "dev.ts"), dev);
    writeFileSync(join(project, "main.ts"), program);
  }
});

test("prints an error in a definition", () => {
  const path = join(project, "environments", "dev.ts");
  writeFileSync(path, readFileSync(path, "utf8").replace("replicas: 3", "replicas: 2"));
  expect(() => run(project, "npm", ["run", "synth"])).toThrow(
    "dev.vault.replicas: got 2; allowed: 1, 3, 5 or 7, so that Raft can elect a leader",
  );
});
