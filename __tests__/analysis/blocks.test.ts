import { blocksOf } from "../../analysis/terraform/blocks";

const stack = {
  "//": { metadata: {} },
  terraform: {
    required_providers: { aws: { source: "hashicorp/aws", version: "6.0.0" } },
    backend: { s3: { bucket: "state" } },
    required_version: ">= 1.11",
  },
  provider: {
    vault: [{ address: "https://a" }, { alias: "eu", address: "https://b" }],
    aws: { region: "x" },
  },
  resource: {
    terraform_data: {
      Run: { provisioner: [{ "local-exec": { command: "a" } }, { "local-exec": { command: "b" } }] },
    },
    vault_policy: [{ App: [{ name: "app" }] }],
  },
  data: { external: { Program: { program: ["sh"] } } },
  ephemeral: { vault_kv_secret_v2: { Token: { name: "t" } } },
  module: { network: { source: "git::https://example.com/network" } },
  variable: { team: { default: "payments" } },
  output: { name: { value: "x" } },
  locals: { a: 1, b: 2 },
  moved: [{ from: "vault_policy.Old", to: "vault_policy.App" }],
  removed: { from: "vault_mount.Old", lifecycle: { destroy: false } },
  import: [{ to: "vault_mount.Kv", id: "secret" }],
  check: { health: { assert: [{ condition: "${true}" }] } },
  action: { aws_lambda_invoke: { Call: {} } },
};

describe("blocksOf", () => {
  const blocks = blocksOf(stack);

  it("returns every block with its kind and its address", () => {
    expect(blocks.map(({ kind, address }) => `${kind}: ${address}`)).toEqual([
      "terraform: terraform.required_providers.aws",
      "terraform: terraform.backend.s3",
      "terraform: terraform.required_version",
      "provider: provider.vault",
      "provider: provider.vault.eu",
      "provider: provider.aws",
      "resource: terraform_data.Run",
      "provisioner: terraform_data.Run.provisioner.local-exec[0]",
      "provisioner: terraform_data.Run.provisioner.local-exec[1]",
      "resource: vault_policy.App",
      "data: data.external.Program",
      "ephemeral: ephemeral.vault_kv_secret_v2.Token",
      "module: module.network",
      "variable: variable.team",
      "output: output.name",
      "locals: locals",
      "moved: moved.vault_policy.Old",
      "removed: removed.vault_mount.Old",
      "import: import.vault_mount.Kv",
      "check: check.health",
      "other: action",
    ]);
  });

  it("keeps the content of each block", () => {
    const bodyOf = (address: string) => blocks.find((block) => block.address === address)?.body;

    expect(bodyOf("provider.vault.eu")).toEqual({ alias: "eu", address: "https://b" });
    expect(bodyOf("terraform.required_version")).toEqual({ value: ">= 1.11" });
    expect(bodyOf("terraform_data.Run.provisioner.local-exec[1]")).toEqual({ command: "b" });
    expect(bodyOf("action")).toEqual({ aws_lambda_invoke: { Call: {} } });
  });
});
