import {
  type Block as ParsedBlock,
  type Value,
  isBlock,
  parseHcl as parse,
} from "../../constructs/policy/policy-parser";
import { type Block, blocks, text, texts } from "./blocks";

/** HCL block: `type "label" { ... }`. */
export interface HclNode {
  /** Type of the block in lower case; empty for the whole document. */
  readonly type: string;
  /** Labels of the block. */
  readonly labels: readonly string[];
  /** Attributes by name in lower case: Vault ignores the case. Lists stay lists; every other value is a string. */
  readonly attributes: Readonly<Record<string, string | readonly string[]>>;
  /** Nested blocks. */
  readonly blocks: readonly HclNode[];
}

/** Texts over several lines, which policies cannot have. */
const HEREDOC = /<<-?(\w+)\r?\n([\s\S]*?)\r?\n[ \t]*\1(?=\s|$)/g;

/** Types of blocks with a label; in JSON they have the same form as objects. */
const LABELLED = [
  "path",
  "listener",
  "storage",
  "ha_storage",
  "seal",
  "service_registration",
  "user_lockout",
];

/**
 * Parses HCL 1 as used in Vault's server configurations, with the scanner of policies, and its JSON form.
 * @throws PolicyError or SyntaxError for text that is neither
 */
export function parseHcl(source: string): HclNode {
  if (/^\s*\{/.test(source)) return fromJson("", [], JSON.parse(source) as Block);
  return nodeOf("", [], parse(source.replace(HEREDOC, (_all, _name, body: string) => JSON.stringify(body))));
}

/** Nested blocks of a type, at the top level. */
export function blocksOf(node: HclNode, type: string): HclNode[] {
  return node.blocks.filter((block) => block.type === type);
}

/** Attribute that is one string. */
export function attribute(node: HclNode, name: string): string | undefined {
  const value = node.attributes[name];
  return typeof value === "string" ? value : undefined;
}

function nodeOf(type: string, labels: readonly string[], { entries }: ParsedBlock): HclNode {
  const attributes: Record<string, string | readonly string[]> = {};
  const nested: HclNode[] = [];
  for (const { name, labels: own, value } of entries) {
    if (isBlock(value)) nested.push(nodeOf(name.toLowerCase(), own, value));
    else attributes[name.toLowerCase()] = isList(value) ? value.map(String) : String(value);
  }
  return { type, labels, attributes, blocks: nested };
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function fromJson(type: string, labels: readonly string[], body: Block): HclNode {
  const attributes: Record<string, string | readonly string[]> = {};
  const nested: HclNode[] = [];
  for (const [written, value] of Object.entries(body)) {
    const name = written.toLowerCase();
    const objects = blocks(value);
    if (objects.length === 0) attributes[name] = Array.isArray(value) ? texts(value) : (text(value) ?? "");
    for (const object of objects) {
      if (!LABELLED.includes(name)) nested.push(fromJson(name, [], object));
      else
        for (const [label, labelled] of Object.entries(object)) {
          for (const inner of blocks(labelled)) nested.push(fromJson(name, [label], inner));
        }
    }
  }
  return { type, labels, attributes, blocks: nested };
}
