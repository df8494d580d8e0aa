import { type BlockKind, type Json, type WrittenBlock, blocksOf } from "./blocks";
import type { Existence, Instance } from "./instances";
import { sourceOf } from "./sources";
import { StackEvaluator } from "./stack-evaluator";
import { isUnknown, symbolic, symbolOf } from "./unknown";

/** One block of one stack, of any kind. */
export interface ModelBlock extends WrittenBlock {
  /** Name of the stack. */
  readonly stack: string;
  /** Path of the construct that created the block, or the stack and the address. */
  readonly writtenBy: string;
  /** Position in the source, for example stacks/config/config-stack.ts:42. @default - not recorded */
  readonly file?: string;
  /** Whether the block makes any object, by its `count` or `for_each`. */
  readonly existence: Existence;
  /** Evaluated arguments. What only Terraform knows is an `Unknown`. */
  readonly values: Json;
  /** Evaluated arguments, in which texts `{{terraform EXPRESSION}}` stand for unknown values. */
  readonly attributes: Json;
}

/**
 * One resource of one stack. A block with `count` or `for_each` makes one for each key, or one for all that perhaps
 * exists if their number is unknown.
 */
export interface Resource {
  /** Name of the stack. */
  readonly stack: string;
  /** Name of the environment. */
  readonly environment: string;
  /** Terraform type, for example vault_policy. */
  readonly type: string;
  /** Terraform address: type, name and key, for example vault_policy.App["reader"]. */
  readonly address: string;
  /** Path of the construct that created the resource. */
  readonly writtenBy: string;
  /** Position in the source, for example stacks/config/config-stack.ts:42. @default - not recorded */
  readonly file?: string;
  /** Whether it exists for certain. A resource that a `count` of zero removes is not in the model. */
  readonly existence: Exclude<Existence, "no">;
  /** Arguments as synthesized, with their references. */
  readonly body: Json;
  /** Evaluated arguments. What only Terraform knows is an `Unknown`. */
  readonly values: Json;
  /** Evaluated arguments, in which texts `{{terraform EXPRESSION}}` stand for unknown values. */
  readonly attributes: Json;
  /** Namespace of Vault Enterprise; "" is the root namespace. */
  readonly namespace: string;
}

/** Synthesized blocks of one environment, over all its stacks. */
export interface Environment {
  /** Name of the environment. */
  readonly name: string;
  /** All blocks of all its stacks, whether the analysis reads them or not, and whether they make an object or not. */
  readonly blocks: readonly ModelBlock[];
  /** Resources of all its stacks, also several that write to one place. */
  readonly resources: readonly Resource[];
  /** Notes on parts of the output that the analysis does not read. */
  readonly notes: readonly string[];
  /**
   * Current addresses of moved resources by their earlier ones, also where a `count` is added or removed: Terraform moves
   * the first object then. Both include the stack: `stack address`.
   */
  readonly moved: ReadonlyMap<string, string>;
}

/** Content of the `cdk.tf.json` of one stack. */
export interface Stack {
  /** Name of the stack. */
  readonly name: string;
  /** Blocks of Terraform JSON. */
  readonly json: Json;
}

/** Builds the model of one environment. */
export function environmentFrom(name: string, stacks: readonly Stack[]): Environment {
  const blocks: ModelBlock[] = [];
  const resources: Resource[] = [];
  for (const stack of stacks) {
    const written = blocksOf(stack.json);
    const evaluator = new StackEvaluator(written);
    for (const block of written) {
      const { existence, list } = evaluator.instancesOf(block);
      blocks.push(new SynthesizedBlock(stack.name, block, existence, evaluator));
      if (!isResource(block) || existence === "no") continue;
      for (const instance of list)
        resources.push(
          new SynthesizedResource(stack.name, name, block, existence, instance, evaluator, written),
        );
    }
  }
  const modules = blocks.filter(({ kind }) => kind === "module");
  return {
    name,
    blocks,
    resources,
    notes: modules.map((block) => `${block.stack}: the module ${block.name} is not looked into`),
    moved: movesOf(blocks, resources),
  };
}

