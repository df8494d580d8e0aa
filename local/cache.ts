import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { withLock } from "./lock";
import { places } from "./places";

export interface Installation {
  /** Name of its folder in the cache, or of one that nothing else has. */
  readonly name: string;
  /** What it is, for people to read. */
  readonly what: string;
  readonly isThere: () => boolean;
  readonly install: () => Promise<void>;
  readonly say: (text: string) => void;
}

/** Installs into the cache, which all checkouts of a user share: one process installs, the others wait for it. */
export async function installOnce({ name, what, isThere, install, say }: Installation): Promise<void> {
  if (isThere()) return;
  mkdirSync(places.cache, { recursive: true });
  const onWait = (pid: number) => say(`waiting for process ${pid}, which installs ${what}`);
  await withLock(join(places.cache, `${name}.lock`), onWait, async () => {
    if (!isThere()) await install();
  });
}
