import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { VaultProvider } from "@cdktf/provider-vault/lib/provider";
import { App, LocalBackend, TerraformStack } from "cdktf";
import { type Environment, readSynthesized } from "../../../analysis/terraform/synthesized";

/** Synthesizes one stack and reads the output. */
export function platform(build: (stack: TerraformStack) => void, name = "production-config"): Environment {
  return inFolder((folder) => {
    synthesizeTo(folder, { [name]: build });
    return readSynthesized(folder)[0];
  });
}

/** Synthesizes stacks to a folder, like `cdktf synth`. */
export function synthesizeTo(
  folder: string,
  stacks: Readonly<Record<string, (stack: TerraformStack) => void>>,
): void {
  const app = new App({ outdir: folder, skipValidation: true });
  for (const [name, build] of Object.entries(stacks)) {
    const stack = new TerraformStack(app, name);
    new LocalBackend(stack, { path: "state" });
    new VaultProvider(stack, "Vault", { address: "https://vault.example.com:8200" });
    build(stack);
  }
  app.synth();
}

/** Runs a function with a temporary folder and deletes the folder. */
export function inFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "access-test-"));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
