import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import type { EnvironmentDefinition } from "../../../platform/schema";
import { buildPlatform } from "../../../stacks";
import { type Json, readFileTexts, toReadable } from "./json";

const files = readFileTexts(join(__dirname, "../../../constructs"));

/** Synthesizes environments. @returns the stacks in a form for review, by name */
export function synthesize(definitions: readonly EnvironmentDefinition[]): Map<string, Json> {
  const outdir = mkdtempSync(join(tmpdir(), "golden-"));
  try {
    const app = new App({ outdir });
    buildPlatform(app, definitions);
    app.synth();
    const stacks = join(outdir, "stacks");
    return new Map(
      readdirSync(stacks).map((stack) => {
        const written: Json = JSON.parse(readFileSync(join(stacks, stack, "cdk.tf.json"), "utf8"));
        return [stack, toReadable(written, files)];
      }),
    );
  } finally {
    rmSync(outdir, { recursive: true });
  }
}
