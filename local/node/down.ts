import { rmSync } from "node:fs";
import { places } from "../places";
import { UserError } from "../../constructs/core/user-error";
import { stopEverything } from "../supervision";
import { leftOvers, restoreMachine } from "./machine";

/**
 * Deletes the node: processes, containers, mounts, network namespaces, rules, cgroups, files.
 * @throws UserError that names the objects that could not be removed
 */
export async function down(): Promise<void> {
  await stopEverything();
  await restoreMachine();
  const left = leftOvers();
  if (left.length > 0) throw new UserError(`The node left something behind:\n  - ${left.join("\n  - ")}`);
  rmSync(places.run, { recursive: true, force: true });
}
