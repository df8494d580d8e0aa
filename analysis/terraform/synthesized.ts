import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { received } from "../../constructs/core/received";
import { UserError } from "../../constructs/core/user-error";
import { sourceOf } from "./sources";
import { type Json, References, type StackJson } from "./references";

/** One resource of one stack. */
export interface Resource {
  /** Name of the stack. */
  readonly stack: string;
  /** Name of the environment. */
  readonly environment: string;
  /** Terraform type, for example vault_policy. */
  readonly type: string;
  /** Terraform address: type and name. */
  readonly address: string;
  /** Path of the construct that created the resource. */
  readonly writtenBy: string;
  /** Position in the source, for example stacks/config/config-stack.ts:42. @default - not recorded */
  readonly file?: string;
  /** Arguments as synthesized, with their references. */
  readonly body: Json;
  /** Arguments with references to other resources of the stack resolved. */
  readonly attributes: Json;
  /** Namespace of Vault Enterprise; "" is the root namespace. */
  readonly namespace: string;
}

/** Synthesized resources of one environment, over all its stacks. */
export interface Environment {
  /** Name of the environment. */
  readonly name: string;
  /** Resources of all its stacks. */
  readonly resources: readonly Resource[];
  /** Notes on parts of the output that the analysis does not read. */
  readonly notes: readonly string[];
  /** Current addresses of moved resources by their earlier ones. Both include the stack: `stack address`. */
  readonly moved: ReadonlyMap<string, string>;
}

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
        stacks.filter(({ environment }) => environment === name),
      ),
    );
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
    // The statements of an AWS policy are in a data source.
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
    // The provider resolves the namespace of a resource relative to the namespace of its login.
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
