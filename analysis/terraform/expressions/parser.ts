import { Cursor } from "./cursor";
import type { Expression, TemplateNode } from "./syntax";
import { scanTemplate, type TemplatePart } from "./tokens";

/** Binary operators by precedence, the weakest first. */
const OPERATORS: readonly (readonly string[])[] = [
  ["||"],
  ["&&"],
  ["==", "!="],
  ["<", ">", "<=", ">="],
  ["+", "-"],
  ["*", "/", "%"],
];

const LITERALS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

/**
 * Parses a string of Terraform JSON, which is a template.
 * @throws SyntaxError if Terraform would not accept it
 */
export function parseTemplate(text: string): Expression {
  return templateFrom(scanTemplate(text, 0, false).parts, text);
}

/** Template; one that consists of a single expression keeps the type of its value. */
function templateFrom(scanned: readonly TemplatePart[], text: string): Expression {
  const rest = [...scanned];
  const parts = templateNodes(rest, []);
  if (rest.length > 0) throw new SyntaxError("a directive has no beginning");
  const [first] = parts;
  if (parts.length === 0) return { kind: "literal", value: "", text };
  if (parts.length > 1) return { kind: "template", parts, text };
  if (typeof first === "string") return { kind: "literal", value: first, text };
  return "text" in first ? first : { kind: "template", parts, text };
}

/** Takes the nodes of a template up to a directive with one of the keywords. */
function templateNodes(rest: TemplatePart[], until: readonly string[]): TemplateNode[] {
  const nodes: TemplateNode[] = [];
  for (let part = rest[0]; part !== undefined; part = rest[0]) {
    if (typeof part === "string") nodes.push(part);
    else {
      const parser = new Parser(part.tokens, part.source);
      if (part.kind === "interpolation") nodes.push(parser.whole());
      else if (until.includes(part.tokens[0].text)) return nodes;
      else {
        rest.shift();
        nodes.push(directive(parser, rest));
        continue;
      }
    }
    rest.shift();
  }
  if (until.length > 0) throw new SyntaxError(`a template has no ${until.join(" or ")}`);
  return nodes;
}

function directive(parser: Parser, rest: TemplatePart[]): TemplateNode {
  const keyword = parser.name();
  if (keyword === "if") {
    const condition = parser.whole();
    const yes = templateNodes(rest, ["else", "endif"]);
    const hasElse = keywordOf(rest.shift()) === "else";
    const no = hasElse ? templateNodes(rest, ["endif"]) : [];
    if (hasElse) rest.shift();
    return { kind: "if", condition, yes, no };
  }
  if (keyword !== "for") throw new SyntaxError(`a template has no directive ${keyword}`);
  const { names, collection } = parser.iteration();
  parser.end();
  const body = templateNodes(rest, ["endfor"]);
  rest.shift();
  return { kind: "each", names, collection, body };
}

function keywordOf(part: TemplatePart | undefined): string | undefined {
  return typeof part === "object" ? part.tokens[0].text : undefined;
}

class Parser extends Cursor {
  /** The tokens as one expression. */
  whole(): Expression {
    const expression = this.expression();
    this.end();
    return expression;
  }

  /** Names and collection of a loop. */
  iteration(): { names: string[]; collection: Expression } {
    const names = [this.name()];
    if (this.accept(",")) names.push(this.name());
    if (this.name() !== "in") throw new SyntaxError("a loop has no in");
    return { names, collection: this.expression() };
  }

  private expression(): Expression {
    const start = this.token.start;
    const condition = this.binary(0);
    if (!this.accept("?")) return condition;
    const yes = this.expression();
    this.expect(":");
    const no = this.expression();
    return { kind: "conditional", condition, yes, no, text: this.textFrom(start) };
  }

  private binary(level: number): Expression {
    if (level === OPERATORS.length) return this.unary();
    const start = this.token.start;
    let left = this.binary(level + 1);
    for (;;) {
      const operator = OPERATORS[level].find((it) => this.at(it));
      if (operator === undefined) return left;
      this.take();
      const right = this.binary(level + 1);
      left = { kind: "binary", operator, left, right, text: this.textFrom(start) };
    }
  }

  private unary(): Expression {
    const start = this.token.start;
    const operator = ["-", "!"].find((it) => this.at(it));
    if (operator === undefined) return this.steps(this.term(), start);
    this.take();
    const operand = this.unary();
    return { kind: "unary", operator, operand, text: this.textFrom(start) };
  }

