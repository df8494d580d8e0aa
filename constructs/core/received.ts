import { Construct } from "constructs";
import { isSecretName } from "./secret-names";
import { spellsOutSecret } from "./secret-texts";
import { isRandom, mayBeSecret } from "./secret-values";
import { visible } from "./visible";

/** Most characters of a value that is shown. Longer values are described by their size. */
const MAX_LENGTH = 200;
const MAX_DEPTH = 5;

/** Marks an omitted part until the text is complete. */
const CUT = "\uE000";
const NOT_SHOWN = "(not shown)";
/** Replaces a whole value that may be a secret. */
export const MAY_BE_SECRET = "a value that may be a secret (not shown)";

const SECRET_WORD =
  "pass(?:word|wd|phrase)?|pwd|secret|token|api[-_]?key|(?:access|private|signing|account)[-_]?key|credentials?|authorization|cookie|signature|sig";
/** Names of fields and of environment variables, in addition to those that `isSecretName` matches. */
const SECRET_FIELD =
  /^(?:[A-Z0-9_]*(?:SECRET|PASS|PWD|KEY|TOKEN|AUTH|CREDENTIAL)[A-Z0-9_]*|.*(?:[cC]redentials?|[lL]icen[cs]e|[pP]assphrase|[aA]uthorization|[wW]ebhook(?:Url)?))$/;
