import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Environment, readSynthesized } from "../../../analysis/terraform/synthesized";
import { inFolder } from "./platform";

/** Terraform JSON of a stack, to be changed by tests. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests change any part of it
export type Stack = Record<string, any>;

const GOLDEN = join(__dirname, "../../golden/production");

/** Text that golden files show as JSON, as lines, or by the name of a file. It is a reviver for JSON.parse. */
export function asText(_key: string, value: Stack | null): unknown {
  if (value?.json !== undefined) return JSON.stringify(value.json);
  if (Array.isArray(value?.text)) return value.text.join("\n");
  return typeof value?.file === "string" ? `content of ${value.file}` : value;
}

/** Foundation of the environment `production`, which has its identities, keys, shares and snapshots. */
export function foundation(change: (stack: Stack) => void = () => undefined): Environment {
  const json = JSON.parse(readFileSync(join(GOLDEN, "foundation.tf.json"), "utf8")) as Stack;
  change(json);
  return environmentFrom({ "production-foundation": json });
}

/** Environment of stacks by name. */
export function environmentFrom(stacks: Readonly<Record<string, Stack>>): Environment {
  return environmentsFrom(stacks)[0];
}

/** Environments of stacks by name. */
export function environmentsFrom(stacks: Readonly<Record<string, Stack>>): Environment[] {
  return inFolder((folder) => {
    for (const [name, json] of Object.entries(stacks)) {
      mkdirSync(join(folder, "stacks", name), { recursive: true });
      writeFileSync(join(folder, "stacks", name, "cdk.tf.json"), JSON.stringify(json));
    }
    return readSynthesized(folder);
  });
}
