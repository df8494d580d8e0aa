import { renameSync, writeFileSync } from "node:fs";

/** Replaces a file atomically: a reader, also after a crash, sees either the old text or the new one. */
export function writeWhole(file: string, text: string): void {
  const draft = `${file}.new`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, file);
}
