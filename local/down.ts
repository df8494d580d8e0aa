import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { places } from "./places";
import { stopEverything } from "./supervision";

/** Deletes the platform: its processes, their files, and Terraform's files beside the synthesized stacks. */
export async function down(): Promise<void> {
  await stopEverything();
  rmSync(places.run, { recursive: true, force: true });
  const stacks = join(places.out, "stacks");
  for (const stack of existsSync(stacks) ? readdirSync(stacks) : []) {
    for (const left of [".terraform", ".terraform.lock.hcl"]) {
      rmSync(join(stacks, stack, left), { recursive: true, force: true });
    }
  }
}
