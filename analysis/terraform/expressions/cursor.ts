import type { Token } from "./tokens";

/** Position in a list of tokens, with what parsers ask of the token there. */
export class Cursor {
  protected next = 0;
  /** True where the end of a line ends an expression: between the entries of an object. */
  private endsWithLine = false;

  constructor(
    protected readonly tokens: readonly Token[],
    private readonly source: string,
  ) {}

  /** @throws SyntaxError if a token is left */
  end(): void {
    if (this.token.kind !== "end") throw new SyntaxError(`unexpected ${this.token.text}`);
  }

  /** Takes a name. @throws SyntaxError if the token is another */
  name(): string {
    if (this.token.kind !== "name") throw new SyntaxError("expected a name");
    return this.take().text;
  }

  /** Reads between the bracket at hand and its closing one. */
  protected enclosed<T>(read: () => T, closing: string, endsWithLine = false): T {
    this.take();
    const result = this.within(read, endsWithLine);
    this.expect(closing);
    return result;
  }

  protected within<T>(read: () => T, endsWithLine = false): T {
    const outer = this.endsWithLine;
    this.endsWithLine = endsWithLine;
    const result = read();
    this.endsWithLine = outer;
    return result;
  }

  protected get token(): Token {
    return this.tokens[this.next];
  }

  protected take(): Token {
    if (this.token.kind === "end") throw new SyntaxError("an expression ends too early");
    return this.tokens[this.next++];
  }

  protected at(operator: string): boolean {
    const { kind, text, isFirstOfLine } = this.token;
    // A closing bracket may be the first of its line.
    if (this.endsWithLine && isFirstOfLine && !/[)\]}]/.test(operator)) return false;
    return kind === "operator" && text === operator;
  }

  protected accept(operator: string): boolean {
    if (!this.at(operator)) return false;
    this.next++;
    return true;
  }

  protected expect(operator: string): void {
    if (!this.accept(operator)) throw new SyntaxError(`expected ${operator}`);
  }

  /** Source from a position to the last token that was taken, or to the one at hand. */
  protected textFrom(start: number, closing?: string): string {
    const last = this.tokens[closing === undefined || !this.at(closing) ? this.next - 1 : this.next];
    return this.source.slice(start, last.end);
  }
}