function movesOf(blocks: readonly ModelBlock[], resources: readonly Resource[]): Map<string, string> {
  const moved = new Map<string, string>();
  const written = blocks
    .filter(({ kind }) => kind === "moved")
    .map(({ stack, body }): [from: string, to: string] => [
      `${stack} ${String(body.from)}`,
      `${stack} ${String(body.to)}`,
    ]);
  for (const { stack, address } of resources) {
    const [block, key = ""] = `${stack} ${address}`.split(/(?=\[)/);
    if (key === "") moved.set(`${block}[0]`, block);
    if (key === "[0]") moved.set(block, `${block}[0]`);
    for (const [from, to] of written) if (to === block) moved.set(from + key, to + key);
  }
  for (const [from, to] of written) if (!moved.has(from)) moved.set(from, to);
  return moved;
}

/**
 * Moves that Terraform makes between two revisions: current addresses by earlier ones, with their stacks. An object that
 * is at the new address already stays there, and Terraform destroys the one that should move.
 */
export function movesBetween(before: Environment, { moved }: Environment): Map<string, string> {
  const keyOf = ({ stack, address }: { readonly stack: string; readonly address: string }) =>
    `${stack} ${address}`;
  const objects = new Set(before.resources.map(keyOf));
  const blocks = new Set(before.blocks.filter(({ existence }) => existence !== "no").map(keyOf));
  const blockOf = (address: string) => address.replace(/\[.*$/, "");
  return new Map(
    [...moved].filter(([from, to]) => {
      const isTaken = objects.has(to) || (blockOf(from) !== blockOf(to) && blocks.has(to));
      return !isTaken || moved.has(to);
    }),
  );
}

/** Returns true if a value is an attribute of a resource that only Terraform knows, such as `id`. */
export function isAttributeOf(value: unknown, { address, existence }: Resource, attribute: string): boolean {
  const symbol = isUnknown(value) ? value.symbol : value;
  if (typeof symbol !== "string") return false;
  if (symbol === symbolOf(`${address}.${attribute}`)) return true;
  // A reference to one of an unknown number has a key.
  const [start, end] = [
    symbolOf(`${address}[`).replace(/\}\}$/, ""),
    symbolOf(`].${attribute}`).replace(/^\{\{terraform /, ""),
  ];
  return existence === "perhaps" && symbol.startsWith(start) && symbol.endsWith(end);
}

/** The statements of an AWS policy are in a data source. */
function isResource({ kind, type }: WrittenBlock): boolean {
  return kind === "resource" || (kind === "data" && type === "aws_iam_policy_document");
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
    protected readonly block: WrittenBlock,
    readonly existence: Existence,
    protected readonly evaluator: StackEvaluator,
  ) {
    ({ kind: this.kind, type: this.type, name: this.name, address: this.address, body: this.body } = block);
  }

  get writtenBy(): string {
    return this.metadata.path ?? `${this.stack}/${this.address}`;
  }

  get file(): string | undefined {
    return sourceOf(this.metadata.stackTrace);
  }

  get values(): Json {
    return this.evaluator.argumentsOf(this.block, { suffix: "", names: {} });
  }

  get attributes(): Json {
    return (this.resolved ??= symbolic(this.values) as Json);
  }

  private get metadata(): { readonly path?: string; readonly stackTrace?: readonly string[] } {
    const comment = (this.body["//"] ?? {}) as { metadata?: { path?: string; stackTrace?: string[] } };
    return comment.metadata ?? {};
  }
}

class SynthesizedResource extends SynthesizedBlock implements Resource {
  override readonly address: string;
  declare readonly existence: "yes" | "perhaps";

  constructor(
    stack: string,
    readonly environment: string,
    block: WrittenBlock,
    existence: "yes" | "perhaps",
    private readonly instance: Instance,
    evaluator: StackEvaluator,
    private readonly all: readonly WrittenBlock[],
  ) {
    super(stack, block, existence, evaluator);
    this.address = `${block.type}.${block.name}${instance.suffix}`;
  }

  override get values(): Json {
    return this.evaluator.argumentsOf(this.block, this.instance);
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
    const provider = this.all.find(
      ({ kind, type: its, name }) => kind === "provider" && its === type && name === (alias ?? ""),
    );
    const namespace = provider?.body.namespace;
    return namespace === undefined ? "" : String(this.evaluator.evaluate(namespace));
  }
}
