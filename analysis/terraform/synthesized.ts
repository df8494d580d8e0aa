import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { received } from "../../constructs/core/received";
import { UserError } from "../../constructs/core/user-error";
import type { Json } from "./blocks";
import { type Environment, environmentFrom } from "./model";

export type { Environment, ModelBlock, Resource } from "./model";

interface Manifest {
  readonly stacks: Readonly<Record<string, { readonly name: string; readonly synthesizedStackPath: string }>>;
}

/** Environment and layer in the name of a stack. The name of a shard may follow. */
const STACK_NAME = /^(.+?)-(foundation|cluster|config|workloads)(-.+)?$/;

/**
 * Reads the output of `cdktf synth`. Stacks are grouped by environment, because they configure one Vault.
 * @param folder for example cdktf.out
 * @param only environment to read @default - all
 * @throws UserError if there is no synthesized stack, or none of the environment
 */
export function readSynthesized(folder: string, only?: string): Environment[] {
  const stacks = stackFiles(folder).map(([name, file]) => ({ name, file, environment: environmentOf(name) }));
  const names = [...new Set(stacks.map(({ environment }) => environment))];
  if (only !== undefined && !names.includes(only)) {
    throw new UserError(
      `--env must be an environment that has stacks, got ${received(only)}; allowed: ${names.join(", ")}.`,
    );
  }
  return names
    .filter((name) => only === undefined || name === only)
    .map((name) =>
      environmentFrom(
        name,
        stacks
          .filter(({ environment }) => environment === name)
          .map((stack) => ({
            name: stack.name,
            json: { ...(JSON.parse(readFileSync(stack.file, "utf8")) as Json), ...otherFiles(stack.file) },
          })),
      ),
    );
}

/**
 * Other files that Terraform reads in the folder of a stack, such as overrides and values of variables. Each is a block
 * of a kind that is not known, so that a change is named.
 */
function otherFiles(file: string): Json {
  const folder = dirname(file);
  const names = readdirSync(folder).filter(
    (name) => name !== basename(file) && /\.(tf|tofu|tfvars)(\.json)?$/.test(name),
  );
  const hash = (name: string) =>
    createHash("sha256")
      .update(readFileSync(join(folder, name)))
      .digest("hex");
  return Object.fromEntries(names.sort().map((name) => [`file ${name}`, { sha256: hash(name) }]));
}

/** Environment of a stack. A stack without a layer in its name is an environment by itself. */
export function environmentOf(stack: string): string {
  return STACK_NAME.exec(stack)?.[1] ?? stack;
}

function stackFiles(folder: string): [name: string, file: string][] {
  const manifest = join(folder, "manifest.json");
  if (existsSync(manifest)) {
    const { stacks } = JSON.parse(readFileSync(manifest, "utf8")) as Manifest;
    return Object.values(stacks).map(({ name, synthesizedStackPath }) => [
      name,
      join(folder, synthesizedStackPath),
    ]);
  }
  const stacks = join(folder, "stacks");
  const names = existsSync(stacks) ? readdirSync(stacks).sort() : [];
  const files = names.map((name): [string, string] => [name, join(stacks, name, "cdk.tf.json")]);
  const found = files.filter(([, file]) => existsSync(file));
  if (found.length === 0)
    throw new UserError(`${folder} holds no synthesized stack; run the synthesis first.`);
  return found;
}
