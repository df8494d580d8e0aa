/** Object of Terraform JSON: a block, or the blocks of a type by their names. */
export type Json = Readonly<Record<string, unknown>>;

/** Kinds of blocks. `other` is a block that this version does not know, such as one of a later Terraform. */
export type BlockKind =
  | "resource"
  | "data"
  | "ephemeral"
  | "module"
  | "provider"
  | "provisioner"
  | "import"
  | "moved"
  | "removed"
  | "check"
  | "terraform"
  | "variable"
  | "output"
  | "locals"
  | "other";

/** Block as it is written. */
export interface WrittenBlock {
  /** Kind of the block. */
  readonly kind: BlockKind;
  /**
   * Type, for example vault_policy. For a provider its name, for a provisioner its type, for a part of a `terraform`
   * block the name of the part, for a block of another kind its keyword; otherwise empty.
   */
  readonly type: string;
  /** Name. For a provider its alias, for a moved or removed object its earlier address; may be empty. */
  readonly name: string;
  /**
   * Address, for example vault_policy.App, data.aws_region.Here or terraform.backend.s3. A block with the address of an
   * earlier one in its stack has a number, such as `locals#2`.
   */
  readonly address: string;
  /** Content as it is written. */
  readonly body: Json;
}

/** Kinds of blocks with a type and a name. */
const TYPED: ReadonlySet<string> = new Set<BlockKind>(["resource", "data", "ephemeral"]);

/** Kinds of blocks with a name. */
const NAMED: ReadonlySet<string> = new Set<BlockKind>(["module", "check", "variable", "output"]);

/** Kinds without a name, by the argument that tells their blocks apart. */
const UNNAMED: Readonly<Record<string, string>> = { import: "to", moved: "from", removed: "from" };

/** All blocks of a stack, in the order in which they are written. */
export function blocksOf(stack: Json): WrittenBlock[] {
  const counts = new Map<string, number>();
  return writtenIn(stack).map((block) => {
    const count = (counts.get(block.address) ?? 0) + 1;
    counts.set(block.address, count);
    return count === 1 ? block : { ...block, address: `${block.address}#${count}` };
  });
}

function writtenIn(stack: Json): WrittenBlock[] {
  return Object.entries(stack).flatMap(([keyword, content]): WrittenBlock[] => {
    const kind = keyword as BlockKind;
    if (keyword === "//") return [];
    if (TYPED.has(kind)) return typedBlocks(kind, content);
    if (NAMED.has(kind)) return entriesOf(content).map(([name, body]) => blockFrom(kind, "", name, body));
    if (Object.hasOwn(UNNAMED, kind))
      return objectsOf(content).map((body) => blockFrom(kind, "", String(body[UNNAMED[kind]] ?? ""), body));
    if (kind === "provider") {
      return entriesOf(content).flatMap(([type, bodies]) =>
        objectsOf(bodies).map((body) => blockFrom(kind, type, String(body.alias ?? ""), body)),
      );
    }
    if (kind === "locals") return objectsOf(content).map((body) => blockFrom(kind, "", "", body));
    if (kind === "terraform") return entriesOf(content).flatMap(([part, body]) => settings(part, body));
    return [blockFrom("other", keyword, "", content)];
  });
}

/** Objects of a value. Terraform JSON accepts a single block, or a list of blocks. */
export function objectsOf(value: unknown): Json[] {
  if (Array.isArray(value)) return value.flatMap(objectsOf);
  return typeof value === "object" && value !== null ? [value as Json] : [];
}

function entriesOf(value: unknown): [key: string, value: unknown][] {
  return objectsOf(value).flatMap((item) => Object.entries(item).filter(([key]) => key !== "//"));
}

function typedBlocks(kind: BlockKind, content: unknown): WrittenBlock[] {
  return entriesOf(content).flatMap(([type, named]) =>
    entriesOf(named).flatMap(([name, bodies]) =>
      objectsOf(bodies).flatMap((body) => {
        const block = blockFrom(kind, type, name, body);
        return [block, ...provisionersOf(block)];
      }),
    ),
  );
}

/** Provisioners run programs whenever their resource is created or destroyed. */
function provisionersOf({ address, name, body }: WrittenBlock): WrittenBlock[] {
  return entriesOf(body.provisioner)
    .flatMap(([type, bodies]) => objectsOf(bodies).map((item) => [type, item] as const))
    .map(([type, item], index) => ({
      kind: "provisioner",
      type,
      name,
      address: `${address}.provisioner.${type}[${index}]`,
      body: item,
    }));
}

/** Parts of a `terraform` block: backend and providers by name, and other settings. */
function settings(part: string, content: unknown): WrittenBlock[] {
  if (part === "backend" || part === "required_providers" || part === "provider_meta") {
    return entriesOf(content).flatMap(([name, body]) => blockFrom("terraform", part, name, body));
  }
  return [blockFrom("terraform", part, "", content)];
}

function blockFrom(kind: BlockKind, type: string, name: string, content: unknown): WrittenBlock {
  const keyword = kind === "resource" || kind === "other" ? "" : kind;
  const address = [keyword, type, name].filter(Boolean).join(".");
  const [body] = typeof content === "object" ? objectsOf(content) : [{ value: content }];
  return { kind, type, name, address, body: body ?? {} };
}
