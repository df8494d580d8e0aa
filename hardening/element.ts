import { TerraformElement, TerraformProvider, type TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { type BlockKind, blocksOf } from "../analysis/terraform/blocks";
import type { Existence } from "../analysis/terraform/instances";
import { argumentsInNotation } from "../analysis/terraform/notation";
import { StackEvaluator } from "../analysis/terraform/stack-evaluator";
import type { Platform } from "./platform";
import { memo } from "./memo";
import { type Block, type FoundText, block, collectWords, findTexts, text } from "./readers/blocks";

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
  /**
   * Whether Terraform makes the object: `perhaps` if its `count` or `for_each` is unknown. A block that makes none is not
   * an element.
   */
  readonly existence: Exclude<Existence, "no">;
  /**
   * Content of the block, in the notation of Terraform JSON: `$${` is `${`. What the code decides is evaluated; a string
   * that is one reference to a resource, and what only Terraform knows, are expressions.
   */
  readonly body: Block;
  /** Content of the block, evaluated and without escapes. What only Terraform knows is an `Unknown`. */
  readonly values: Block;
  /** Construct that created the block, or the stack if an override did. */
  readonly construct: IConstruct;
  /** Path of the construct. */
  readonly path: string;
  /** Platform that contains the block. */
  readonly platform: Platform;
}

/**
 * All blocks of a stack, whether they come from this library's constructs, other constructs or overrides. A block with
 * `count` or `for_each` is an element for each of its objects; one that makes no object is not an element.
 */
export function elementsOf(stack: TerraformStack, output: object, platform: Platform): Element[] {
  const written = blocksOf(output as Block).filter(({ kind }) => kind !== "provisioner");
  const evaluator = new StackEvaluator(written);
  const constructs = indexConstructs(stack);
  const unknown: Place = { construct: stack, path: stack.node.path };
  return written.flatMap((item): Element[] => {
    const { kind, type, name, body } = item;
    const path = text(block(block(body["//"]).metadata).path);
    const place = constructs.get(path ?? `${kind}.${type}.${name}`) ?? unknown;
    const { existence, list } = evaluator.instancesOf(item);
    if (existence === "no") return [];
    return list.map((instance) => {
      const base = { kind: "element", block: kind, type, name, existence, ...place, platform } as const;
      let notation: Block | undefined;
      return {
        ...base,
        get body() {
          return (notation ??= argumentsInNotation(evaluator, item, instance));
        },
        get values() {
          return evaluator.argumentsOf(item, instance);
        },
      };
    });
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
