/** Switches, durations and words that stand for no value. */
const SETTING =
  /^(?:true|false|yes|no|on|off|none|null|nil|undefined|auto|automatic|enabled?|disabled?|required?|optional|always|never|default|inherit|unset|not ?set|n\/a|(?:\d+(?:\.\d+)?(?:ms|s|m|h|d|w))+)$/i;
/** Places that a reader fills in: `<token>`, `****`, `xxxx`, `...`, `YOUR_TOKEN`. */
const PLACEHOLDER =
  /^(?:<[^>]*>|\[[^\]]*\]|[*x.#_-]+|(?:your|my)[_-][\w-]+|\(?not shown\)?|example|placeholder|dummy|redacted|hidden|sample|todo|\W*)$/i;
/** References by a scheme: Vault, secret managers, files, AWS. */
const REFERENCE =
  /^(?:arn:[\w-]*:|(?:ref\+)?(?:vault|secret|secretmanager|secretsmanager|awssm|awssecret|ssm|gcpsm|gcp|azkv|akv|env|file|k8s|op|keychain|bao|aws|sops|doppler)(?::|\+)(?:\/\/)?[\w{$/.-]|@[./$"]|!(?:ref|sub|getatt|reference|env|vault)\b|projects\/[^/]+\/secrets\/|\/subscriptions\/)/i;
/** Variables and templates: `$X`, `${X}`, `$(X)`, `%X%`, `%(x)s`, `{{ x }}`, `{x}`. */
const VARIABLE =
  /^(?:\${1,2}(?:[A-Z_][A-Z0-9_]*|[a-z_]+)|\${1,2}\{\w+(?:[:?+-][^}]*)?\}|\${1,2}\([^)]*\)|%\w+%|%\(\w+\)s|%[sdv]|\{\{[\s\S]*\}\}|\{[\w.]*\})$/;
/** Terraform tokens for an attribute that names or finds an object. */
const ATTRIBUTE =
  /^\$\{[^}]*\.(?:name|arn|id|path|url|uri|endpoint|mount|accessor|namespace|version|\w+_(?:arn|id|name|path|url|accessor))\}$/;
const FILE_NAME =
  /^[\w.-]+\.(?:key|pem|crt|cer|der|txt|json|ya?ml|toml|ini|cfg|conf|env|jks|p12|pfx|kdbx|secret|token|sh|js|py)$/i;
/** Name of a Kubernetes object, or a key in one, of at least two words. */
const OBJECT_NAME = /^[a-z][a-z0-9]*(?:[-.][a-z][a-z0-9]*)+(?:-v?\d{1,3})?$/;

/**
 * Returns true for a value that may be a secret, given that its field has the name of one. Paths, switches, durations,
 * variables, templates, ARNs and references to a secret manager are not secrets.
 * @param name name of the field; a field such as `secret` often holds the name of a Kubernetes Secret
 */
export function mayBeSecret(value: string, name = ""): boolean {
  const text = value.trim().replace(/^(["'])(.*)\1$/s, "$2");
  if (text === "" || SETTING.test(text) || PLACEHOLDER.test(text) || REFERENCE.test(text)) return false;
  if (/^\d+(?:\.\d+)?$/.test(text)) return text.length >= (/pass|pwd/i.test(name) ? 4 : 12);
  const standIn = /^\${1,2}\{\w+:?-([^}]*)\}$/.exec(text)?.[1];
  if (standIn !== undefined) return mayBeSecret(standIn, name);
  if (VARIABLE.test(text) || ATTRIBUTE.test(text) || FILE_NAME.test(text) || isPath(text)) return false;
  return !namesItself(name, text) && !namesSecret(name, text);
}

/** Returns true for text that looks like a key, a token or a hash, and not like words. */
export function isRandomText(text: string): boolean {
  return text.split(/[/.]/).some(isRandom);
}

/**
 * Returns true if upper-case letters, lower-case letters and digits alternate often, as in keys, tokens and hashes but
 * not in names.
 */
export function isRandom(segment: string): boolean {
  const words = segment.split(/[^A-Za-z0-9]+/);
  return changeRate(words.join(""), 10) >= 0.4 || words.some((word) => changeRate(word, 16) >= 0.25);
}

/** Returns true for a single word of mixed letters and digits with the entropy of a generated secret. */
export function isGenerated(text: string): boolean {
  if (!/^[\w+/=.~-]{24,200}$/.test(text) || /^[0-9a-f-]+$/i.test(text)) return false;
  const hasAllKinds = /[a-z]/.test(text) && /[A-Z]/.test(text) && /\d/.test(text);
  return (
    hasAllKinds && entropyOf(text) >= 4 && text.split(/[/.]/).some((it) => it.length >= 20 && isRandom(it))
  );
}

/** Share of characters that differ in kind from the one before; 0 for text that is too short to evaluate. */
function changeRate(text: string, leastLength: number): number {
  if (text.length < leastLength) return 0;
  const kinds = text.replace(/[a-z]/g, "a").replace(/[A-Z]/g, "A").replace(/\d/g, "0");
  return [...kinds].filter((kind, index) => index > 0 && kind !== kinds[index - 1]).length / text.length;
}

/** Shannon entropy in bits per character. */
function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return -[...counts.values()].reduce((sum, it) => sum + (it / text.length) * Math.log2(it / text.length), 0);
}

/** Returns true for a path of a file or of Vault. Base64 also contains slashes, but its segments are random. */
function isPath(text: string): boolean {
  const isFile = /^(?:\.{0,2}|~|\$\w+|\$\{\w+\}|\$\(\w+\)|[a-z]:\\)[/\\]/i.test(text);
  const isLong = isFile && /.[/\\]./.test(text);
  return (isLong && !isRandomText(text)) || (/[/\\]/.test(text) && text.split(/[/\\#:]/).every(isPlainWord));
}

/** Returns true for a lower-case word, optionally with a number, and for a template. */
function isPlainWord(segment: string): boolean {
  return /^(?:[a-z._*-]*\d{0,3}|\$?\{.*\}|~)$/.test(segment);
}

/** Returns true for a key of a store that has the name of its field, such as `STRIPE_API_KEY: stripe-api-key`. */
function namesItself(name: string, text: string): boolean {
  const normalized = (words: string) => words.toLowerCase().replace(/[^a-z0-9]/g, "");
  const field = name.slice(name.lastIndexOf(".") + 1);
  return /^[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)+$/.test(text) && normalized(text) === normalized(field);
}

/**
 * Returns true for the name of a Kubernetes Secret, or of a key in one, in a field such as `secret`, `tlsSecret` and
 * `secretKey`. An environment variable holds the secret itself.
 */
function namesSecret(name: string, text: string): boolean {
  const field = name.slice(name.lastIndexOf(".") + 1);
  if (/^[A-Z][A-Z0-9_]*$/.test(field) || isRandomText(text)) return false;
  if (/^secrets?$|secret[-_]?key$/i.test(field))
    return /^[A-Za-z][A-Za-z._/-]*$/.test(text) || OBJECT_NAME.test(text);
  if (
    /(?:client|webhook|jwt|cookie|shared|session|signing|app|api|oauth|oidc|consumer)_?-?secret$/i.test(field)
  )
    return false;
  return /(?:secret|credential)s?$/i.test(field) && OBJECT_NAME.test(text);
}
