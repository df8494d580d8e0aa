import { VAULT_CAPABILITIES } from "../../../constructs/policy/vault-policy";
import type { Random } from "./random";

/**
 * Path segments: few and similar, so that patterns overlap. They include a prefix, an empty one and a multi-byte one.
 */
const SEGMENTS = ["a", "b", "ab", "abc", "data", "", "\u00e9"];

/** Random path without wildcards. Half of the paths match one of the patterns. */
export function randomPath(random: Random, patterns: readonly string[]): string {
  const path =
    patterns.length > 0 && random.chance(0.5)
      ? instance(random, random.pick(patterns))
      : random.times(random.between(1, 5), () => random.pick(SEGMENTS)).join("/");
  const slashed = random.chance(0.2) ? `${path}/` : path;
  // Vault treats an empty path as missing.
  return slashed === "" ? "a" : slashed;
}

/** Random path pattern of a policy rule. */
export function randomPattern(random: Random): string {
  const segments = random.times(random.between(1, 4), () =>
    random.chance(0.3)
      ? "+"
      : random.chance(0.03)
        ? "+a"
        : random.chance(0.03)
          ? "a+"
          : random.pick(SEGMENTS),
  );
  const path = (random.chance(0.1) ? "/" : "") + segments.join("/");
  if (!random.chance(0.4)) return path;
  return path.endsWith("+") ? `${path}/*` : `${path}*`;
}

function instance(random: Random, pattern: string): string {
  const rest = random.chance(0.3) ? "" : random.pick(["a", "b/a", "bc", "/data", "a/"]);
  return pattern
    .replace(/^\//, "")
    .replace(/\*$/, rest)
    .split("/")
    .map((segment) => (segment === "+" ? random.pick(SEGMENTS) : segment))
    .join("/");
}

/** Random policy and its path patterns. */
export interface RandomPolicy {
  readonly patterns: readonly string[];
  readonly text: string;
}

/** Random policy, with its rules in random notations. */
export function randomPolicy(random: Random): RandomPolicy {
  const rules = random.times(random.between(1, 6), () => ({
    path: randomPattern(random),
    capabilities: random.times(random.between(0, 4), () => random.pick(VAULT_CAPABILITIES.slice(0, -1))),
  }));
  for (const rule of rules) if (random.chance(0.15)) rule.capabilities.push("deny" as never);
  const patterns = rules.map(({ path }) => path);
  if (random.chance(0.2)) return { patterns, text: json(rules) };
  const text = rules
    .map(({ path, capabilities }) => block(random, path, capabilities))
    .join(random.pick(["", "\n", ","]));
  return { patterns, text: random.chance(0.05) ? Buffer.from(text).toString("base64") : text };
}

function json(rules: readonly { path: string; capabilities: readonly string[] }[]): string {
  return JSON.stringify(
    { path: rules.map(({ path, capabilities }) => ({ [path]: { capabilities } })) },
    null,
    2,
  );
}

/** One rule, written in a random form that HCL accepts. */
function block(random: Random, path: string, capabilities: readonly string[]): string {
  const comment = () => random.pick(["", "", "", " # note }\n", ' // note "\n', " /* note\n{ */ "]);
  const quoted = (text: string) => `"${[...text].map((letter) => written(random, letter)).join("")}"`;
  const list = capabilities.map(quoted).join(random.pick([",", ", ", " ,\n  ", ",,"]));
  const key = random.pick(["capabilities", '"capabilities"']);
  const old = random.chance(0.1) ? `\n  policy = "${random.pick(["read", "write", "sudo", "deny"])}"` : "";
  const keyword = random.pick(["path", "path", '"path"']);
  return (
    `${comment()}${keyword} ${quoted(path)} {${comment()}\n` +
    `  ${key} = ${comment()}[${list}${random.pick(["", ","])}]${comment()}${old}\n}${comment()}\n`
  );
}

function written(random: Random, letter: string): string {
  const code = letter.codePointAt(0)!;
  if (random.chance(0.97)) return letter;
  const forms = [`\\u${code.toString(16).padStart(4, "0")}`, `\\U${code.toString(16).padStart(8, "0")}`];
  if (code < 0x80)
    forms.push(`\\x${code.toString(16).padStart(2, "0")}`, `\\${code.toString(8).padStart(3, "0")}`);
  return random.pick(forms);
}

/** Text with a random deletion, insertion or duplication. */
export function damage(random: Random, text: string): string {
  const at = random.between(0, text.length - 1);
  const end = at + random.between(1, 4);
  const added = random.pick([
    '"',
    "{",
    "}",
    ",",
    "=",
    "[",
    "]",
    "#",
    "//",
    "/*",
    "${",
    "\\",
    "\n",
    " ",
    "1",
    "-",
    "a",
    "{{",
    "\u0000",
  ]);
  switch (random.between(0, 3)) {
    case 0:
      return text.slice(0, at) + text.slice(end);
    case 1:
      return text.slice(0, end) + text.slice(at);
    case 2:
      return text.slice(0, at) + added + text.slice(end);
    default:
      return text.slice(0, at) + added + text.slice(at);
  }
}
