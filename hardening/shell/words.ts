import { NotJudged } from "../not-judged";

/** Part of a word: text, a parameter such as `$1`, or the text of a command substitution. */
export type WordPart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "parameter"; readonly name: string; readonly isPlain: boolean }
  | { readonly kind: "commands"; readonly source: string };

/** Token of a script. A word keeps its parts; an operator, such as `&&`, has only its text. */
export interface ShellToken {
  /** `end` follows the last token. */
  readonly kind: "word" | "operator" | "end";
  /** Operator; for a word its text without quotes if it holds no expansion. */
  readonly text: string;
  /** Parts of a word. */
  readonly parts: readonly WordPart[];
  /** True if no part of the word is quoted, so that it can be a reserved word. */
  readonly isBare: boolean;
}

const OPERATORS = [
  "&&",
  "||",
  ";;",
  "<<-",
  "<<",
  ">>",
  "<&",
  ">&",
  "<>",
  ">|",
  ";",
  "&",
  "|",
  "(",
  ")",
  "<",
  ">",
  "\n",
];

/** Splits a script of a POSIX shell into words and operators, without comments and here-documents. */
export function tokenize(source: string): ShellToken[] {
  return new Lexer(source.replaceAll("\\\n", "")).tokens();
}

class Lexer {
  private at = 0;
  /** Delimiters of here-documents that start after the line. */
  private readonly pending: { end: string; stripsTabs: boolean }[] = [];

  constructor(private readonly source: string) {}

  tokens(): ShellToken[] {
    const tokens: ShellToken[] = [];
    for (;;) {
      this.skip(/[ \t\r]*/y);
      if (this.source[this.at] === "#") this.skip(/[^\n]*/y);
      if (this.at >= this.source.length) break;
      const operator = OPERATORS.find((it) => this.source.startsWith(it, this.at));
      if (operator === undefined) {
        tokens.push(this.word());
        continue;
      }
      this.at += operator.length;
      if (operator === "\n") this.skipHereDocuments();
      if (operator.startsWith("<<")) {
        this.skip(/[ \t]*/y);
        this.pending.push({ end: this.word().text, stripsTabs: operator === "<<-" });
      } else tokens.push({ kind: "operator", text: operator, parts: [], isBare: true });
    }
    return [...tokens, { kind: "end", text: "", parts: [], isBare: true }];
  }

  private skip(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const text = pattern.exec(this.source)?.[0] ?? "";
    this.at += text.length;
    return text;
  }

  private skipHereDocuments(): void {
    for (const { end, stripsTabs } of this.pending.splice(0)) {
      for (;;) {
        if (this.at >= this.source.length) return;
        const line = this.skip(/[^\n]*/y);
        this.at++;
        if ((stripsTabs ? line.replace(/^\t+/, "") : line) === end) break;
      }
    }
  }

  private word(): ShellToken {
    const parts: WordPart[] = [];
    const start = this.at;
    let isBare = true;
    const add = (text: string) => parts.push({ kind: "text", text });
    while (this.at < this.source.length && !/[\s;&|<>()]/.test(this.source[this.at])) {
      const character = this.source[this.at];
      if (character === "'" || character === '"' || character === "\\") isBare = false;
      if (character === "\\") {
        add(this.source[this.at + 1] ?? "");
        this.at += 2;
      } else if (character === "'") add(this.singleQuoted());
      else if (character === '"') this.doubleQuoted(parts);
      else if (character === "$") parts.push(this.expansion());
      else if (character === "`") parts.push(this.backquoted());
      else add(this.skip(/[^\s;&|<>()'"\\$`]+/y));
    }
    if (this.at === start)
      throw new NotJudged(`a script has ${JSON.stringify(this.source[start])} in an unknown place`);
    const text = parts.map((part) => (part.kind === "text" ? part.text : "")).join("");
    return { kind: "word", text, parts: parts.length === 0 ? [{ kind: "text", text: "" }] : parts, isBare };
  }

  private singleQuoted(): string {
    const end = this.endOfQuote(this.at + 1);
    const text = this.source.slice(this.at + 1, end);
    this.at = end + 1;
    return text;
  }

  private doubleQuoted(parts: WordPart[]): void {
    this.at++;
    parts.push({ kind: "text", text: "" });
    while (this.source[this.at] !== '"') {
      if (this.at >= this.source.length) throw new NotJudged("a quote in a script has no end");
      if (this.source[this.at] === "$") parts.push(this.expansion());
      else if (this.source[this.at] === "`") parts.push(this.backquoted());
      else if (this.source[this.at] === "\\") {
        const next = this.source[this.at + 1] ?? "";
        parts.push({ kind: "text", text: /[$`"\\]/.test(next) ? next : `\\${next}` });
        this.at += 2;
      } else parts.push({ kind: "text", text: this.skip(/[^"$`\\]+/y) });
    }
    this.at++;
  }

  private backquoted(): WordPart {
    const end = this.source.indexOf("`", this.at + 1);
    if (end < 0) throw new NotJudged("a command substitution in a script has no end");
    const source = this.source.slice(this.at + 1, end);
    this.at = end + 1;
    return { kind: "commands", source };
  }

  private expansion(): WordPart {
    const rest = this.source.slice(this.at + 1);
    if (rest.startsWith("((")) {
      this.enclosed("(", ")");
      return { kind: "parameter", name: "arithmetic", isPlain: false };
    }
    if (rest.startsWith("(")) return { kind: "commands", source: this.enclosed("(", ")") };
    if (rest.startsWith("{")) {
      const inner = this.enclosed("{", "}");
      const isPlain = /^(\w+|[@*#?$!-])$/.test(inner);
      return { kind: "parameter", name: /^\w+/.exec(inner)?.[0] ?? inner, isPlain };
    }
    const name = /^([A-Za-z_]\w*|[0-9@*#?$!-])/.exec(rest)?.[0];
    this.at += 1 + (name?.length ?? 0);
    return name === undefined ? { kind: "text", text: "$" } : { kind: "parameter", name, isPlain: true };
  }

  /** Text between the bracket after `$` and its counterpart. */
  private enclosed(open: "(" | "{", close: ")" | "}"): string {
    const start = this.at + 2;
    const end = this.endOf(open, close, start);
    this.at = end + 1;
    return this.source.slice(start, end);
  }

  /** Position of a closing bracket. Quotes hide brackets. */
  private endOf(open: "(" | "{", close: ")" | "}", start: number): number {
    for (let at = start; at < this.source.length; at++) {
      const character = this.source[at];
      if (character === close) return at;
      if (character === "\\") at++;
      else if (character === open) at = this.endOf(open, close, at + 1);
      else if (character === '"') at = this.endOfDoubleQuote(at + 1);
      else if (character === "'" && open === "(") at = this.endOfQuote(at + 1);
    }
    throw new NotJudged(`a ${open} in a script has no ${close}`);
  }

  private endOfDoubleQuote(start: number): number {
    for (let at = start; at < this.source.length; at++) {
      if (this.source[at] === '"') return at;
      if (this.source[at] === "\\") at++;
      else if (this.source.startsWith("$(", at)) at = this.endOf("(", ")", at + 2);
      else if (this.source.startsWith("${", at)) at = this.endOf("{", "}", at + 2);
    }
    throw new NotJudged("a quote in a script has no end");
  }

  private endOfQuote(start: number): number {
    const end = this.source.indexOf("'", start);
    if (end < 0) throw new NotJudged("a quote in a script has no end");
    return end;
  }
}
