import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { places } from "./places";
import { Problem } from "./problem";
import { requireProgram, run } from "./processes";
import { describeMirrors, findMirroredProviders, ownCliConfig, renderCliConfig } from "./provider-mirrors";

/** @throws Problem that says which version is needed */
export function requireTerraform(): void {
  const accepted = /Terraform v1\.(1[1-9]|[2-9]\d)\./;
  requireProgram("terraform", ["version"], "Terraform 1.11 or later", accepted);
}

/** Synthesizes the program. @returns names of the stacks, each after those that it depends on */
export async function synthesize(): Promise<string[]> {
  const { code, stdout, stderr } = await run(process.execPath, ["--require", "tsx/cjs", "main.ts"], {
    cwd: places.root,
    env: { ...process.env, CDKTF_OUTDIR: places.out },
  });
  if (code !== 0) throw new Problem(`Synthesis failed:\n${(stderr || stdout).trim()}`);
  const manifest = JSON.parse(readFileSync(join(places.out, "manifest.json"), "utf8"));
  return Object.keys(manifest.stacks);
}

/** Path of Terraform's CLI configuration: the user's own, or one that names every mirror of this machine. */
export function providerConfig(say: (text: string) => void): string {
  const own = ownCliConfig(process.env);
  if (own) {
    say(`providers: as your Terraform CLI configuration says (${own})`);
    return own;
  }
  const providers = findMirroredProviders({ env: process.env, project: places.root, addOns: "/opt" });
  describeMirrors(providers).forEach((line) => say(`providers: ${line}`));
  const path = join(places.run, "terraform.rc");
  mkdirSync(places.run, { recursive: true, mode: 0o711 });
  writeFileSync(path, renderCliConfig(providers));
  return path;
}
