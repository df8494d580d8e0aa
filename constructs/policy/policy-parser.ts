import { received } from "../core/received";
import { PolicyError } from "./policy-error";
import { scan, type Token, unquote } from "./policy-scanner";

/** Value of HCL 1 or JSON. */
export type Value = string | number | boolean | readonly Value[] | Block;

/** Attributes and nested blocks. Names may repeat. */
export interface Block {
  /** Entries in their order. */
  readonly entries: readonly Entry[];
}

/** Attribute or nested block. */
export interface Entry {
  /** Name of the entry. */
  readonly name: string;
  /** Further names before the brace, such as the path in `path "secret/*" {`. */
  readonly labels: readonly string[];
  /** Value of the attribute, or the block. */
  readonly value: Value;
  /** Line in the policy. */
  readonly line: number;
}

/** Returns true for a block. */
export function isBlock(value: Value): value is Block {
  return typeof value === "object" && !Array.isArray(value);
}

/**
 * Parses the HCL 1 of a policy.
 * @throws PolicyError that names the line
 */
export function parseHcl(text: string): Block {
  return new Parser(scan(text)).document();
}

class Parser {
  private position = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  document(): Block {
    return { entries: this.entries("end") };
  }

  private peek(): Token {
    return this.tokens[this.position];
  }

  private take(): Token {
    return this.tokens[this.position++];
  }

  private entries(end: "end" | "}"): Entry[] {
    const entries: Entry[] = [];
    // Keyed by the name as written: Vault does not recognize that `a` and `"a"` are the same.
    const assigned = new Set<string>();
    while (this.peek().type !== end) {
      const { text, line } = this.peek();
      const { entry, isAssigned } = this.entry();
      if (isAssigned && assigned.has(text)) throw new PolicyError(`line ${line}: ${text} is set twice`);
      if (isAssigned) assigned.add(text);
      entries.push(entry);
      if (this.peek().type === ",") this.take();
    }
    return entries;
  }

  private entry(): { entry: Entry; isAssigned: boolean } {
    const { line } = this.peek();
    const [name, ...labels] = this.names();
    if (name === undefined) throw this.unexpected("a name");
    const opening = this.take();
    if (opening.type === "{")
      return { entry: { name, labels, value: this.block(), line }, isAssigned: false };
    if (opening.type === "=" && labels.length === 0) {
      return { entry: { name, labels, value: this.value(), line }, isAssigned: true };
    }
    this.position--;
    throw this.unexpected("= or { after a name");
  }

  private names(): string[] {
    const names: string[] = [];
    while (this.peek().type === "identifier" || this.peek().type === "string") {
      const token = this.take();
      names.push(token.type === "string" ? unquote(token) : token.text);
    }
    return names;
  }

  private block(): Block {
    const entries = this.entries("}");
    this.take();
    return { entries };
  }

  private value(): Value {
    const token = this.take();
    switch (token.type) {
      case "string":
        return unquote(token);
      case "number":
        return numberOf(token.text);
      case "boolean":
        return token.text === "true";
      case "{":
        return this.block();
      case "[":
        return this.list();
      default:
        this.position--;
        throw this.unexpected("a value");
    }
  }

  /** Parses a list. Vault accepts redundant commas. */
  private list(): Value[] {
    const values: Value[] = [];
    for (;;) {
      while (this.peek().type === ",") this.take();
      if (this.peek().type === "]") break;
      values.push(this.value());
      if (this.peek().type !== "," && this.peek().type !== "]") throw this.unexpected(", or ] in a list");
    }
    this.take();
    return values;
  }

  private unexpected(expected: string): PolicyError {
    const { text, line } = this.peek();
    return new PolicyError(
      `line ${line}: expected ${expected}, got ${text === "" ? "the end" : received(text)}`,
    );
  }
}

function numberOf(text: string): number {
  return /^-?0[0-7]+$/.test(text) ? parseInt(text, 8) : Number(text);
}
