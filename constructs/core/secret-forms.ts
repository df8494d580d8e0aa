/** Forms that only secrets have: Vault, AWS, GitHub and Slack tokens, private keys, credentials in a URL. */
const FORMS = [
  /\bhv[sbr]\.[\w-]{20,}/,
  /\b(AKIA|ASIA)[A-Z0-9]{16}\b/,
  /\bgh[pousr]_\w{20,}/,
  /\bxox[abprs]-[\w-]{10,}/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /:\/\/[^/\s:@{]+:[^/\s@{]+@/,
];
const ANY_FORM = new RegExp(FORMS.map(({ source }) => source).join("|"));

const SECRET_KEYS = /^(.*[-_])?(password|passwd|token|api_?key|access_?key|private_?key|client_?secret)$/i;
const CAMEL_CASE_HUMPS = /([a-z0-9])([A-Z])/g;

/** Returns true for text in a form that only secrets have: tokens, private keys, credentials in a URL. */
export function hasSecretForm(text: string): boolean {
  return ANY_FORM.test(text);
}

/** Returns true for typical names of secrets, such as `DB_PASSWORD`, and for paths that end in one. */
export function isSecretName(name: string): boolean {
  const key = name.slice(name.lastIndexOf(".") + 1).replace(CAMEL_CASE_HUMPS, "$1_$2");
  return SECRET_KEYS.test(key);
}

/** Returns the paths of values that look like secrets, and never the values themselves. */
export function findSecrets(value: unknown, path = ""): string[] {
  if (typeof value === "string") {
    return isSecret(value, path) ? [path] : [];
  }
  if (Array.isArray(value)) return value.flatMap((item, index) => findSecrets(item, `${path}[${index}]`));
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([key, item]) => findSecrets(item, below(path, key)));
  }
  return [];
}

function isSecret(text: string, path: string): boolean {
  return isSecretName(path) || hasSecretForm(text);
}

function below(path: string, key: string): string {
  return path ? `${path}.${key}` : key;
}
