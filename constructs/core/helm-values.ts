import { literal, unescaped } from "./literal";

/** Characters that JSON allows in a string, and that a YAML reader rejects or treats as a line end. */
const UNSAFE = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g;

/**
 * Renders the values of a Helm release as JSON, which is also YAML. Terraform then shows a change of the values field
 * by field. Helm cannot misread a text such as `yes`, `on` or `1_000`. The JSON has several lines, which makes output
 * comparable.
 */
export function renderHelmValues(values: unknown): string {
  const json = JSON.stringify(values, undefined, 2).replace(
    UNSAFE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return literal(json);
}

/** Parses the values of a Helm release from Terraform's text, regardless of its author. */
export function parseHelmValues(text: string): unknown {
  let content = unescaped(text);
  if (content.startsWith("{")) {
    try {
      return JSON.parse(content);
    } catch {
      // Quotes inside `${...}`, such as those around arguments of a function, are not JSON quotes.
      content = content.replace(/\$\{[^}]*\}/g, (reference) => JSON.stringify(reference).slice(1, -1));
    }
  }
  // Loaded only for values that this library did not render: it is a tenth of the code that an app with this library
  // loads.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { parse } = require("yaml") as typeof import("yaml");
  // Helm reads YAML 1.1.
  return parse(content, { version: "1.1" });
}
