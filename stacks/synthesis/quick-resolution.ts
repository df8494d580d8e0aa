import { type ITokenResolver, type ResolveOptions, TerraformStack, Token, Tokenization } from "cdktf";

/**
 * Has the engine resolve only what holds a reference, and merge without copying. It takes the same steps for every key
 * and value of every resource, three times a resource, and nearly all of them are plain: this is most of the time of a
 * large program.
 */
export function withQuickResolution<T>(work: () => T): T {
  const { resolve } = Tokenization;
  const { toTerraform } = TerraformStack.prototype;
  let current: StackInWork | undefined;
  Tokenization.resolve = (value, options) =>
    options.scope === current?.stack
      ? resolvePart(value, options, resolve, current)
      : resolveQuickly(value, options, resolve, new Map());
  TerraformStack.prototype.toTerraform = function (this: TerraformStack) {
    const outer = current;
    const { rawOverrides } = this as unknown as { readonly rawOverrides: object };
    current = { stack: this, overridden: Object.keys(rawOverrides), texts: new Map(), sealed: new Map() };
    try {
      return toTerraform.call(this) as unknown;
    } finally {
      current = outer;
    }
  };
  try {
    return work();
  } finally {
    Tokenization.resolve = resolve;
    TerraformStack.prototype.toTerraform = toTerraform;
  }
}

/** A stack that is being put together. */
interface StackInWork {
  readonly stack: TerraformStack;
  /** Sections, such as `terraform`, of which the stack itself says something. */
  readonly overridden: readonly string[];
  /** What was resolved of it: what depends on another names it, and many do on the same. */
  readonly texts: Map<string, unknown>;
  /** Where the blocks are that are ready, by their addresses. */
  readonly sealed: Map<string, Blocks>;
}

/** Blocks of one type by their names. */
type Blocks = Record<string, unknown>;

type Resolve = typeof Tokenization.resolve;

/** Resolves what one element of a stack gives, or in the end the whole of it. */
function resolvePart(
  value: unknown,
  options: ResolveOptions,
  resolve: Resolve,
  { stack, overridden, texts, sealed }: StackInWork,
): unknown {
  const sealing = !SECTIONS.some((section) => overridden.includes(section));
  if (!isWhole(value, stack)) {
    const resolved = resolveQuickly(value, options, resolve, texts);
    if (sealing) sealBlocks(resolved, sealed);
    return resolved;
  }
  if (sealing) unsealBlocks(value);
  // Everything but the stack's own overrides was resolved before.
  const whole = { ...(value as Record<string, unknown>) };
  for (const section of overridden) whole[section] = resolveQuickly(whole[section], options, resolve, texts);
  return whole;
}

function isWhole(value: unknown, stack: TerraformStack): boolean {
  if (typeof value !== "object") return false;
  const { metadata } = (value as { "//"?: { metadata?: { stackName?: string } } } | null)?.["//"] ?? {};
  return metadata?.stackName === stack.node.id;
}

/** Those with a block for every resource. */
const SECTIONS = ["resource", "data"];

/** A block that is ready. The engine copies what it merges, but not what says that it is a reference. */
class ReadyBlock {
  constructor(readonly block: unknown) {}

  resolve(): unknown {
    return this.block;
  }
}

function sealBlocks(fragment: unknown, sealed: Map<string, Blocks>): void {
  forBlocks(fragment, (blocks, name, type) => {
    const address = `${type}.${name}`;
    const earlier = sealed.get(address);
    // What two elements say of one resource is not ready before the engine has merged it.
    if (earlier) return unseal(earlier, name);
    sealed.set(address, blocks);
    blocks[name] = new ReadyBlock(blocks[name]);
  });
}

function unsealBlocks(whole: unknown): void {
  forBlocks(whole, unseal);
}

function unseal(blocks: Blocks, name: string): void {
  const block = blocks[name];
  if (block instanceof ReadyBlock) blocks[name] = block.block;
}

function forBlocks(value: unknown, visit: (blocks: Blocks, name: string, type: string) => void): void {
  for (const section of SECTIONS) {
    const types = (value as Readonly<Record<string, Record<string, Blocks>>>)[section];
    for (const type in types) {
      for (const name in types[type]) visit(types[type], name, `${section}.${type}`);
    }
  }
}

