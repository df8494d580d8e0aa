import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { synthesizeApp } from "../cli/program/run-app";
import { places } from "./places";
import { requireProgram } from "../cli/processes";
import { describeMirrors, findMirroredProviders, ownCliConfig, renderCliConfig } from "./provider-mirrors";

/** Checks the version of Terraform. @throws UserError that names the required version */
export function requireTerraform(): void {
  const accepted = /Terraform v1\.(1[1-9]|[2-9]\d)\./;
  requireProgram("terraform", ["version"], "Terraform 1.11 or later", accepted);
}

/** Synthesizes the CDK app. @returns names of the stacks, each after those that it depends on */
export async function synthesize(): Promise<string[]> {
  const out = await synthesizeApp(places.root);
  const manifest = JSON.parse(readFileSync(join(out, "manifest.json"), "utf8"));
  return Object.keys(manifest.stacks);
}

/** Path of Terraform's CLI configuration: the user's own, or one that lists all mirrors of this machine. */
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
