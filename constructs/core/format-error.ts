import type { IConstruct } from "constructs";
import { isHarmless, received } from "./received";
import { isLiteral } from "./tokens";
import { ValidationError } from "./validation-error";

/** Error for text that a parser rejects. It does not contain the text. */
export class FormatError extends RangeError {
  constructor(
    /** Completes the sentence "<field> must be ...". */
    readonly allowed: string,
    /** True if the rejected text must not be printed. */
    readonly isSecret = false,
  ) {
    super(`must be ${allowed}`);
    this.name = "FormatError";
  }
}

/**
 * Reads text as its consumer does.
 * @throws FormatError for text that the consumer rejects or reads differently
 */
export type Parser<T> = (text: string) => T;

/**
 * Tries a parser on a text.
 * @returns the reason why the parser rejects the text, or undefined if the parser accepts it
 */
export function rejection(parse: Parser<unknown>, text: string): FormatError | undefined {
  try {
    parse(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    if (!error.allowed.includes('"') || isHarmless(text)) return error;
    return new FormatError(withoutText(error.allowed, text), error.isSecret);
  }
}

/** Allowed values without a suggestion that is made of the rejected text, such as the text in lower case. */
function withoutText(allowed: string, text: string): string {
  return allowed.replace(/"([^"]+)"/g, (quoted, suggestion: string) =>
    text.toLowerCase().includes(suggestion.toLowerCase()) ? "(not shown)" : quoted,
  );
}

/**
 * Parses a property of a construct.
 * @returns undefined for a property that is not set, and for a token, which only Terraform can read
 * @throws ValidationError if the parser rejects the text
 */
export function parseProperty<T>(
  scope: IConstruct | string,
  property: string,
  text: string | undefined,
  parse: Parser<T>,
): T | undefined {
  if (!isLiteral(text)) return undefined;
  const rejected = rejection(parse, text);
  if (!rejected) return parse(text);
  const problem = `${property} must be ${rejected.allowed}`;
  if (rejected.isSecret) throw new ValidationError(scope, `${problem}, got a text (not shown)`);
  throw new ValidationError(scope, `${problem}, got ${received(text, property)}`);
}
