import { mayBeSecret } from "./secret-values";
import { isSecretName } from "./secret-names";
import { SERVICE_TOKENS } from "./service-tokens";

/** Forms of credentials that belong to no single service. */
const COMMON_FORMS = [
  /-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----/,
  /PuTTY-User-Key-File-\d/,
  /AGE-SECRET-KEY-1[0-9A-Z]{20,}/,
  // JSON Web Token, with or without a signature.
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/,
  // The private part of a JSON Web Key.
  /"d"\s*:\s*"[\w-]{20,}"/,
  // Header of a request. Prose, such as "Bearer tokens", has no digit and no capital within a word.
  /\b(?:Bearer|Basic|Digest|SSWS|ApiKey)\s+(?=\S*(?:\d|[a-z][A-Z]|=))[\w.~+/=-]{8,}/,
  // User and password in a URL. Templates and variables are references.
  /:\/\/[^/\s:@{}"']*:(?![$<%*]|x+@|\.\.\.)[^\s@{}"'<>$]+@[\w[]/,
  // A token as the user of a URL.
  /:\/\/(?=[\w-]*\d)[\w-]{20,}@[\w[]/,
  // User and password of Go's MySQL driver.
  /\b[\w.-]+:(?![$<%*])[^\s:@/"'{}]+@(?:tcp|unix)\(/,
  // A line of netrc, and a login in the configuration of Docker.
  /\bmachine\s+\S+\s+login\s+\S+\s+password\s+(?![$<{])\S+/,
  /"auth"\s*:\s*"[A-Za-z0-9+/]{8,}={0,2}"/,
  // Password hashes of htpasswd, shadow and Argon2.
  /\$(?:apr1|[156y]|2[abxy]?|argon2\w{1,2})\$[^\s"':]{16,}/,
  /:\{S?SHA\d*\}[A-Za-z0-9+/=]{20,}/,
  // Keys and signatures in Azure's connection strings.
  /\b(?:AccountKey|SharedAccessKey|SharedAccessSignature)=(?![$<{%])[^\s;"']{8,}/i,
  /[?&;]sig=[A-Za-z0-9%+/=]{20,}/,
];
const ANY_FORM = new RegExp(
  [...COMMON_FORMS, ...SERVICE_TOKENS].map(({ source }) => `(?:${source})`).join("|"),
);

/** Returns true for text in a form that only secrets have: tokens, private keys, credentials in a URL. */
export function hasSecretForm(text: string): boolean {
  // No form is shorter.
  return text.length >= 10 && ANY_FORM.test(text);
}

/** Returns the paths of values that look like secrets, and never the values themselves. */
export function findSecrets(value: unknown, path = ""): string[] {
  if (typeof value === "string") return isSecret(value, path) ? [path] : [];
  if (Array.isArray(value)) return value.flatMap((item, index) => findSecrets(item, `${path}[${index}]`));
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([key, item]) => findSecrets(item, path ? `${path}.${key}` : key));
  }
  return [];
}

function isSecret(text: string, path: string): boolean {
  return (isSecretName(path) && mayBeSecret(text, path)) || hasSecretForm(text);
}