const VALUE = "(?!\\(not shown\\))[^\\s\"'&;,)}\\]]";
const ASSIGNMENT = new RegExp(`(\\b[\\w.-]*(?:${SECRET_WORD})[\\w-]*["']?=["']?)${VALUE}+`, "gi");
const HEADER = new RegExp(
  `(\\b[\\w.-]*(?:${SECRET_WORD})[\\w-]*["']?:\\s*["']?)${VALUE}(?:.*[^\\s"'}\\]])?`,
  "gi",
);
const FLAG = new RegExp(`((?:^|\\s)--?(?:p|u|user|[\\w-]*(?:${SECRET_WORD}))[\\s=]+)\\S+`, "gi");
const JOINED_FLAG = /((?:^|\s)-p)[^\s-]\S+/g;
/** A flag whose value is the next argument. */
const LAST_FLAG = new RegExp(`^--?(?:p|u|user|[\\w-]*(?:${SECRET_WORD}))$`, "i");
const LOGIN = /\b(Bearer|Basic|Digest)\s+[\w.~+/=-]{4,}/gi;
/** `user:password@` without a scheme. The digest of an image is not a password. */
const USER_INFO = /(^|[\s"'=(,[/])(?!arn:)[^\s"'@/:=]*:(?!\/\/)[^\s"']+@(?!sha\d+:)/g;
const URL_TEXT = /\b((?:[a-z][a-z0-9+.-]*:)+\/\/)([^\s"'<>]+)/gi;
const QUERY = /\?[^\s"']*=[^\s"']*/g;
const PEM = /-----BEGIN [^-]*-----(?:\s|\\n)*[\w+/=][\s\S]*?(?:-----END [^-]*-----|$)/g;
const KNOWN_TOKENS =
  /\b(?:hv[sbr]\.|gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|npm_|pypi-|[sr]k_(?:live|test)_|whsec_|SG\.|AIza|AKIA|ASIA|eyJ)[\w.~+/=-]{8,}/g;
const TOKEN = /[$#&*]\{TfToken\[[^\]]*\]\}/g;
const A_TOKEN = "a token, whose value Terraform alone knows";

/**
 * Shows a rejected value in an error message. It omits credentials, queries and fragments of URLs, PEM blocks, tokens,
 * and values of `password=` and similar assignments. It also omits text that looks random and text of several lines.
 * @param field path or name of the field; the value of a field such as `db.password` is never shown
 */
export function received(value: unknown, field = ""): string {
  switch (typeof value) {
    case "undefined":
      return "nothing";
    case "function":
      return "a function";
    case "symbol":
      return "a symbol";
    case "string":
      return isSecretField(field, value) ? MAY_BE_SECRET : describeText(value);
    case "object":
      return describeObject(value, field);
    default:
      return isToken(value) ? A_TOKEN : String(value);
  }
}

/** Returns true for text that `received` shows in full. */
export function isHarmless(text: string): boolean {
  // Most names consist of letters alone.
  return /^[A-Za-z_]{1,40}$/.test(text) || received(text) === JSON.stringify(text);
}

/** Shows a key or an id of the user's, unless it may be a secret. */
export function shownName(name: string): string {
  return isHarmless(name) ? name : NOT_SHOWN;
}

/** Returns a message without the credentials, tokens and PEM blocks in it. */
export function hideSecrets(text: string): string {
  return shownAgain(cutSecrets(text));
}

function describeText(text: string): string {
  if (text !== "" && text.replace(TOKEN, "") === "") return A_TOKEN;
  const lines = text.trimEnd().split(/\r\n?|\n/).length;
  if (lines > 1) return `a string of ${lines} lines (not shown)`;
  if (text.length > MAX_LENGTH) return `a string of ${text.length} characters (not shown)`;
  const shown = cutParts(text);
  return shown === CUT ? MAY_BE_SECRET : shownAgain(visible(JSON.stringify(shown)));
}

function describeObject(value: object | null, field: string): string {
  if (value === null) return "null";
  if (isToken(value)) return A_TOKEN;
  if (!Array.isArray(value) && !isPlain(value)) return shownAgain(describeInstance(value));
  const shown = copyToShow(value, field, 0) as object;
  const text = shownAgain(visible(JSON.stringify(shown)));
  const isEmptied = Array.isArray(shown) && shown.length > 0 && shown.every((it) => it === CUT);
  if (text.length <= MAX_LENGTH && !isEmptied) return text;
  if (Array.isArray(value)) return `a list of ${value.length} items (not shown)`;
  const keys = Object.keys(shown);
  const first = keys.slice(0, 8).join(", ");
  return shownAgain(visible(`an object with the keys ${first}${keys.length > 8 ? " and more" : ""}`));
}

function copyToShow(value: unknown, field: string, depth: number): unknown {
  if (isToken(value)) return "<token>";
  switch (typeof value) {
    case "string":
      return isSecretField(field, value) ? CUT : cutText(value);
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "object":
      break;
    default:
      return value === undefined ? undefined : received(value);
  }
  if (value === null) return null;
  if (!Array.isArray(value) && !isPlain(value)) return describeInstance(value);
  if (depth === MAX_DEPTH) return "...";
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) =>
      isSecretFlag(value[index - 1]) ? CUT : copyToShow(item, field, depth + 1),
    );
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [cutText(key), copyToShow(item, key, depth + 1)]),
  );
}

function cutText(text: string): string {
  return text.length > MAX_LENGTH || /[\r\n]/.test(text) ? CUT : cutParts(text);
}

function describeInstance(value: object): string {
  const { constructor } = value;
  if (Construct.isConstruct(value)) return `the ${constructor.name} ${value.node.path}`;
  // Classes such as Duration and Size describe themselves.
  const isNative = Function.prototype.toString.call(constructor).includes("[native code]");
  if (!isNative && value.toString !== Object.prototype.toString) return cutParts(String(value));
  return `a ${constructor.name}`;
}

function isSecretField(path: string, value: string): boolean {
  if (isSecretName(path)) return mayBeSecret(value, path);
  return SECRET_FIELD.test(path.slice(path.lastIndexOf(".") + 1));
}

/** Returns true for an object literal, from any realm. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function isSecretFlag(argument: unknown): boolean {
  return typeof argument === "string" && LAST_FLAG.test(argument);
}

/**
 * Returns true for a token. cdktf encodes tokens as strings, as numbers below any other, and as objects that it
 * resolves.
 */
function isToken(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value) && value < -1e290;
  if (typeof value !== "object" || value === null) return false;
  // An encoded list has one element, and an encoded map has one key.
  const [only, ...others] = Array.isArray(value) ? (value as unknown[]) : Object.keys(value);
  const isEncoded = typeof only === "string" && others.length === 0 && /^[#&*$]\{TfToken\[/.test(only);
  return isEncoded || ("resolve" in value && "creationStack" in value);
}

function shownAgain(text: string): string {
  return text.replaceAll(CUT, NOT_SHOWN);
}

function cutSecrets(text: string): string {
  return text
    .replace(PEM, CUT)
    .replace(URL_TEXT, (_url, scheme: string, rest: string) => scheme + cutUrl(rest, hasAssignment))
    .replace(USER_INFO, `$1${CUT}@`)
    .replace(LOGIN, `$1 ${CUT}`)
    .replace(ASSIGNMENT, `$1${CUT}`)
    .replace(KNOWN_TOKENS, CUT);
}

/** Cuts more than `cutSecrets`, which also processes the library's own messages. */
function cutParts(text: string): string {
  const cut = cutSecrets(text.replace(TOKEN, "<token>"))
    .replace(URL_TEXT, (_url, scheme: string, rest: string) => scheme + cutUrl(rest, () => true))
    .replace(QUERY, `?${CUT}`)
    .replace(FLAG, `$1${CUT}`)
    .replace(JOINED_FLAG, `$1${CUT}`)
    .replace(HEADER, `$1${CUT}`)
    .replace(/[\w+~=/-]{10,}/g, cutRandom);
  return spellsOutSecret(cut) ? CUT : cut;
}

/**
 * Cuts secrets out of a URL.
 * @param rest the URL after its scheme
 * @param isCut whether to omit a query, a fragment, or a segment that is not a plain word
 */
function cutUrl(rest: string, isCut: (part: string) => boolean): string {
  const [, location, query = "", fragment = ""] = /^([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(rest)!;
  const at = location.lastIndexOf("@");
  const hasUserInfo = at >= 0 && !/^sha\d+:/.test(location.slice(at + 1));
  const [host, ...segments] = (hasUserInfo ? location.slice(at + 1) : location).split("/");
  const isWebhook = /^hooks?\.|webhook/i.test(`${host}/${segments.join("/")}`);
  const path = segments.map((it) => (isWebhook || (isCut(it) && !isPlainSegment(it)) ? CUT : it));
  const part = (text: string) => (text.length > 1 && isCut(text) ? `${text[0]}${CUT}` : text);
  return [hasUserInfo ? `${CUT}@` : "", [host, ...path].join("/"), part(query), part(fragment)].join("");
}

function hasAssignment(text: string): boolean {
  return text.includes("=");
}

/** Returns true for a lower-case word, optionally with a version. */
function isPlainSegment(text: string): boolean {
  return text.length <= 40 && /^[a-z._+~-]*\d{0,3}(?:\.\d+)*$/.test(text);
}

/** Cuts random segments out of a run of characters. Base64 contains slashes, as paths do. */
function cutRandom(run: string): string {
  const segments = run.split("/");
  if (!segments.some(isRandom)) return run;
  return segments.map((it) => (isRandom(it) || !isPlainSegment(it) ? CUT : it)).join("/");
}
