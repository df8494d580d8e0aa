import { readFileSync } from "node:fs";
import { Project } from "../stand-ins";

// Starting many processes takes time on a busy machine.
jest.setTimeout(240_000);

let project: Project;
beforeEach(() => {
  project = new Project();
  project.file(
    "cdktf.out/manifest.json",
    JSON.stringify({ stacks: { "local-foundation": {}, "local-config": {} } }),
  );
  project.file(
    "cdktf.out/stacks/local-config/cdk.tf.json",
    JSON.stringify({
      terraform: { required_providers: { vault: { source: "hashicorp/vault", version: ">= 5.6.0" } } },
      variable: { vault_address: { type: "string", default: "https://127.0.0.1:1" } },
      provider: {
        vault: [
          {
            address: "${var.vault_address}",
            auth_login: [{ path: "auth/x/login", parameters: { role: "y" } }],
          },
        ],
      },
      ephemeral: {
        kubernetes_token_request_v1: {
          terraform: {
            metadata: { name: "a", namespace: "b" },
            spec: { audiences: ["c"], expiration_seconds: 600 },
          },
        },
      },
    }),
  );
});
afterEach(() => project.dispose());

/** Stand-in for Terraform that can or cannot install the Vault provider. */
function terraform({ hasVault }: { hasVault: boolean }): void {
  project.terraform(":");
  if (hasVault) return;
  project.remove("plugins");
  const script = readFileSync(project.path("bin/terraform"), "utf8");
  project.file(
    "bin/terraform",
    script.replace("*dev-workloads)", "*local-config)").replace("kubernetes v2.38.0", "vault v5.6.0"),
  );
}

test("writes local-config through the API without a Vault provider, and later runs do so too", async () => {
  terraform({ hasVault: false });
  const { code, output } = await project.start().end;
  expect(output).toContain(
    "local-config: Terraform cannot install hashicorp/vault >= 5.6.0 here; put the provider",
  );
  expect(output).toContain("local-config: its resources are written through Vault's API instead");
  expect(output).toMatch(/^local-config +0 +no changes, through Vault's API without Terraform/m);
  expect(code).toBe(0);

  project.file(".local/state/local-config.applied.json", "{}");
  project.file("plugins/terraform-provider-vault", "");
  terraform({ hasVault: true });
  const second = await project.start().end;
  expect(second.output).toContain("local-config: an earlier run wrote it without Terraform.");
  expect(second.output).toMatch(/^local-config +0 +no changes, through Vault's API without Terraform/m);
  expect(second.code).toBe(0);
});

test("refuses to take over a stack that Terraform applied when its provider is missing", async () => {
  terraform({ hasVault: true });
  const { code, output } = await project.start().end;
  expect(output).toMatch(/^local-config +0 +no changes +\d/m);
  expect(code).toBe(0);

  project.file(".local/state/local-config.tfstate", "{}");
  terraform({ hasVault: false });
  const second = await project.start().end;
  expect(second.output).toContain(
    "local-config was applied by Terraform in an earlier run, and cannot be now. ",
  );
  expect(second.output).toContain("Or start anew: npm run local -- down.");
  expect(second.code).toBe(1);
});