  /** Attributes, indices and splats that follow an expression. */
  private steps(target: Expression, start: number): Expression {
    for (;;) {
      if (this.at("[")) {
        this.take();
        if (this.accept("*")) {
          this.expect("]");
          return this.splat(target, start, true);
        }
        const key = this.within(() => this.expression());
        this.expect("]");
        target = { kind: "index", target, key, text: this.textFrom(start) };
      } else if (this.accept(".")) {
        if (this.accept("*")) target = this.splat(target, start, false);
        else target = this.attribute(target, start);
      } else return target;
    }
  }

  /** Attribute of a name, or of a number as in older configurations. */
  private attribute(target: Expression, start: number): Expression {
    if (this.token.kind !== "name" && this.token.kind !== "number") throw new SyntaxError("expected a name");
    const { kind, text } = this.take();
    const keys = kind === "name" ? [text] : text.split(".").map(Number);
    return keys.reduce<Expression>(
      (inner, value) => ({
        kind: "index",
        target: inner,
        key: { kind: "literal", value, text: String(value) },
        text: this.textFrom(start),
      }),
      target,
    );
  }

  /** Splat: `[*]` takes all that follows, `.*` only attributes. */
  private splat(target: Expression, start: number, isFull: boolean): Expression {
    const from = this.token.start;
    let each: Expression = { kind: "item", text: "" } as Expression;
    if (isFull) each = this.steps(each, from);
    else while (this.accept(".")) each = this.attribute(each, from);
    return { kind: "splat", target, each, text: this.textFrom(start) };
  }

  private term(): Expression {
    const { kind, text, parts, start } = this.token;
    if (this.at("(")) return this.enclosed(() => this.expression(), ")");
    if (this.at("[")) return this.list(start);
    if (this.at("{")) return this.object(start);
    if (kind === "number") {
      this.take();
      return { kind: "literal", value: Number(text), text };
    }
    if (kind === "template") {
      this.take();
      return templateFrom(parts!, this.textFrom(start));
    }
    const name = this.name();
    if (Object.hasOwn(LITERALS, name)) return { kind: "literal", value: LITERALS[name], text };
    if (this.at("(") || this.at("::")) return this.call(name, start);
    return { kind: "root", name, text };
  }

  private call(first: string, start: number): Expression {
    let name = first;
    while (this.accept("::")) name += `::${this.name()}`;
    let isExpanded = false;
    const args = this.enclosed(() => {
      const found: Expression[] = [];
      while (!this.at(")")) {
        found.push(this.expression());
        isExpanded = this.accept("...");
        if (isExpanded || !this.accept(",")) break;
      }
      return found;
    }, ")");
    return { kind: "call", name, args, isExpanded, text: this.textFrom(start) };
  }

  private list(start: number): Expression {
    return this.enclosed(() => {
      if (this.isLoop()) return this.loop(start, "]");
      const items: Expression[] = [];
      while (!this.at("]")) {
        items.push(this.expression());
        if (!this.accept(",")) break;
      }
      return { kind: "list", items, text: this.textFrom(start, "]") };
    }, "]");
  }

  private object(start: number): Expression {
    const isLoop = this.isLoop(1);
    return this.enclosed(
      () => {
        if (isLoop) return this.loop(start, "}");
        const entries: [Expression, Expression][] = [];
        while (!this.at("}")) {
          const key = this.key();
          if (!this.accept("=")) this.expect(":");
          entries.push([key, this.expression()]);
          if (!this.accept(",") && !this.at("}") && !this.token.isFirstOfLine)
            throw new SyntaxError("expected a comma or a line's end");
        }
        return { kind: "object", entries, text: this.textFrom(start, "}") };
      },
      "}",
      !isLoop,
    );
  }

  /** Key of an object: a bare name is its text. */
  private key(): Expression {
    const after = this.tokens[this.next + 1]?.text;
    if (this.token.kind !== "name" || (after !== "=" && after !== ":"))
      return this.within(() => this.expression());
    const { text } = this.take();
    return { kind: "literal", value: text, text };
  }

  private isLoop(ahead = 0): boolean {
    const [first, second] = this.tokens.slice(this.next + ahead);
    return first.kind === "name" && first.text === "for" && second.kind === "name";
  }

  private loop(start: number, closing: string): Expression {
    this.take();
    const { names, collection } = this.iteration();
    this.expect(":");
    const first = this.expression();
    const key = this.accept("=>") ? first : undefined;
    const value = key ? this.expression() : first;
    const isGrouped = this.accept("...");
    const hasCondition = this.token.kind === "name" && this.token.text === "if";
    if (hasCondition) this.take();
    const condition = hasCondition ? this.expression() : undefined;
    if ((key === undefined) !== (closing === "]")) throw new SyntaxError("a loop has the wrong brackets");
    const text = this.textFrom(start, closing);
    return { kind: "for", names, collection, key, value, isGrouped, condition, text };
  }
}
