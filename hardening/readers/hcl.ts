import { received } from "../../constructs/core/received";
import { type Block, blocks, text, texts } from "./blocks";

/** HCL block: `type "label" { ... }`. */
export interface HclNode {
  /** Type of the block; empty for the whole document. */
  readonly type: string;
  /** Labels of the block. */
  readonly labels: readonly string[];
  /** Attributes by name. Lists of strings stay lists; every other value is a string. */
  readonly attributes: Readonly<Record<string, string | readonly string[]>>;
  /** Nested blocks. */
  readonly blocks: readonly HclNode[];
}

interface Token {
  readonly kind: "text" | "word" | "punctuation";
  readonly text: string;
}

const TOKENS =
  /(?<space>[\s,]+|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/)|<<-?(?<heredoc>\w+)\n(?<body>[\s\S]*?)\n\s*\k<heredoc>|"(?<quoted>(?:[^"\\]|\\.)*)"|(?<word>[^\s,={}[\]"#:]+)|(?<punctuation>[={}[\]:])/y;

/** Types of blocks with a label; in JSON they have the same form as objects. */
const LABELLED = ["path", "listener", "storage", "ha_storage", "seal", "service_registration"];

/**
 * Parses HCL as used in Vault's policies and server configurations: blocks, strings, numbers, booleans and lists. It
 * also parses the JSON form.
 * @throws SyntaxError for text that is neither
 */
export function parseHcl(source: string): HclNode {
  if (/^\s*\{/.test(source)) return fromJson("", [], JSON.parse(source));
  const reader = new Reader(tokenize(source));
  return reader.body("", []);
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

function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  TOKENS.lastIndex = 0;
  while (TOKENS.lastIndex < source.length) {
    const at = TOKENS.lastIndex;
    const groups = TOKENS.exec(source)?.groups;
    if (!groups) throw new SyntaxError(`no HCL at ${JSON.stringify(source.slice(at, at + 20))}`);
    const { body, quoted, word, punctuation } = groups;
    if (quoted !== undefined) tokens.push({ kind: "text", text: quoted.replace(/\\(["\\])/g, "$1") });
    else if (body !== undefined) tokens.push({ kind: "text", text: body });
    else if (word !== undefined) tokens.push({ kind: "word", text: word });
    else if (punctuation !== undefined) tokens.push({ kind: "punctuation", text: punctuation });
  }
  return tokens;
}

function fromJson(type: string, labels: readonly string[], body: Block): HclNode {
  const attributes: Record<string, string | readonly string[]> = {};
  const nested: HclNode[] = [];
  for (const [name, value] of Object.entries(body)) {
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

class Reader {
  private next = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  /** Reads up to the closing brace, or to the end if there is no type. */
  body(type: string, labels: readonly string[]): HclNode {
    const attributes: Record<string, string | readonly string[]> = {};
    const blocks: HclNode[] = [];
    const end = type === "" ? undefined : "}";
    while (this.tokens[this.next] && !this.at("}")) {
      const name = this.take().text;
      const blockLabels: string[] = [];
      while (this.tokens[this.next]?.kind === "text") blockLabels.push(this.take().text);
      const assigned = this.at("=") || this.at(":");
      if (assigned) this.take();
      if (this.at("{")) {
        this.take();
        blocks.push(this.body(name, blockLabels));
        this.expect("}");
      } else if (assigned) {
        attributes[name] = this.value();
      } else {
        throw new SyntaxError(`${name} has neither a value nor a block`);
      }
    }
    if (end === undefined && this.tokens[this.next]) throw new SyntaxError("a } has no {");
    return { type, labels, attributes, blocks };
  }

  private value(): string | readonly string[] {
    if (!this.at("[")) return this.take().text;
    this.take();
    const items: string[] = [];
    while (!this.at("]")) {
      if (this.at("{")) {
        this.take();
        this.body("{", []);
        this.expect("}");
      } else {
        items.push(this.take().text);
      }
    }
    this.take();
    return items;
  }

  private at(punctuation: string): boolean {
    const token = this.tokens[this.next];
    return token?.kind === "punctuation" && token.text === punctuation;
  }

  private take(): Token {
    const token = this.tokens[this.next++];
    if (!token) throw new SyntaxError("HCL ends in the middle of a block");
    return token;
  }

  private expect(punctuation: string): void {
    if (!this.at(punctuation))
      throw new SyntaxError(`expected ${punctuation}, got ${received(this.take().text)}`);
    this.take();
  }
}
