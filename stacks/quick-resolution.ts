import { type ITokenResolver, type ResolveOptions, TerraformStack, Token, Tokenization } from "cdktf";
import type { IConstruct } from "constructs";

/**
 * Has the engine resolve only what holds a reference. It takes the same steps for every key and value of every
 * resource, three times a resource, and nearly all of them are plain: this is most of the time of a large program.
 */
export function withQuickResolution<T>(work: () => T): T {
  const { resolve } = Tokenization;
  const { toTerraform } = TerraformStack.prototype;
  let current: StackTexts | undefined;
  Tokenization.resolve = (value, options) => {
    const known = options.scope === current?.stack ? current.resolved : new Map<string, unknown>();
    return resolveQuickly(value, options, resolve, known);
  };
  TerraformStack.prototype.toTerraform = function (this: TerraformStack) {
    const outer = current;
    current = { stack: this, resolved: new Map() };
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

/** Of the stack that is being put together: what depends on another names it, and many do on the same. */
interface StackTexts {
  readonly stack: TerraformStack;
  readonly resolved: Map<string, unknown>;
}

type Resolve = typeof Tokenization.resolve;

/** The engine, for the parts that are not plain. */
interface Engine {
  readonly resolve: (part: unknown) => unknown;
  readonly isPlainText: (text: string) => boolean;
}

function resolveQuickly(
  value: unknown,
  options: ResolveOptions,
  resolve: Resolve,
  resolved: Map<string, unknown>,
): unknown {
  try {
    const byEngine = (part: unknown): unknown =>
      resolve(part, { ...options, resolver: withPlainResults(options.resolver) });
    const engine: Engine = {
      resolve: (part) => {
        if (typeof part !== "string") return byEngine(part);
        if (!resolved.has(part)) resolved.set(part, byEngine(part));
        return resolved.get(part);
      },
      isPlainText,
    };
    const overridden = overriddenSections(value, options.scope);
    if (!overridden) return resolvePlain(value, engine);
    const whole = { ...(value as Record<string, unknown>) };
    for (const section of overridden) whole[section] = resolvePlain(whole[section], engine);
    return whole;
  } catch {
    // The engine's messages say where in the whole a value stands.
    return resolve(value, options);
  }
}

/**
 * When the engine has put a stack together, it resolves the whole once more, though everything but the stack's own
 * overrides was resolved before.
 * @returns the sections, such as `terraform`, that have overrides; undefined where the value is no whole stack
 */
function overriddenSections(value: unknown, scope: IConstruct): readonly string[] | undefined {
  if (!TerraformStack.isStack(scope) || typeof value !== "object") return undefined;
  const { metadata } = (value as { "//"?: { metadata?: StackMetadata } } | null)?.["//"] ?? {};
  if (metadata?.stackName !== scope.node.id) return undefined;
  return metadata.overrides?.stack ?? [];
}

interface StackMetadata {
  readonly stackName?: string;
  readonly overrides?: { readonly stack?: readonly string[] };
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
