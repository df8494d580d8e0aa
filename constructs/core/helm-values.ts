import { literal, unescaped } from "./literal";

/** Characters that JSON lets stand in a text, and that a reader of YAML takes for the end of a line or refuses. */
const UNSAFE = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g;

/**
 * Values of a Helm release as text: JSON, which is YAML as well. Terraform then shows a change of the values field by
 * field, and Helm cannot take a text such as `yes`, `on` or `1_000` for something else. It is in lines for those who
 * compare what is written.
 */
export function renderHelmValues(values: unknown): string {
  const json = JSON.stringify(values, undefined, 2).replace(
    UNSAFE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return literal(json);
}

/** Values of a Helm release from the text that Terraform has of them, whoever wrote it. */
export function parseHelmValues(text: string): unknown {
  let content = unescaped(text);
  if (content.startsWith("{")) {
    try {
      return JSON.parse(content);
    } catch {
      // The quotes of a text that a function of Terraform is given are no quotes of JSON.
      content = content.replace(/\$\{[^}]*\}/g, (reference) => JSON.stringify(reference).slice(1, -1));
    }
  }
  // Loaded for what others wrote: it is a tenth of what a program of this library loads.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { parse } = require("yaml") as typeof import("yaml");
  // Helm reads this version.
  return parse(content, { version: "1.1" });
}
