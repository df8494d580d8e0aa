/* Output of `terraform providers schema -json`, reduced to the names of arguments. */

type Type = string | [string, Type | Record<string, Type>];

interface Attribute {
  readonly required?: boolean;
  /** An attribute that is neither required nor optional is computed: a stack cannot set it. */
  readonly optional?: boolean;
  readonly type?: Type;
  readonly nested_type?: { readonly attributes: Record<string, Attribute> };
}

interface Block {
  readonly attributes?: Record<string, Attribute>;
  readonly block_types?: Record<string, { readonly block: Block }>;
}

type Schemas = Readonly<Record<string, { readonly block: Block }>>;

/** Schema of one provider. */
export interface ProviderSchema {
  readonly provider: { readonly block: Block };
  readonly resource_schemas: Schemas;
  readonly data_source_schemas: Schemas;
}

/** Meta-arguments of Terraform, which provider schemas omit. */
const META = new Set([
  "provider",
  "depends_on",
  "lifecycle",
  "count",
  "for_each",
  "provisioner",
  "connection",
  "//",
]);

type Json = Record<string, unknown>;

/** Synthesized stack, reduced to the parts that are checked. */
export interface StackJson {
  readonly provider?: Readonly<Record<string, Json[]>>;
  readonly resource?: Readonly<Record<string, Record<string, Json>>>;
  readonly data?: Readonly<Record<string, Record<string, Json>>>;
}

/**
 * Finds names that the provider does not support.
 * @returns the path of every unsupported type, argument and referenced attribute
 */
export function unknownNames(stack: StackJson, provider: string, schema: ProviderSchema): string[] {
  const ofProvider = (blocks: StackJson["resource"] = {}) =>
    Object.entries(blocks).filter(([type]) => type.startsWith(`${provider}_`));
  const inBlocks = (blocks: StackJson["resource"], schemas: Schemas) =>
    ofProvider(blocks).flatMap(([type, byId]) =>
      Object.entries(byId).flatMap(([id, body]) =>
        schemas[type] ? inBlock(`${type}.${id}`, withoutMeta(body), schemas[type].block) : [type],
      ),
    );
  return [
    ...(stack.provider?.[provider] ?? []).flatMap(({ alias: _alias, ...body }) =>
      inBlock(provider, body, schema.provider.block),
    ),
    ...inBlocks(stack.resource, schema.resource_schemas),
    ...inBlocks(stack.data, schema.data_source_schemas),
    ...inReferences(JSON.stringify(stack), provider, schema),
  ];
}

function withoutMeta(body: Json): Json {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !META.has(name)));
}

function inBlock(path: string, body: Json, { attributes = {}, block_types = {} }: Block): string[] {
  return Object.entries(body).flatMap(([name, value]) => {
    const here = `${path}.${name}`;
    if (block_types[name]) return each(value, (item) => inBlock(here, item, block_types[name].block));
    const attribute = attributes[name];
    if (!attribute?.required && !attribute?.optional) return [here];
    const { nested_type: nested, type } = attribute;
    if (nested) return each(value, (item) => inBlock(here, item, nested));
    return type ? inType(here, value, type) : [];
  });
}

function inType(path: string, value: unknown, type: Type): string[] {
  if (typeof type === "string") return [];
  const [kind, of] = type;
  if (kind === "object") {
    const fields = of as Record<string, Type>;
    return each(value, (item) =>
      Object.entries(item).flatMap(([name, it]) =>
        fields[name] === undefined ? [`${path}.${name}`] : inType(`${path}.${name}`, it, fields[name]),
      ),
    );
  }
  if (kind === "map") return [];
  return Array.isArray(value) ? value.flatMap((item) => inType(path, item, of as Type)) : [];
}

/** Visits a block: an object or a list of objects. Expressions are skipped; Terraform evaluates them. */
function each(value: unknown, look: (item: Json) => string[]): string[] {
  const items = Array.isArray(value) ? value : [value];
  return items
    .filter((item) => typeof item === "object" && item !== null)
    .flatMap((item) => look(item as Json));
}

function inReferences(text: string, provider: string, schema: ProviderSchema): string[] {
  const references = text.matchAll(new RegExp(`(data\\.)?\\b(${provider}_\\w+)\\.[\\w-]+\\.([a-z_]+)`, "g"));
  return [...references].flatMap(([reference, data, type, attribute]) => {
    const block = (data ? schema.data_source_schemas : schema.resource_schemas)[type]?.block;
    return block?.attributes?.[attribute] || block?.block_types?.[attribute] ? [] : [reference];
  });
}
