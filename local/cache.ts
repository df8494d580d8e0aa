import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { withLock } from "./lock";
import { places } from "./places";

/** Software to install into the cache. */
export interface Installation {
  /** Name of the folder in the cache. It is unique there. */
  readonly name: string;
  /** Display name of the software. */
  readonly what: string;
  /** Returns true if the software is completely installed. */
  readonly isThere: () => boolean;
  /** Installs the software. Only one process calls it at a time. */
  readonly install: () => Promise<void>;
  readonly say: (text: string) => void;
}

/** Installs software into the cache, which all checkouts of a user share. One process installs, the others wait. */
export async function installOnce({ name, what, isThere, install, say }: Installation): Promise<void> {
  if (isThere()) return;
  mkdirSync(places.cache, { recursive: true });
  const onWait = (pid: number) => say(`waiting for process ${pid}, which installs ${what}`);
  await withLock(join(places.cache, `${name}.lock`), onWait, async () => {
    if (!isThere()) await install();
  });
}
