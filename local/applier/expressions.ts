import { UserError } from "../../constructs/core/user-error";

/** Path of a token in an expression, such as `["vault_mount", "Database", "path"]`. */
export type Reference = readonly (string | number)[];

/** A value of the synthesized stack, evaluated once its tokens are known. */
export interface Expression {
  /** Tokens that the value contains. */
  readonly references: readonly Reference[];
  /** Computes the value from the values of its tokens. */
  readonly evaluate: (lookUp: (reference: Reference) => unknown) => unknown;
}

type Evaluate = Expression["evaluate"];

const TRAVERSAL_START = /[A-Za-z_][\w-]*/y;
const NUMBER = /\d+(\.\d+)?/y;
const QUOTED = /"(?:[^"\\]|\\.)*"/y;
const KEYWORDS: Readonly<Record<string, unknown>> = { true: true, false: false, null: null };

/**
 * Parses a value of Terraform JSON. Its strings are templates: references, `==`, `!=` and conditionals, which is all
 * that the stack uses.
 * @throws UserError with the text for any other syntax
 * @see https://developer.hashicorp.com/terraform/language/syntax/json#expression-mapping
 */
export function parseValue(value: unknown): Expression {
  if (typeof value === "string") return new Parser(value).template();
  if (Array.isArray(value)) {
    const parts = value.map(parseValue);
    return {
      references: parts.flatMap(({ references }) => references),
      evaluate: (lookUp) => parts.map(({ evaluate }) => evaluate(lookUp)),
    };
  }
  if (typeof value === "object" && value !== null) {
    const parts = Object.entries(value).map(([name, part]) => [name, parseValue(part)] as const);
    return {
      references: parts.flatMap(([, { references }]) => references),
      evaluate: (lookUp) =>
        Object.fromEntries(parts.map(([name, { evaluate }]) => [name, evaluate(lookUp)] as const)),
    };
  }
  return { references: [], evaluate: () => value };
}

/** Parses a reference without a template around it, as in `depends_on`. */
export function parseReference(text: string): Reference {
  const { references } = new Parser(`\${${text}}`).template();
  if (references.length !== 1) throw new UserError(`"${text}" is no reference to a resource`);
  return references[0];
}

class Parser {
  private position = 0;
  private readonly references: Reference[] = [];

  constructor(private readonly text: string) {}

  template(): Expression {
    const parts: Evaluate[] = [];
    while (this.position < this.text.length) parts.push(this.part());
    const [only] = parts;
    // A template that consists of one expression keeps the expression's type.
    const evaluate: Evaluate =
      parts.length === 1 ? only : (lookUp) => parts.map((part) => asText(part(lookUp))).join("");
    return { references: this.references, evaluate: parts.length === 0 ? () => "" : evaluate };
  }

  private part(): Evaluate {
    if (this.accept("${")) {
      const value = this.conditional();
      this.expect("}");
      return value;
    }
    if (this.accept("%{")) throw this.unknown();
    const literal = this.match(/(?:\$\$\{|%%\{|(?![$%]\{)[^])+/y)!;
    const text = literal.replace(/([$%])\1\{/g, "$1{");
    return () => text;
  }

  private conditional(): Evaluate {
    const condition = this.comparison();
    if (!this.acceptSpaced("?")) return condition;
    const whenTrue = this.conditional();
    if (!this.acceptSpaced(":")) throw this.unknown();
    const whenFalse = this.conditional();
    return (lookUp) => (condition(lookUp) === true ? whenTrue(lookUp) : whenFalse(lookUp));
  }

  private comparison(): Evaluate {
    const left = this.operand();
    for (const [operator, wanted] of [
      ["==", true],
      ["!=", false],
    ] as const) {
      if (this.acceptSpaced(operator)) {
        const right = this.operand();
        return (lookUp) => (left(lookUp) === right(lookUp)) === wanted;
      }
    }
    return left;
  }

  private operand(): Evaluate {
    this.match(/\s*/y);
    const quoted = this.match(QUOTED);
    if (quoted !== undefined) {
      if (/[$%]\{/.test(quoted)) throw this.unknown();
      return constant(JSON.parse(quoted));
    }
    const number = this.match(NUMBER);
    if (number !== undefined) return constant(Number(number));
    const word = this.match(TRAVERSAL_START);
    if (word === undefined) throw this.unknown();
    if (word in KEYWORDS) return constant(KEYWORDS[word]);
    return this.traversal(word);
  }

  private traversal(start: string): Evaluate {
    const path: (string | number)[] = [start];
    for (;;) {
      if (this.accept(".")) path.push(this.match(TRAVERSAL_START) ?? this.refuse());
      else if (this.accept("[")) {
        path.push(Number(this.match(NUMBER) ?? this.refuse()));
        this.expect("]");
      } else break;
    }
    if (path.length === 1) throw this.unknown();
    this.references.push(path);
    return (lookUp) => lookUp(path);
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.position += found.length;
    return found;
  }

  private accept(text: string): boolean {
    const there = this.text.startsWith(text, this.position);
    if (there) this.position += text.length;
    return there;
  }

  private acceptSpaced(text: string): boolean {
    this.match(/\s*/y);
    return this.accept(text);
  }

  private expect(text: string): void {
    if (!this.acceptSpaced(text)) throw this.unknown();
  }

  private refuse(): never {
    throw this.unknown();
  }

  private unknown(): UserError {
    const where = this.text.slice(this.position, this.position + 40);
    return new UserError(
      `"${this.text}" is more than the applier knows of Terraform's language, at "${where}"`,
    );
  }
}

function constant(value: unknown): Evaluate {
  return () => value;
}

/** Converts a value to a string as Terraform does. */
function asText(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw new UserError(`a template holds ${value === null ? "null" : typeof value}, which is no text`);
}
