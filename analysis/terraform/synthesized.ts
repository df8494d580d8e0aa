import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { received } from "../../constructs/core/received";
import { UserError } from "../../constructs/core/user-error";
import { sourceOf } from "./sources";
import { type Json, References, type StackJson } from "./references";

/** One resource of one stack. */
export interface Resource {
  readonly stack: string;
  readonly environment: string;
  readonly type: string;
  /** Type and name, as Terraform says them. */
  readonly address: string;
  /** Path of the construct that made it. */
  readonly writtenBy: string;
  /** Where in the program, such as stacks/config/config-stack.ts:42. @default - it was not recorded */
  readonly file?: string;
  /** As it was written. */
  readonly body: Json;
  /** With everything filled in that it takes from other resources of the stack. */
  readonly attributes: Json;
  /** Namespace of Vault Enterprise. @default - "", the root namespace */
  readonly namespace: string;
}

/** What the program makes of one environment, over all its stacks. */
export interface Environment {
  readonly name: string;
  readonly resources: readonly Resource[];
  /** What was met and cannot be looked into. */
  readonly notes: readonly string[];
  /** Addresses by the addresses that they had before, with their stacks: `stack address`. */
  readonly moved: ReadonlyMap<string, string>;
}

interface Manifest {
  readonly stacks: Readonly<Record<string, { readonly name: string; readonly synthesizedStackPath: string }>>;
}

/** Layers in a stack's name; a shard's name may follow. */
const STACK_NAME = /^(.+?)-(foundation|cluster|config|workloads)(-.+)?$/;

/**
 * Reads what `cdktf synth` wrote. Stacks are put together by environment, since they configure one Vault.
 * @param folder such as cdktf.out
 * @param only the environment to read @default - all
 * @throws UserError when there is no synthesized stack, or none of the environment
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
        stacks.filter(({ environment }) => environment === name),
      ),
    );
}

/** A stack without a layer in its name is an environment of its own. */
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

function environmentFrom(name: string, stacks: readonly { name: string; file: string }[]): Environment {
  const resources: Resource[] = [];
  const notes: string[] = [];
  const moved = new Map<string, string>();
  for (const stack of stacks) {
    const json = JSON.parse(readFileSync(stack.file, "utf8")) as StackJson;
    const references = new References(json);
    for (const [type, bodies] of Object.entries(json.resource ?? {})) {
      for (const [id, body] of Object.entries(bodies)) {
        resources.push(new SynthesizedResource(stack.name, name, type, id, body, json, references));
      }
    }
    // The rights of an AWS policy stand in a data source.
    for (const [id, body] of Object.entries(json.data?.aws_iam_policy_document ?? {})) {
      resources.push(
        new SynthesizedResource(stack.name, name, "aws_iam_policy_document", id, body, json, references),
      );
    }
    for (const module of Object.keys(json.module ?? {})) {
      notes.push(`${stack.name}: the module ${module} is not looked into`);
    }
    for (const { from, to } of json.moved ?? [])
      moved.set(`${stack.name} ${String(from)}`, `${stack.name} ${String(to)}`);
  }
  return { name, resources, notes, moved };
}

class SynthesizedResource implements Resource {
  private resolved: Json | undefined;

  constructor(
    readonly stack: string,
    readonly environment: string,
    readonly type: string,
    private readonly id: string,
    readonly body: Json,
    private readonly json: StackJson,
    private readonly references: References,
  ) {}

  get address(): string {
    return `${this.type}.${this.id}`;
  }

  get writtenBy(): string {
    return this.metadata.path ?? `${this.stack}/${this.address}`;
  }

  get file(): string | undefined {
    return sourceOf(this.metadata.stackTrace);
  }

  get attributes(): Json {
    return (this.resolved ??= this.references.resolve(this.body) as Json);
  }

  get namespace(): string {
    const own = this.attributes.namespace;
    // The provider takes a resource's own from that which it logs in to.
    return [this.providerNamespace, typeof own === "string" ? own : ""]
      .map((namespace) => namespace.replace(/^\/|\/$/g, ""))
      .filter(Boolean)
      .join("/");
  }

  private get metadata(): { readonly path?: string; readonly stackTrace?: readonly string[] } {
    const comment = (this.body["//"] ?? {}) as { metadata?: { path?: string; stackTrace?: string[] } };
    return comment.metadata ?? {};
  }

  private get providerNamespace(): string {
    const [type, alias] = String(this.body.provider ?? "vault").split(".");
    const providers = [this.json.provider?.[type] ?? []].flat() as Json[];
    const namespace = providers.find((provider) => provider.alias === alias)?.namespace;
    return namespace === undefined ? "" : String(this.references.resolve(namespace));
  }
}
