import { type BlockKind, type Json, type WrittenBlock, objectsOf } from "./blocks";
import { EvaluationError, entriesOf, isObject, toBoolean, toNumber, toText } from "./expressions/conversions";
import { documentOf } from "./documents";
import { evaluateText } from "./expressions/evaluate";
import { Reference, type Scope, withNames } from "./expressions/scope";
import { type Instance, type Instances, instancesOf } from "./instances";
import { Unknown, hashOf, isUnknown, symbolOf, symbolic } from "./unknown";

/** Attributes that a provider computes from other attributes, the first of which that is set. */
const COMPUTED: readonly [type: RegExp, attribute: RegExp, from: readonly string[]][] = [
  [/^vault_policy$/, /^id$/, ["name"]],
  [
    /^vault_(auth_backend|mount|[a-z]+_auth_backend|[a-z_]+_backend|kv_secret_backend_v2)$/,
    /^(id|path)$/,
    ["path", "type"],
  ],
  [/^vault_namespace$/, /^id$/, ["path"]],
  [/^terraform_data$/, /^output$/, ["input"]],
];

const CONVERTERS: Readonly<Record<string, (value: unknown) => unknown>> = {
  string: toText,
  number: toNumber,
  bool: toBoolean,
};

/** Evaluates the arguments of the blocks of one stack, as far as the code holds their values. */
export class StackEvaluator implements Scope {
  private readonly byAddress: ReadonlyMap<string, WrittenBlock>;
  private readonly typesOfResources: ReadonlySet<string>;
  private readonly locals: Json;
  private readonly instances = new Map<WrittenBlock, Instances>();
  private readonly values = new Map<string, unknown>();
  /** Addresses of values that are being evaluated; a reference back to one has no value. */
  private readonly open = new Set<string>();

  constructor(blocks: readonly WrittenBlock[]) {
    this.byAddress = new Map(blocks.map((block) => [block.address, block]));
    const of = (kind: BlockKind) => blocks.filter((block) => block.kind === kind);
    this.typesOfResources = new Set(of("resource").map(({ type }) => type));
    this.locals = Object.fromEntries(of("locals").flatMap(({ body }) => Object.entries(body)));
  }

  /** Value with its expressions evaluated. What cannot be evaluated is an `Unknown`. */
  evaluate(value: unknown, scope: Scope = this): unknown {
    if (typeof value === "string") return evaluateText(value, scope);
    if (Array.isArray(value)) return value.map((item) => this.evaluate(item, scope));
    if (typeof value !== "object" || value === null) return value;
    const { dynamic, ...rest } = value as Json;
    const isDynamic = objectsOf(dynamic).some((labels) =>
      Object.values(labels).some((it) => objectsOf(it).some((block) => "for_each" in block)),
    );
    const evaluated = Object.fromEntries(
      Object.entries(isDynamic ? rest : (value as Json)).map(([key, item]) => [
        // Keys of objects are templates, as the values are.
        String(evaluateText(key, scope)),
        key === "//" ? item : this.evaluate(item, scope),
      ]),
    );
    return isDynamic ? this.withDynamic(evaluated, dynamic, scope) : evaluated;
  }

  /** Objects that a block makes. */
  instancesOf(block: WrittenBlock): Instances {
    const known = this.instances.get(block);
    if (known) return known;
    const found = instancesOf(block.body, (value) => this.evaluate(value));
    this.instances.set(block, found);
    return found;
  }

  /** Arguments of one of the objects that a block makes. */
  argumentsOf(block: WrittenBlock, instance: Instance): Json {
    const address = block.address + instance.suffix;
    return this.once(address, () => this.evaluate(block.body, withNames(this, instance.names))) as Json;
  }

  /** Value or reference of the first name of an expression. */
  find(name: string): unknown {
    switch (name) {
      case "var":
        return new Names("var", (variable) => this.variable(variable));
      case "local":
        return new Names("local", (local) => this.local(local));
      case "data":
      case "ephemeral":
        return new Names(
          name,
          (type) => new Names(`${name}.${type}`, (id) => this.objects(`${name}.${type}.${id}`)),
        );
      default:
        if (!this.typesOfResources.has(name)) return undefined;
        return new Names(name, (id) => this.objects(`${name}.${id}`));
    }
  }

  private variable(name: string): unknown {
    const { default: value, type, ephemeral } = this.byAddress.get(`variable.${name}`)?.body ?? {};
    // Each run gives the value: the default is a placeholder.
    if (!isPresent(value) || ephemeral === true) return undefined;
    return this.once(`var.${name}`, () => convert(this.evaluate(value), type));
  }

  private local(name: string): unknown {
    if (!Object.hasOwn(this.locals, name)) return undefined;
    return this.once(`local.${name}`, () => this.evaluate(this.locals[name]));
  }

  /** Objects of a block: one, or several by their keys. */
  private objects(address: string): unknown {
    const block = this.byAddress.get(address);
    if (!block) return undefined;
    const { existence, list, keys } = this.instancesOf(block);
    const objects = list.map((instance) => new BlockObject(this, block, instance));
    if (existence === "perhaps") return new PerhapsObjects(address, objects[0]);
    if (!keys) return objects[0];
    if (isPresent(block.body.count)) return objects;
    return Object.fromEntries(keys.map((key, index) => [key, objects[index]]));
  }

