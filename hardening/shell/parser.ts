import { NotJudged } from "../not-judged";
import { type ShellToken, tokenize } from "./words";

/** Command of a script, or a construct that contains commands. */
export type ShellNode =
  | { readonly kind: "simple"; readonly words: readonly ShellToken[] }
  | { readonly kind: "list"; readonly items: readonly ShellNode[] }
  | {
      readonly kind: "and-or";
      readonly left: ShellNode;
      readonly operator: string;
      readonly right: ShellNode;
    }
  | { readonly kind: "pipe"; readonly items: readonly ShellNode[] }
  | { readonly kind: "not"; readonly node: ShellNode }
  | { readonly kind: "if"; readonly branches: readonly Branch[]; readonly otherwise?: ShellNode }
  | {
      readonly kind: "loop";
      readonly condition: ShellNode;
      readonly isUntil: boolean;
      readonly body: ShellNode;
    }
  | { readonly kind: "for"; readonly items?: readonly ShellToken[]; readonly body: ShellNode }
  | { readonly kind: "case"; readonly bodies: readonly ShellNode[] }
  | { readonly kind: "function"; readonly name: string; readonly body: ShellNode }
  | { readonly kind: "subshell"; readonly body: ShellNode };

/** Condition of an `if` or `elif`, with its body. */
interface Branch {
  readonly condition: ShellNode;
  readonly body: ShellNode;
}

const REDIRECTIONS = ["<", ">", ">>", "<&", ">&", "<>", ">|"];

/**
 * Parses a script of a POSIX shell, and the function keyword of bash. The parser exists because the rules need the
 * commands that run, and not the text: the maintained parsers are a Go program or load WebAssembly asynchronously,
 * while synthesis is synchronous.
 * @throws NotJudged for syntax that it does not know
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_10
 */
export function parseScript(source: string): ShellNode {
  const parser = new Parser(tokenize(source));
  return parser.script();
}

class Parser {
  private at = 0;

  constructor(private readonly tokens: readonly ShellToken[]) {}

  script(): ShellNode {
    const script = this.list();
    if (this.peek().kind !== "end") throw this.unexpected();
    return script;
  }

  private peek(offset = 0): ShellToken {
    return this.tokens[Math.min(this.at + offset, this.tokens.length - 1)];
  }

  private take(): ShellToken {
    return this.tokens[this.at++];
  }

  private isOperator(text: string, offset = 0): boolean {
    const token = this.peek(offset);
    return token.kind === "operator" && token.text === text;
  }

  private isReserved(...texts: string[]): boolean {
    const { kind, isBare, text, parts } = this.peek();
    return kind === "word" && isBare && parts.every((part) => part.kind === "text") && texts.includes(text);
  }

  private expectWord(text: string): void {
    if (!this.isReserved(text)) throw this.unexpected(text);
    this.take();
  }

  private unexpected(expected?: string): NotJudged {
    const { kind, text } = this.peek();
    const found = kind === "end" ? "its end" : JSON.stringify(text);
    return new NotJudged(
      `a script has ${found} in an unknown place${expected ? `, where ${expected} belongs` : ""}`,
    );
  }

  private skipNewlines(): void {
    while (this.isOperator("\n")) this.take();
  }

  /** Reads commands up to a reserved word or a closing operator. */
  private list(): ShellNode {
    const items: ShellNode[] = [];
    for (;;) {
      while (this.isOperator("\n") || this.isOperator(";") || this.isOperator("&")) this.take();
      if (this.peek().kind === "end" || this.isOperator(")") || this.isOperator(";;")) break;
      if (this.isReserved("then", "elif", "else", "fi", "do", "done", "esac", "}")) break;
      items.push(this.andOr());
    }
    return { kind: "list", items };
  }

  private andOr(): ShellNode {
    let left = this.pipe();
    while (this.isOperator("&&") || this.isOperator("||")) {
      const operator = this.take().text;
      this.skipNewlines();
      left = { kind: "and-or", left, operator, right: this.pipe() };
    }
    return left;
  }

