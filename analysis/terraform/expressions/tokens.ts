/** Token of an expression. */
export interface Token {
  /** Kind of the token; `end` follows the last one. */
  readonly kind: "name" | "number" | "operator" | "template" | "end";
  /** Text of a name, number or operator. */
  readonly text: string;
  /** Parts of a template in quotes, or of a heredoc. */
  readonly parts?: readonly TemplatePart[];
  /** Position of the first character in the source. */
  readonly start: number;
  /** Position after the last character. */
  readonly end: number;
  /** True if a line ends before the token. */
  readonly isFirstOfLine: boolean;
}

/** Part of a template: text, or a sequence with an expression or a directive. */
export type TemplatePart =
  | string
  | {
      /** `${ }` or `%{ }`. */
      readonly kind: "interpolation" | "directive";
      /** Tokens of the expression or directive. */
      readonly tokens: readonly Token[];
      /** Text that the positions of the tokens refer to. */
      readonly source: string;
    };

const SPACE = /(?:[ \t\r\n]|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
const NAME = /[\p{ID_Start}_][\p{ID_Continue}-]*/uy;
const NUMBER = /\d+(\.\d+)?([eE][+-]?\d+)?/y;
const OPERATOR = /\.\.\.|::|==|!=|<=|>=|&&|\|\||=>|[-+*/%!<>?:=()[\]{},.]/y;
/** Characters that are the same in every template. */
const ORDINARY = /[^"$%\\]+/y;
const HEREDOC = /<<(-?)([\p{ID_Start}_][\p{ID_Continue}-]*)\r?\n/uy;

/**
 * Splits an expression into tokens.
 * @param source text that contains the expression
 * @param start position of the first character
 * @param closing true if a closing brace ends the expression @default false - it ends with the source
 * @returns tokens, the last one of the kind `end`, and the position after the closing brace
 * @throws SyntaxError if the source is not an expression
 */
export function tokenize(source: string, start: number, closing = false): { tokens: Token[]; end: number } {
  const tokens: Token[] = [];
  let braces = 0;
  let offset = start;
  for (;;) {
    const space = match(SPACE, source, offset)![0];
    offset += space.length;
    const add = (kind: Token["kind"], text: string, length: number, parts?: readonly TemplatePart[]) => {
      const isFirstOfLine = space.includes("\n");
      tokens.push({ kind, text, parts, start: offset, end: offset + length, isFirstOfLine });
      offset += length;
    };
    const character = source[offset];
    if (character === undefined || (closing && braces === 0 && /[}~]/.test(character))) {
      add("end", "", 0);
      return { tokens, end: closing ? endOfSequence(source, offset) : offset };
    }
    const heredoc = match(HEREDOC, source, offset);
    const found =
      match(NAME, source, offset) ?? match(NUMBER, source, offset) ?? match(OPERATOR, source, offset);
    if (character === '"') {
      const { parts, end } = scanTemplate(source, offset + 1, true);
      add("template", "", end - offset, parts);
    } else if (heredoc) {
      const { text, end } = heredocText(source, offset + heredoc[0].length, heredoc[2], heredoc[1] === "-");
      add("template", "", end - offset, scanTemplate(text, 0, false).parts);
    } else if (!found) {
      throw new SyntaxError(`unexpected character at ${offset}`);
    } else {
      if (character === "{") braces++;
      if (character === "}") braces--;
      add(
        /^\d/.test(found[0]) ? "number" : /^[\p{ID_Start}_]/u.test(found[0]) ? "name" : "operator",
        found[0],
        found[0].length,
      );
    }
  }
}

/** Position after the brace that ends a sequence; a marker before it strips spaces. */
function endOfSequence(source: string, offset: number): number {
  const end = /~?\}/y;
  const found = match(end, source, offset);
  if (!found) throw new SyntaxError("an expression has no closing brace");
  return offset + found[0].length;
}

/** Text of a heredoc, without its indentation if it is written with a minus sign. */
function heredocText(source: string, start: number, marker: string, isIndented: boolean) {
  const lines: string[] = [];
  let offset = start;
  for (;;) {
    const next = source.indexOf("\n", offset);
    const end = next < 0 ? source.length : next;
    const line = source.slice(offset, end);
    if (line.trim() === marker) {
      const indents = lines.filter((it) => it.trim() !== "").map((it) => it.length - it.trimStart().length);
      const indent = isIndented ? Math.min(...indents, Infinity) : 0;
      return { text: lines.map((it) => `${it.slice(indent)}\n`).join(""), end };
    }
    if (next < 0) throw new SyntaxError(`a heredoc has no line ${marker}`);
    lines.push(line);
    offset = next + 1;
  }
}

function match(pattern: RegExp, source: string, offset: number): RegExpExecArray | null {
  pattern.lastIndex = offset;
  return pattern.exec(source);
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\" };

/**
 * Splits a template into its parts.
 * @param source text that contains the template
 * @param start position of the first character
 * @param isQuoted true if the template is in quotes; otherwise it ends with the source and has no backslash escapes, as
 * in Terraform JSON
 * @returns parts, and the position after the closing quote
 * @throws SyntaxError if a sequence or the template has no end
 */
export function scanTemplate(
  source: string,
  start: number,
  isQuoted: boolean,
): { parts: TemplatePart[]; end: number } {
  const parts: TemplatePart[] = [];
  let text = "";
  let strips = false;
  const flush = () => {
    if (text !== "") parts.push(text);
    text = "";
  };
  const append = (piece: string) => {
    // After a strip marker, white space is left out up to the next other character.
    const kept = strips ? piece.trimStart() : piece;
    if (kept !== "") strips = false;
    text += kept;
  };
  let offset = start;
  while (offset < source.length) {
    const two = source.slice(offset, offset + 2);
    if (isQuoted && source[offset] === '"') {
      flush();
      return { parts, end: offset + 1 };
    }
    if (/^(\$\$|%%)$/.test(two) && source[offset + 2] === "{") {
      append(source.slice(offset + 1, offset + 3));
      offset += 3;
    } else if (two === "${" || two === "%{") {
      const hasMarker = source[offset + 2] === "~";
      if (hasMarker) text = text.trimEnd();
      flush();
      const { tokens, end } = tokenize(source, offset + (hasMarker ? 3 : 2), true);
      parts.push({ kind: two === "${" ? "interpolation" : "directive", tokens, source });
      strips = source[end - 2] === "~";
      offset = end;
    } else if (isQuoted && source[offset] === "\\") {
      const { character, length } = escapeAt(source, offset);
      append(character);
      offset += length;
    } else {
      const length = match(ORDINARY, source, offset)?.[0].length ?? 1;
      append(source.slice(offset, offset + length));
      offset += length;
    }
  }
  if (isQuoted) throw new SyntaxError("a string has no closing quote");
  flush();
  return { parts, end: offset };
}

function escapeAt(source: string, offset: number): { character: string; length: number } {
  const code = /^\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/.exec(source.slice(offset, offset + 10));
  if (code)
    return { character: String.fromCodePoint(parseInt(code[1] ?? code[2], 16)), length: code[0].length };
  const character = ESCAPES[source[offset + 1]];
  if (character === undefined) throw new SyntaxError("a string has an unknown escape");
  return { character, length: 2 };
}