  /** Evaluates a value once. While that goes on, the value is unknown. */
  private once(address: string, evaluate: () => unknown): unknown {
    if (this.values.has(address)) return this.values.get(address);
    if (this.open.has(address)) return Unknown.of(address);
    this.open.add(address);
    try {
      const value = evaluate();
      this.values.set(address, value);
      return value;
    } finally {
      this.open.delete(address);
    }
  }

  /** Blocks with those that `dynamic` blocks make. */
  private withDynamic(block: Json, dynamic: unknown, scope: Scope): Json {
    const result: Record<string, unknown> = { ...block };
    for (const [label, definitions] of objectsOf(dynamic).flatMap((labels) => Object.entries(labels))) {
      for (const definition of objectsOf(definitions)) {
        const made = this.dynamicBlocks(label, definition, scope);
        const others = result[label] ?? [];
        result[label] = isUnknown(made) ? made : isUnknown(others) ? others : [others, made].flat();
      }
    }
    return result;
  }

  private dynamicBlocks(
    label: string,
    { for_each: forEach, iterator, content }: Json,
    scope: Scope,
  ): unknown {
    const over = this.evaluate(forEach, scope);
    const name = typeof iterator === "string" ? iterator : label;
    // Blocks with other contents are other blocks, although none of them is known.
    const unknown = () => {
      const inner = withNames(scope, { [name]: Unknown.of(name) });
      const parts = [over, objectsOf(content).map((body) => this.evaluate(body, inner))];
      return Unknown.of(`dynamic.${label} #${hashOf(JSON.stringify(symbolic(parts)))}`);
    };
    if (isUnknown(over) || (Array.isArray(over) && over.some(isUnknown) && !Array.isArray(forEach)))
      return unknown();
    try {
      return entriesOf(over).flatMap(([key, value]) =>
        objectsOf(content).map((body) => this.evaluate(body, withNames(scope, { [name]: { key, value } }))),
      );
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      return unknown();
    }
  }
}

/** Objects by name, such as all resources of a type. */
class Names extends Reference {
  constructor(
    private readonly text: string,
    private readonly get: (name: string) => unknown,
  ) {
    super();
  }

  at(key: string | number): unknown {
    const value = this.get(String(key));
    return value === undefined ? Unknown.of(`${this.text}.${key}`) : value;
  }

  value(): Unknown {
    return Unknown.of(this.text);
  }
}

/** Resource or data source. As a whole it is unknown; attributes that the code sets are known. */
class BlockObject extends Unknown {
  constructor(
    private readonly evaluator: StackEvaluator,
    private readonly block: WrittenBlock,
    private readonly instance: Instance,
    suffix = instance.suffix,
  ) {
    super(symbolOf(block.address + suffix));
  }

  /** The same object under another key. */
  under(key: string | number): BlockObject {
    return new BlockObject(this.evaluator, this.block, this.instance, `[${JSON.stringify(key)}]`);
  }

  override at(key: string | number): unknown {
    const values = this.evaluator.argumentsOf(this.block, this.instance);
    // An object that refers to itself.
    if (isUnknown(values)) return super.at(key);
    const { kind, type } = this.block;
    const value = isPresent(values[key]) ? values[key] : undefined;
    if (value !== undefined)
      return isUnknown(value) ? value : new Configured(value, super.at(key) as Unknown).lead();
    if (kind === "data") return documentOf(type, String(key), values) ?? super.at(key);
    if (type === "vault_namespace" && key === "path_fq") {
      // The path of the parent namespace comes first.
      const parts = [values.namespace, values.path].filter(isPresent);
      const text = parts.map(String).join("/");
      return parts.some(isUnknown) ? new Unknown(text) : text;
    }
    const [, , sources] =
      COMPUTED.find(([types, attributes]) => types.test(type) && attributes.test(String(key))) ?? [];
    const source = sources?.find((name) => isPresent(values[name]));
    return source === undefined ? super.at(key) : values[source];
  }
}

/** Objects of a block with an unknown number of them. */
class PerhapsObjects extends Unknown {
  constructor(
    address: string,
    private readonly object: BlockObject,
  ) {
    super(symbolOf(address));
  }

  override at(key: string | number): unknown {
    return this.object.under(key);
  }
}

/**
 * Argument of a block with nested blocks. Terraform JSON may write a single block without its list, and providers
 * compute what the code does not set.
 */
class Configured extends Reference {
  constructor(
    private readonly content: unknown,
    private readonly unknown: Unknown,
  ) {
    super();
  }

  /** The value itself if it has no parts. */
  lead(): unknown {
    return isObject(this.content) || Array.isArray(this.content) ? this : this.content;
  }

  at(key: string | number): unknown {
    const inner = this.unknown.at(key) as Unknown;
    if (key === 0 && isObject(this.content)) return new Configured(this.content, inner);
    const parts = this.content as Readonly<Record<string | number, unknown>>;
    const part = Object.hasOwn(parts, key) ? parts[key] : undefined;
    if (!isPresent(part)) return inner;
    return isUnknown(part) ? part : new Configured(part, inner).lead();
  }

  value(): unknown {
    return this.content;
  }
}

/** Default of a variable, in the type that the variable declares. */
function convert(value: unknown, type: unknown): unknown {
  const converter = Object.hasOwn(CONVERTERS, String(type)) ? CONVERTERS[String(type)] : undefined;
  return value === null || isUnknown(value) || !converter ? value : converter(value);
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}
