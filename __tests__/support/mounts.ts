import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Checks that this process can mount an in-memory file system.
 * @returns the reason why it cannot, or undefined if it can
 */
export function missingMount(): string | undefined {
  const probe = mkdtempSync(join(tmpdir(), "mount-"));
  const canMount = mount(probe, "size=1m");
  if (canMount) unmount(probe);
  rmSync(probe, { recursive: true });
  return canMount
    ? undefined
    : "no file system can be mounted here, for which the tests would have to run as root";
}

/** Mounts an in-memory file system. @returns true on success */
export function mount(folder: string, options: string): boolean {
  return spawnSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder]).status === 0;
}

/** Unmounts a file system lazily: open files do not block it. */
export function unmount(folder: string): void {
  spawnSync("umount", ["--lazy", folder]);
}