  private pipe(): ShellNode {
    if (this.isReserved("!")) {
      this.take();
      return { kind: "not", node: this.pipe() };
    }
    const items = [this.command()];
    while (this.isOperator("|")) {
      this.take();
      this.skipNewlines();
      items.push(this.command());
    }
    return items.length === 1 ? items[0] : { kind: "pipe", items };
  }

  private command(): ShellNode {
    const compound = this.compound();
    if (compound) {
      this.redirections();
      return compound;
    }
    return this.simple();
  }

  private compound(): ShellNode | undefined {
    if (this.isOperator("(")) {
      this.take();
      const body = this.list();
      if (!this.isOperator(")")) throw this.unexpected(")");
      this.take();
      return { kind: "subshell", body };
    }
    if (this.peek().kind === "word" && this.isOperator("(", 1) && this.isOperator(")", 2)) {
      const name = this.take().text;
      this.at += 2;
      return this.functionNamed(name);
    }
    if (this.isReserved("function") && this.peek(1).kind === "word") {
      this.take();
      const name = this.take().text;
      if (this.isOperator("(")) this.at += 2;
      return this.functionNamed(name);
    }
    if (this.isReserved("{")) return this.between("{", "}");
    if (this.isReserved("if")) return this.conditional();
    if (this.isReserved("while", "until")) {
      const isUntil = this.take().text === "until";
      const condition = this.list();
      return { kind: "loop", condition, isUntil, body: this.between("do", "done") };
    }
    if (this.isReserved("for")) return this.forLoop();
    if (this.isReserved("case")) return this.caseOf();
    return undefined;
  }

  private functionNamed(name: string): ShellNode {
    this.skipNewlines();
    const body = this.compound();
    if (!body) throw this.unexpected("the body of a function");
    return { kind: "function", name, body };
  }

  private between(open: string, close: string): ShellNode {
    this.expectWord(open);
    const body = this.list();
    this.expectWord(close);
    return body;
  }

  private conditional(): ShellNode {
    const branches: Branch[] = [];
    while (this.isReserved("if", "elif")) {
      this.take();
      const condition = this.list();
      this.expectWord("then");
      branches.push({ condition, body: this.list() });
    }
    let otherwise: ShellNode | undefined;
    if (this.isReserved("else")) {
      this.take();
      otherwise = this.list();
    }
    this.expectWord("fi");
    return { kind: "if", branches, otherwise };
  }

  private forLoop(): ShellNode {
    this.take();
    this.take();
    this.skipNewlines();
    let items: ShellToken[] | undefined;
    if (this.isReserved("in")) {
      this.take();
      items = [];
      while (this.peek().kind === "word") items.push(this.take());
    }
    while (this.isOperator(";") || this.isOperator("\n")) this.take();
    return { kind: "for", items, body: this.between("do", "done") };
  }

  private caseOf(): ShellNode {
    this.take();
    this.take();
    this.skipNewlines();
    this.expectWord("in");
    const bodies: ShellNode[] = [];
    for (;;) {
      this.skipNewlines();
      if (this.isReserved("esac")) break;
      if (this.isOperator("(")) this.take();
      while (this.peek().kind === "word" || this.isOperator("|")) this.take();
      if (!this.isOperator(")")) throw this.unexpected(")");
      this.take();
      bodies.push(this.list());
      if (this.isOperator(";;")) this.take();
    }
    this.take();
    return { kind: "case", bodies };
  }

  private redirections(): void {
    while (this.isRedirection()) this.redirection();
  }

  private isRedirection(): boolean {
    const offset = /^\d$/.test(this.peek().text) && this.peek().isBare ? 1 : 0;
    return REDIRECTIONS.some((operator) => this.isOperator(operator, offset));
  }

  private redirection(): void {
    if (this.peek().kind === "word") this.take();
    this.take();
    if (this.peek().kind !== "word") throw this.unexpected("a file");
    this.take();
  }

  private simple(): ShellNode {
    const words: ShellToken[] = [];
    const start = this.at;
    for (;;) {
      if (this.isRedirection()) this.redirection();
      else if (this.peek().kind === "word") words.push(this.take());
      else break;
    }
    if (this.at === start) throw this.unexpected();
    return { kind: "simple", words };
  }
}
