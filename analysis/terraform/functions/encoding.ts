import { createHash } from "node:crypto";
import { parse, stringify } from "yaml";
import { EvaluationError, jsonText, toText } from "../expressions/conversions";
import type { Functions } from "./function";

/** Functions that encode, decode and hash, for known arguments. */
export const ENCODING_FUNCTIONS: Functions = {
  base64decode: (text) => {
    const bytes = Buffer.from(toText(text), "base64");
    if (bytes.toString("base64") !== toText(text)) throw new EvaluationError("the text is not Base64");
    const decoded = bytes.toString("utf8");
    if (!Buffer.from(decoded).equals(bytes)) throw new EvaluationError("the decoded text is not UTF-8");
    return decoded;
  },
  base64encode: (text) => Buffer.from(toText(text)).toString("base64"),
  base64sha256: (text) => hash("sha256", text, "base64"),
  base64sha512: (text) => hash("sha512", text, "base64"),
  jsondecode: (text) => decoded(() => JSON.parse(toText(text)) as unknown),
  jsonencode: (value) => jsonText(value),
  md5: (text) => hash("md5", text, "hex"),
  sha1: (text) => hash("sha1", text, "hex"),
  sha256: (text) => hash("sha256", text, "hex"),
  sha512: (text) => hash("sha512", text, "hex"),
  urlencode: (text) =>
    encodeURIComponent(toText(text))
      .replaceAll("%20", "+")
      .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`),
  yamldecode: (text) => decoded(() => parse(toText(text)) as unknown),
  // The document is the same; its quotes and line breaks may differ from those of Terraform.
  yamlencode: (value) =>
    stringify(value, { sortMapEntries: true, lineWidth: 0, defaultStringType: "QUOTE_DOUBLE" }),
};

function hash(algorithm: string, text: unknown, encoding: "base64" | "hex"): string {
  return createHash(algorithm).update(toText(text)).digest(encoding);
}

function decoded(decode: () => unknown): unknown {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new EvaluationError("the text cannot be decoded");
  }
}
