import { FormatError, type Parser } from "./format-error";
import { received } from "./received";
import { isLiteral } from "./tokens";

/** Mount path of the platform's KV secrets engine, and of the one in guides and `vault kv` examples. */
export const DEFAULT_KEY_VALUE_MOUNT = "secret";

/**
 * First segments of the API of a KV version 2 secrets engine, between its mount and the path of a secret.
 * @see https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2
 */
export const KEY_VALUE_ENDPOINTS: readonly string[] = [
  "data",
  "metadata",
  "delete",
  "undelete",
  "destroy",
  "subkeys",
];

const SEGMENT = /^[\p{L}\p{N}_.@:=+,~ -]+$/u;

/**
 * Returns a parser of a secret's path below a KV version 2 secrets engine, such as `payment-service/config`.
 * @param mount path of the secrets engine, or a token
 * @throws FormatError as `keyValuePattern`, and for empty segments, `.`, `..` and wildcards
 */
export function keyValueSecret(mount: string): Parser<string> {
  return (text) => {
    const isName = (segment: string) => SEGMENT.test(segment) && segment !== "." && segment !== "..";
    if (!text.split("/").every(isName)) {
      throw new FormatError("names separated by single slashes, such as payment-service/config");
    }
    return keyValuePattern(mount)(text);
  };
}

/**
 * Parses the mount path of a KV secrets engine.
 * @throws FormatError for the mount followed by a part of the API, such as `secret/data`
 */
export const parseKeyValueMount: Parser<string> = (text) => {
  const [first, second] = text.split("/");
  if (first === DEFAULT_KEY_VALUE_MOUNT && KEY_VALUE_ENDPOINTS.includes(second)) {
    throw new FormatError(`the path of the engine alone, which is "${DEFAULT_KEY_VALUE_MOUNT}"`);
  }
  return text;
};

/**
 * Returns a parser of a path or pattern below a KV version 2 secrets engine, such as `payment-service/*`.
 *
 * It rejects prefixes that belong to policies, Vault's API or `vault kv`. These are `data/a`, `<mount>/data/a`,
 * `v1/<mount>/data/a`, and `secret/a` at the mount `secret`. Another mount may contain a folder of the same name as the
 * mount.
 * @param mount path of the secrets engine, or a token
 * @throws FormatError that contains the path below the secrets engine
 */
export function keyValuePattern(mount: string): Parser<string> {
  const endpoint = `(${KEY_VALUE_ENDPOINTS.join("|")})(/|$)`;
  const mountBefore = isLiteral(mount) && `((v1/)?${mount.replace(/[^\w/-]/g, "\\$&")}/)`;
  const strays = mountBefore ? [`${mountBefore}?${endpoint}`] : [endpoint];
  if (mountBefore && mount === DEFAULT_KEY_VALUE_MOUNT) strays.push(mountBefore);
  const stray = new RegExp(`^(${strays.join("|")})+`);
  return (text) => {
    const [prefix] = stray.exec(text) ?? [];
    if (prefix === undefined) return text;
    const path = text.slice(prefix.length);
    const example = /^[*+]|^$/.test(path) ? "such as payment-service/config" : `which is ${received(path)}`;
    throw new FormatError(`the path below the mount without ${received(prefix)}, ${example}`);
  };
}