/** The engine, for the parts that are not plain. */
interface Engine {
  readonly resolve: (part: unknown) => unknown;
  readonly isPlainText: (text: string) => boolean;
}

function resolveQuickly(
  value: unknown,
  options: ResolveOptions,
  resolve: Resolve,
  texts: Map<string, unknown>,
): unknown {
  try {
    const byEngine = (part: unknown): unknown =>
      resolve(part, { ...options, resolver: withPlainResults(options.resolver) });
    const engine: Engine = {
      resolve: (part) => {
        if (typeof part !== "string") return byEngine(part);
        if (!texts.has(part)) texts.set(part, byEngine(part));
        return texts.get(part);
      },
      isPlainText,
    };
    return resolvePlain(value, engine);
  } catch {
    // The engine's messages say where in the whole a value stands.
    return resolve(value, options);
  }
}

/** What a reference stands for may be large and plain too, such as the annotations of a pod. */
function withPlainResults(resolver: ITokenResolver): ITokenResolver {
  const quick = Object.create(resolver) as ITokenResolver;
  quick.resolveToken = (token, context, postProcessor) => {
    const { resolve } = context;
    // Within a function of Terraform the engine omits the braces of expressions.
    const engine: Engine = { resolve, isPlainText: (text) => !text.includes("${") && isPlainText(text) };
    context.resolve = (value: unknown) => resolvePlain(value, engine);
    return resolver.resolveToken(token, context, postProcessor);
  };
  return quick;
}

function resolvePlain(value: unknown, engine: Engine): unknown {
  switch (typeof value) {
    case "boolean":
    case "undefined":
      return value;
    case "string":
      return engine.isPlainText(value) ? value : engine.resolve(value);
    case "number":
      return isPlainNumber(value) ? value : engine.resolve(value);
    case "object":
      if (value === null) return null;
      if (Array.isArray(value)) return resolveArray(value, engine);
      if (isPlainObject(value)) return resolveObject(value, engine);
  }
  return engine.resolve(value);
}

function isPlainObject(value: object): value is Record<string, unknown> {
  return Object.getPrototypeOf(value) === Object.prototype;
}

function resolveArray(array: readonly unknown[], engine: Engine): unknown {
  // One element may stand for a whole list.
  if (array.some((it) => (typeof it === "string" && LIST.test(it)) || isOddNumber(it)))
    return engine.resolve(array);
  const resolved = array.map((it) => resolvePlain(it, engine)).filter((it) => it !== undefined);
  return resolved.length === array.length && resolved.every((it, index) => it === array[index])
    ? array
    : resolved;
}

/** What is plain throughout is not copied: the engine copies what it changes, and comes upon most of it twice. */
function resolveObject(object: Readonly<Record<string, unknown>>, engine: Engine): unknown {
  const keys = Object.keys(object);
  // One key may stand for a whole map, and an object with this function is a reference itself.
  if (typeof object.resolve === "function" || !keys.every(engine.isPlainText)) return engine.resolve(object);
  let copy: Record<string, unknown> | undefined;
  for (let index = 0; index < keys.length; index++) {
    const value = object[keys[index]];
    const resolved = resolvePlain(value, engine);
    if (!copy && (resolved !== value || value === undefined)) {
      copy = {};
      for (const key of keys.slice(0, index)) copy[key] = object[key];
    }
    if (copy && resolved !== undefined) copy[keys[index]] = resolved;
  }
  return copy ?? object;
}

/** References are hidden in texts as `${TfToken[...]}`, or as a number of this size. */
const REFERENCE = /TfToken\[|e\+\d/i;
const LIST = /#\{TfToken\[/;

function isPlainText(text: string): boolean {
  return !(
    REFERENCE.test(text) ||
    text === Token.STRING_MAP_TOKEN_VALUE ||
    text === Token.ANY_MAP_TOKEN_VALUE
  );
}

/** Numbers that hide references are far greater, and one below zero stands for a map. */
function isPlainNumber(number: number): boolean {
  return Math.abs(number) <= Number.MAX_SAFE_INTEGER && number !== Token.NUMBER_MAP_TOKEN_VALUE;
}

function isOddNumber(value: unknown): boolean {
  return typeof value === "number" && !isPlainNumber(value);
}
