import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { writeWhole } from "../write-whole";
import type { Values } from "./program";

/** Result of writing one resource. */
export interface Done {
  /** Version of the data that Vault does not return when it is read. */
  readonly version?: string;
  /** Fields of Vault's answer that other resources refer to. */
  readonly attributes?: Values;
}

/** Record of the writes of earlier runs that cannot be read back from Vault. It contains no secret. */
export class AppliedRecord {
  private readonly resources: Map<string, Done>;

  constructor(private readonly file: string) {
    const content = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
    this.resources = new Map(Object.entries(content));
  }

  /** Addresses of the recorded resources, sorted. */
  get addresses(): string[] {
    return [...this.resources.keys()].sort();
  }

  /** Result of an earlier run for a resource, or undefined if there is none. */
  get(address: string): Done | undefined {
    return this.resources.get(address);
  }

  /** Saves the result at once, so that a run after an interruption does not repeat the write. */
  set(address: string, done: Done): void {
    if (JSON.stringify(this.resources.get(address)) === JSON.stringify(done)) return;
    this.resources.set(address, done);
    mkdirSync(dirname(this.file), { recursive: true, mode: 0o700 });
    const sorted = Object.fromEntries(this.addresses.map((it) => [it, this.resources.get(it)]));
    writeWhole(this.file, `${JSON.stringify(sorted, undefined, 2)}\n`);
  }
}
