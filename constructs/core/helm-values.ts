import { Token } from "cdktf";
import { parse, stringify } from "yaml";
import { literal, unescaped } from "./literal";

/** Helm reads this version, where `yes`, `on` and `1_000` are no texts unless they are quoted. */
const version = "1.1";

/** What was rendered, as JSON: hardening rules read it again, and YAML takes longer to parse than they take. */
const rendered = new Map<string, string>();

/** Values of a Helm release as text. Lines stay whole, so that a diff shows what changed. */
export function renderHelmValues(values: unknown): string {
  const text = literal(stringify(values, { version, lineWidth: 0, aliasDuplicateObjects: false }));
  if (!Token.isUnresolved(text)) rendered.set(text, JSON.stringify(values));
  return text;
}

/** Values of a Helm release from the text that Terraform has of them, whoever wrote it. */
export function parseHelmValues(text: string): unknown {
  const json = rendered.get(text);
  return json === undefined ? parse(unescaped(text), { version }) : JSON.parse(json);
}
