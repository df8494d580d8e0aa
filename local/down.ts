import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runningEmulator, stopEmulator } from "./emulator";
import { places } from "./places";

/** Takes the platform away: the emulator, its state, and what Terraform left beside the synthesized stacks. */
export function down(): void {
  const emulator = runningEmulator();
  if (emulator) stopEmulator(emulator);
  rmSync(places.run, { recursive: true, force: true });
  const stacks = join(places.out, "stacks");
  for (const stack of existsSync(stacks) ? readdirSync(stacks) : []) {
    for (const left of [".terraform", ".terraform.lock.hcl"]) {
      rmSync(join(stacks, stack, left), { recursive: true, force: true });
    }
  }
}
