import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { writeWhole } from "../write-whole";
import type { Values } from "./program";

/** What was done for one resource. */
export interface Done {
  /** Of what Vault never says again. */
  readonly version?: string;
  /** What Vault answered, as far as other resources refer to it. */
  readonly attributes?: Values;
}

/** What was written by earlier runs and cannot be read back: no secret is in it. */
export class AppliedRecord {
  private readonly resources: Map<string, Done>;

  constructor(private readonly file: string) {
    const content = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
    this.resources = new Map(Object.entries(content));
  }

  get addresses(): string[] {
    return [...this.resources.keys()].sort();
  }

  get(address: string): Done | undefined {
    return this.resources.get(address);
  }

  /** Notes it down at once, so that an interrupted run does nothing twice. */
  set(address: string, done: Done): void {
    if (JSON.stringify(this.resources.get(address)) === JSON.stringify(done)) return;
    this.resources.set(address, done);
    mkdirSync(dirname(this.file), { recursive: true, mode: 0o700 });
    const sorted = Object.fromEntries(this.addresses.map((it) => [it, this.resources.get(it)]));
    writeWhole(this.file, `${JSON.stringify(sorted, undefined, 2)}\n`);
  }
}
