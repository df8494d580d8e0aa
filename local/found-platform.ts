import { existsSync } from "node:fs";
import { join } from "node:path";
import { places } from "./places";
import { UserError } from "../constructs/core/user-error";
import { isStill, partsWithHealth, readRecord } from "./supervision";

/** Platform that an earlier run left in this checkout. */
export type FoundPlatform =
  | { readonly state: "none" }
  /** The emulator runs, with a supervisor or without one. */
  | { readonly state: "up" | "orphaned"; readonly parts: readonly string[] }
  /** Data exist, but the emulator, which held their key, has ended. */
  | { readonly state: "lost"; readonly data: readonly string[]; readonly parts: readonly string[] };

/** Folders and files with data that a new platform would overwrite. */
const DATA = ["state", "vault", "postgres/data", "kubernetes/etcd", "volumes"];

/** Finds the platform of an earlier run. */
export async function findPlatform(): Promise<FoundPlatform> {
  const answering = await partsWithHealth();
  const known = answering ?? readRecord()?.parts ?? [];
  const running = known.filter((part) => (answering ? part.pid !== undefined : isStill(part)));
  const parts = running.map(({ name }) => name);
  if (parts.includes("aws-emulator")) return { state: answering ? "up" : "orphaned", parts };
  const data = DATA.map((name) => join(places.run, name)).filter(existsSync);
  return data.length > 0 || parts.length > 0 ? { state: "lost", data, parts } : { state: "none" };
}

/**
 * Requires that the data are usable. Deletes nothing.
 * @throws UserError that lists the lost data and the remaining processes
 */
export function requireData(
  found: FoundPlatform,
): asserts found is Exclude<FoundPlatform, { state: "lost" }> {
  if (found.state !== "lost") return;
  const { data, parts } = found;
  throw new UserError(
    [
      "The AWS emulator of this platform has ended. It kept everything in memory: the key that unseals Vault, the recovery shares and the buckets.",
      ...(data.length > 0 ? [`Still there, but Vault cannot be unsealed: ${data.join(", ")}.`] : []),
      ...(parts.length > 0 ? [`Still running: ${parts.join(", ")}.`] : []),
      `Nothing was deleted. To delete it all and start a new platform: ${places.command} -- --fresh`,
    ].join("\n"),
  );
}
