import { PolicyError } from "./policy-error";

/** Kind of a token of HCL 1. */
export type TokenType =
  "identifier" | "string" | "number" | "boolean" | "[" | "]" | "{" | "}" | "," | "=" | "end";

/** Token of HCL 1. */
export interface Token {
  /** Kind of the token. */
  readonly type: TokenType;
  /** Text as it was written, including quotes. */
  readonly text: string;
  /** Line in the policy. */
  readonly line: number;
}

const SPACE_OR_COMMENT = /(?:[ \t\r\n]+|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/y;
const IDENTIFIER = /[\p{L}_][\p{L}\p{Nd}_.-]*/uy;
const NUMBER = /-?(?:0[xX][0-9a-fA-F]+|(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)/y;
const PUNCTUATION = /[[\]{},=]/y;
const ESCAPE = /\\(?:[abfnrtv\\"]|[0-7]{3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})/y;

/**
 * Splits a policy into tokens of HCL 1, the language of Vault's policies. It differs from Terraform's HCL.
 * @throws PolicyError for text that Vault would reject, and for heredocs
 * @see https://github.com/hashicorp/hcl/tree/hcl1
 */
export function scan(source: string): Token[] {
  const text = source.replaceAll("\r\n", "\n");
  const tokens: Token[] = [];
  let offset = 0;
  let line = 1;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = offset;
    return pattern.exec(text)?.[0];
  };
  for (;;) {
    const skipped = take(SPACE_OR_COMMENT) ?? "";
    offset += skipped.length;
    line += countLines(skipped);
    if (offset === text.length) return [...tokens, { type: "end", text: "", line }];
    const [type, word] = nextWord(text, offset, line, take);
    tokens.push({ type, text: word, line });
    offset += word.length;
    line += countLines(word);
  }
}

function nextWord(
  text: string,
  offset: number,
  line: number,
  take: (pattern: RegExp) => string | undefined,
): [TokenType, string] {
  if (text[offset] === '"') return ["string", text.slice(offset, endOfString(text, offset, line))];
  const identifier = take(IDENTIFIER);
  if (identifier === "true" || identifier === "false") return ["boolean", identifier];
  if (identifier !== undefined) return ["identifier", identifier];
  const number = take(NUMBER);
  if (number !== undefined) return ["number", number];
  const punctuation = take(PUNCTUATION);
  if (punctuation !== undefined) return [punctuation as TokenType, punctuation];
  if (text.startsWith("<<", offset)) {
    throw new PolicyError(`line ${line}: a heredoc is not read here, write a quoted string`);
  }
  if (text.startsWith("/*", offset)) throw new PolicyError(`line ${line}: the comment does not end`);
  throw new PolicyError(
    `line ${line}: unexpected ${JSON.stringify(String.fromCodePoint(text.codePointAt(offset)!))}`,
  );
}

/** Offset after the end of a string. Within `${ }`, quotes and line breaks are part of the string. */
function endOfString(text: string, start: number, line: number): number {
  let braces = 0;
  for (let offset = start + 1; offset < text.length; offset++) {
    const character = text[offset];
    if (character === "\n" && braces === 0) break;
    if (character === '"' && braces === 0) return offset + 1;
    if (character === "\\") {
      ESCAPE.lastIndex = offset;
      const escape = ESCAPE.exec(text)?.[0];
      if (!escape) throw new PolicyError(`line ${line}: unknown escape ${text.slice(offset, offset + 2)}`);
      offset += escape.length - 1;
    } else if (braces === 0 && text.startsWith("${", offset)) {
      braces = 1;
      offset++;
    } else if (braces > 0 && character === "{") braces++;
    else if (braces > 0 && character === "}") braces--;
  }
  throw new PolicyError(`line ${line}: the string does not end`);
}

const ESCAPED: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  '"': '"',
};

/**
 * Decodes a quoted string. Within `${ }`, nothing is an escape.
 * @throws PolicyError for an escape of a single byte beyond ASCII, which no path in Vault needs
 */
export function unquote({ text, line }: Token): string {
  let result = "";
  let braces = 0;
  for (let offset = 1; offset < text.length - 1; offset++) {
    const character = text[offset];
    if (braces > 0) {
      if (character === "{") braces++;
      if (character === "}") braces--;
    } else if (text.startsWith("${", offset)) {
      braces = 1;
      result += "$";
      offset++;
    } else if (character === "\\") {
      ESCAPE.lastIndex = offset;
      const escape = ESCAPE.exec(text)![0];
      result += unescape(escape, line);
      offset += escape.length - 1;
      continue;
    }
    result += text[offset];
  }
  return result;
}

function unescape(escape: string, line: number): string {
  const simple = ESCAPED[escape[1]];
  if (simple !== undefined) return simple;
  const isHex = /[xuU]/.test(escape[1]);
  const code = isHex ? parseInt(escape.slice(2), 16) : parseInt(escape.slice(1), 8);
  const isByte = !/[uU]/.test(escape[1]);
  if (code > (isByte ? 0x7f : 0x10ffff))
    throw new PolicyError(`line ${line}: the escape ${escape} is no character`);
  return String.fromCodePoint(code);
}

function countLines(text: string): number {
  return text.split("\n").length - 1;
}
