import { movesBetween } from "../terraform/model";
import type { Environment, ModelBlock } from "../terraform/synthesized";
import { canonical } from "./differences";
import { typedManifest } from "./manifests";

/** Block in two revisions. At least one of the two is there. */
export interface BlockPair {
  /** Block in the earlier revision. @default - it did not exist */
  readonly before?: ModelBlock;
  /** Block in the later revision. @default - it no longer exists */
  readonly after?: ModelBlock;
  /** Type of the object. For a manifest of Kubernetes, it is that of a resource of the same kind. */
  readonly type: string;
  /** Earlier arguments with references to other blocks as the later revision writes them. @default - no object */
  readonly was?: Contents;
  /** Later arguments. @default - no object */
  readonly is?: Contents;
  /** True if the same block has another address, and no `moved` block says so. */
  readonly isReplaced: boolean;
}

type Contents = Readonly<Record<string, unknown>>;

/** Arguments that are no attributes: metadata, and nested blocks that are compared on their own. */
const NO_ATTRIBUTES = ["//", "lifecycle", "provisioner"];

/** Arguments of a backend that name the state of a stack. */
const STATE_NAMES = ["key", "path", "prefix"];

/**
 * Blocks of two revisions that may differ. A block keeps its identity under a new address if a `moved` block says so, or
 * if no other argument changes. Stacks with the same text are left out.
 */
export function pairBlocks(before: Environment, after: Environment): BlockPair[] {
  const [earlier, later] = [byStack(before), byStack(after)];
  const same = new Set(
    [...later.keys()].filter((stack) => textOf(earlier.get(stack)) === textOf(later.get(stack))),
  );
  const changed = (blocks: readonly ModelBlock[]) => blocks.filter(({ stack }) => !same.has(stack));
  const rest = new Map(changed(before.blocks).map((block) => [keyOf(block), block]));
  const renames = new Map<string, string>();
  const pairs: [ModelBlock, ModelBlock][] = [];
  const added: ModelBlock[] = [];
  const moved = new Map([...movesBetween(before, after)].map(([from, to]) => [to, from]));
  for (const block of changed(after.blocks)) {
    const was = take(rest, moved.get(keyOf(block))) ?? take(rest, keyOf(block));
    if (was) pairs.push([was, block]);
    else added.push(block);
  }
  for (const [was, is] of pairs) if (was.address !== is.address) renames.set(keyOf(was), is.address);
  const replaced = pairEqual(rest, added, renames);
  const known = knownSettings(before);
  const isNew = (stack: string) => !earlier.has(stack);
  return [
    ...[...pairs, ...replaced].map((pair) => pairOf(pair, renames, replaced.includes(pair))),
    ...added
      .filter((block) => !replaced.some(([, is]) => is === block))
      .filter((block) => !(isNew(block.stack) && known.has(settingOf(block))))
      .map((block) => pairOf([undefined, block], renames, false)),
    ...[...rest.values()].map((block) => pairOf([block, undefined], renames, false)),
  ];
}

function pairOf(
  [before, after]: readonly [ModelBlock | undefined, ModelBlock | undefined],
  renames: ReadonlyMap<string, string>,
  isReplaced: boolean,
): BlockPair {
  const { type } = (after ?? before)!;
  // A `count` of zero makes nothing.
  const was = before && before.existence !== "no" ? renamed(before, renames) : undefined;
  const is = after && after.existence !== "no" ? contentsOf(after) : undefined;
  const [earlier, later] = [typedManifest(type, was), typedManifest(type, is)];
  const isTyped =
    (earlier ?? later) &&
    !(was && !earlier) &&
    !(is && !later) &&
    !(earlier && later && earlier.type !== later.type);
  return isTyped
    ? {
        before,
        after,
        type: (later ?? earlier)!.type,
        was: earlier?.contents,
        is: later?.contents,
        isReplaced,
      }
    : { before, after, type, was, is, isReplaced };
}

/** Pairs removed and added blocks with equal arguments. One pair can make the arguments of others equal. */
function pairEqual(
  rest: Map<string, ModelBlock>,
  added: readonly ModelBlock[],
  renames: Map<string, string>,
): [ModelBlock, ModelBlock][] {
  const pairs: [ModelBlock, ModelBlock][] = [];
  const signature = ({ kind, type }: ModelBlock, contents: Contents) =>
    `${kind} ${type} ${JSON.stringify(canonical(contents))}`;
  const open = new Set(added.filter(({ type }) => type !== ""));
  for (let found = rest.size > 0 && open.size > 0; found;) {
    found = false;
    const left = new Map([...rest].map(([key, block]) => [signature(block, renamed(block, renames)), key]));
    for (const block of open) {
      const text = signature(block, contentsOf(block));
      const was = take(rest, left.get(text));
      if (!was) continue;
      left.delete(text);
      open.delete(block);
      pairs.push([was, block]);
      if (was.address !== block.address) renames.set(keyOf(was), block.address);
      found = true;
    }
  }
  return pairs;
}

/** Arguments of a block without its metadata. */
function contentsOf({ attributes }: ModelBlock): Contents {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => !NO_ATTRIBUTES.includes(name)));
}

/** Arguments with the later addresses of other blocks of the stack in their references. */
function renamed(block: ModelBlock, renames: ReadonlyMap<string, string>): Contents {
  const contents = contentsOf(block);
  const found = JSON.stringify(contents);
  let text = found;
  for (const [key, to] of renames) {
    const [stack, from] = key.split(" ");
    if (stack === block.stack) text = text.split(new RegExp(`\\b${from}\\b(?!-)`)).join(to);
  }
  return text === found ? contents : (JSON.parse(text) as Contents);
}

/** Providers and backends of an environment. A new stack that has the same ones adds none. */
function knownSettings({ blocks }: Environment): ReadonlySet<string> {
  return new Set(blocks.map(settingOf).filter((text) => text !== ""));
}

function settingOf(block: ModelBlock): string {
  if (block.kind !== "provider" && block.kind !== "terraform") return "";
  const own = Object.entries(contentsOf(block)).filter(
    ([name]) => block.type !== "backend" || !STATE_NAMES.includes(name),
  );
  return `${block.address} ${JSON.stringify(canonical(Object.fromEntries(own)))}`;
}

function keyOf({ stack, address }: ModelBlock): string {
  return `${stack} ${address}`;
}

function take(blocks: Map<string, ModelBlock>, key: string | undefined): ModelBlock | undefined {
  if (key === undefined) return undefined;
  const block = blocks.get(key);
  blocks.delete(key);
  return block;
}

function byStack({ blocks }: Environment): Map<string, ModelBlock[]> {
  const stacks = new Map<string, ModelBlock[]>();
  for (const block of blocks) {
    const found = stacks.get(block.stack);
    if (found) found.push(block);
    else stacks.set(block.stack, [block]);
  }
  return stacks;
}

/** Text of a stack without metadata. */
function textOf(blocks: readonly ModelBlock[] = []): string {
  return JSON.stringify(blocks.map(({ address, body }) => [address, { ...body, "//": undefined }]));
}
