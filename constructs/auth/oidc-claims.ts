import { Field, record, text } from "../core/field";
import { literal } from "../core/literal";
import { received } from "../core/received";

/** A format of text that Vault, its Terraform provider and the identity provider all read alike. */
export interface TextForm {
  /** Returns true if the text has this format. */
  readonly fits: (text: string) => boolean;
  /** Description of the format for error messages. */
  readonly allowed: string;
}

/** True for a text without outer spaces and control characters. */
const isPlain = (text: string) => text !== "" && text.trim() === text && !/\p{Cc}/u.test(text);

/** A claim by its name or by a JSON pointer. Vault reads every text with a leading slash as a pointer. */
export const CLAIM: TextForm = {
  fits: (text) => isPlain(text) && (!text.startsWith("/") || /^(\/([^~/]|~[01])+)+$/.test(text)),
  allowed: "the name of a claim, such as groups, or a JSON pointer, such as /realm_access/roles",
};

/** A value that Vault compares with a claim. The Terraform provider splits it at commas and trims it. */
export const CLAIM_VALUE: TextForm = {
  fits: (text) => isPlain(text) && !text.includes(","),
  allowed: "one value, without commas and outer spaces",
};

/** A group as the identity provider sends it. */
export const GROUP: TextForm = {
  fits: CLAIM_VALUE.fits,
  allowed: "a group of the identity provider, or a list of groups, without commas and outer spaces",
};

/** A scope as OAuth 2.0 defines it. It has no commas, because Vault splits scopes there. */
export const SCOPE: TextForm = {
  fits: (text) => /^[\x21\x23-\x2b\x2d-\x5b\x5d-\x7e]+$/.test(text),
  allowed: "a scope, such as profile, without spaces and commas",
};

/**
 * A printable client id, as OAuth 2.0 defines it. `vault write` reads a leading @ as a file, and a dash as its
 * standard input.
 */
export const CLIENT_ID: TextForm = {
  fits: (text) => /^(?![@\\]|-$)[\x20-\x7e]+$/.test(text) && isPlain(text),
  allowed: "the client id that the identity provider gave Vault, in ASCII and without a leading @",
};

/** A metadata key of a login. Vault sets `role` itself. */
export const METADATA_KEY: TextForm = {
  fits: (text) => /^(?!role$)[\w.-]+$/.test(text),
  allowed: "a metadata key of letters, digits, dots, dashes and underscores, other than role",
};

/** Field for a text of this format. Tokens are accepted. */
export function formed({ allowed, fits }: TextForm): Field<string> {
  return text.that(allowed, fits);
}

/** Field for an object with claims as its keys. */
export function byClaim<T>(of: Field<T>): Field<Readonly<Record<string, T>>> {
  return new Field((value, name) => {
    const problem = record(of).problem(value, name);
    const wrong = problem === undefined && Object.keys(value as object).find((key) => !CLAIM.fits(key));
    return typeof wrong === "string"
      ? `each key of ${name} must be ${CLAIM.allowed}, got ${received(wrong)}`
      : problem;
  });
}

/** Joins the values of each claim to one string, because the Terraform provider takes no list. */
export function joinedValues(claims: Readonly<Record<string, readonly string[]>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(claims).map(([claim, values]) => [literal(claim), values.map(literal).join(",")]),
  );
}
