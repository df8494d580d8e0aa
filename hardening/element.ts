import { TerraformElement, TerraformProvider, type TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import type { Platform } from "./platform";
import { memo } from "./memo";
import {
  type Block,
  type FoundText,
  block,
  blocks,
  collectWords,
  findTexts,
  isBlock,
  text,
} from "./readers/blocks";

/** Top-level Terraform blocks that rules read. */
const KINDS = [
  "resource",
  "data",
  "ephemeral",
  "provider",
  "variable",
  "output",
  "locals",
  "module",
] as const;

/** Kind of a top-level Terraform block. */
export type BlockKind = (typeof KINDS)[number];

/** Block of a stack as Terraform reads it, with resolved tokens and overrides. */
export interface Element {
  /** Discriminator of Subject. */
  readonly kind: "element";
  /** Kind of the block. */
  readonly block: BlockKind;
  /** Type such as `aws_kms_key`; for a provider its name, otherwise empty. */
  readonly type: string;
  /** Terraform name, unique for its type in the stack. */
  readonly name: string;
  /** Content of the block. */
  readonly body: Block;
  /** Construct that created the block, or the stack if an override did. */
  readonly construct: IConstruct;
  /** Path of the construct. */
  readonly path: string;
  /** Platform that contains the block. */
  readonly platform: Platform;
}

/** All blocks of a stack, whether they come from this library's constructs, other constructs or overrides. */
export function elementsOf(stack: TerraformStack, output: object, platform: Platform): Element[] {
  const json = block(output);
  const constructs = indexConstructs(stack);
  const unknown: Place = { construct: stack, path: stack.node.path };
  const make = (kind: BlockKind, type: string, name: string, body: unknown): Element => {
    const path = text(block(block(block(body)["//"]).metadata).path);
    const place = constructs.get(path ?? `${kind}.${type}.${name}`) ?? unknown;
    return { kind: "element", block: kind, type, name, body: block(body), ...place, platform };
  };
  return KINDS.flatMap((kind) => {
    const section = json[kind];
    if (!isBlock(section)) return [];
    if (kind === "provider") {
      return Object.entries(section).flatMap(([type, bodies]) =>
        blocks(bodies).map((body) => make(kind, type, text(body.alias) ?? "", body)),
      );
    }
    if (kind === "locals") return [make(kind, "", "", section)];
    if (kind === "variable" || kind === "output" || kind === "module") {
      return Object.entries(section).map(([name, body]) => make(kind, "", name, body));
    }
    return Object.entries(section).flatMap(([type, byName]) =>
      Object.entries(block(byName)).map(([name, body]) => make(kind, type, name, body)),
    );
  });
}

/** Index of constructs. Resources and data sources contain their path; other blocks are found by kind and name. */
function indexConstructs(stack: TerraformStack): Map<string, Place> {
  const index = new Map<string, Place>();
  for (const construct of stack.node.findAll()) {
    if (!TerraformElement.isTerraformElement(construct)) continue;
    const place = { construct, path: construct.node.path };
    index.set(place.path, place);
    if (TerraformProvider.isTerraformProvider(construct)) {
      index.set(`provider.${construct.terraformResourceType}.${construct.alias ?? ""}`, place);
    } else {
      for (const kind of ["variable", "output"]) index.set(`${kind}..${construct.friendlyUniqueId}`, place);
    }
  }
  return index;
}

type Place = Pick<Element, "construct" | "path">;

/** Every key and string of an element. Most rules about strings need no further search. */
const wordsOf = memo(({ body }: Element): string[] => {
  const words: string[] = [];
  collectWords(body, words);
  return words;
});

/**
 * Strings of an element that match.
 * @param hint called with every key and string; if it never returns true, there is no match
 * @param matches called with a string and the last key of its path
 */
export function textsIn(
  element: Element,
  hint: (word: string) => boolean,
  matches: (text: string, key: string) => boolean = hint,
): FoundText[] {
  return wordsOf(element).some(hint) ? findTexts(element.body, matches) : [];
}

/** Returns true if the string contains a token for the element, such as `${aws_s3_bucket.Logs.id}`. */
export function refersTo(value: unknown, { block: kind, type, name }: Element): boolean {
  const address = `${kind === "data" ? "data." : ""}${type}.${name}`;
  return (
    typeof value === "string" &&
    new RegExp(`(^|[^\\w.-])${address.replaceAll(".", "\\.")}(?![\\w-])`).test(value)
  );
}
