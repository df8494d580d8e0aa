import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { received } from "../../constructs/core/received";
import { UserError } from "../../constructs/core/user-error";
import { sourceOf } from "./sources";
import { type BlockKind, type Json, type WrittenBlock, blocksOf } from "./blocks";
import { References, type StackJson } from "./references";

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

/** One block of one stack, of any kind. */
export interface ModelBlock extends WrittenBlock {
  /** Name of the stack. */
  readonly stack: string;
  /** Path of the construct that created the block, or the stack and the address. */
  readonly writtenBy: string;
  /** Position in the source, for example stacks/config/config-stack.ts:42. @default - not recorded */
  readonly file?: string;
  /** Arguments with references to other blocks of the stack resolved. */
  readonly attributes: Json;
}

/** Synthesized blocks of one environment, over all its stacks. */
export interface Environment {
  /** Name of the environment. */
  readonly name: string;
  /** All blocks of all its stacks, whether the analysis reads them or not. */
  readonly blocks: readonly ModelBlock[];
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
  const blocks: ModelBlock[] = [];
  const resources: Resource[] = [];
  for (const stack of stacks) {
    const json = JSON.parse(readFileSync(stack.file, "utf8")) as StackJson;
    const references = new References(json);
    for (const block of blocksOf(json as Json)) {
      blocks.push(new SynthesizedBlock(stack.name, block, references));
      // The statements of an AWS policy are in a data source.
      if (block.kind === "resource" || (block.kind === "data" && block.type === "aws_iam_policy_document"))
        resources.push(new SynthesizedResource(stack.name, name, block, json, references));
    }
  }
  const of = (kind: BlockKind) => blocks.filter((block) => block.kind === kind);
  return {
    name,
    blocks,
    resources,
    notes: of("module").map((block) => `${block.stack}: the module ${block.name} is not looked into`),
    moved: new Map(
      of("moved").map(({ stack, body }) => [`${stack} ${String(body.from)}`, `${stack} ${String(body.to)}`]),
    ),
  };
}

class SynthesizedBlock implements ModelBlock {
  readonly kind: BlockKind;
  readonly type: string;
  readonly name: string;
  readonly address: string;
  readonly body: Json;
  private resolved: Json | undefined;

  constructor(
    readonly stack: string,
    { kind, type, name, address, body }: WrittenBlock,
    protected readonly references: References,
  ) {
    this.kind = kind;
    this.type = type;
    this.name = name;
    this.address = address;
    this.body = body;
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

  private get metadata(): { readonly path?: string; readonly stackTrace?: readonly string[] } {
    const comment = (this.body["//"] ?? {}) as { metadata?: { path?: string; stackTrace?: string[] } };
    return comment.metadata ?? {};
  }
}

class SynthesizedResource extends SynthesizedBlock implements Resource {
  constructor(
    stack: string,
    readonly environment: string,
    block: WrittenBlock,
    private readonly json: StackJson,
    references: References,
  ) {
    super(stack, { ...block, address: `${block.type}.${block.name}` }, references);
  }

  get namespace(): string {
    const own = this.attributes.namespace;
    // The provider resolves the namespace of a resource relative to the namespace of its login.
    return [this.providerNamespace, typeof own === "string" ? own : ""]
      .map((namespace) => namespace.replace(/^\/|\/$/g, ""))
      .filter(Boolean)
      .join("/");
  }

  private get providerNamespace(): string {
    const [type, alias] = String(this.body.provider ?? "vault").split(".");
    const providers = [this.json.provider?.[type] ?? []].flat() as Json[];
    const namespace = providers.find((provider) => provider.alias === alias)?.namespace;
    return namespace === undefined ? "" : String(this.references.resolve(namespace));
  }
}
