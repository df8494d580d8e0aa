/** Last words of names whose values are secrets. */
const SECRET_WORD =
  /^(?:\w*(?:password|passwd|passphrase|passcode|passwort|secret|apikey|accesskey|privatekey|secretkey|signingkey|authkey|authtoken|accesstoken|apitoken|token|credentials?|creds?|authorization)|\w*(?:store|key|require)pass|masterauth|(?:db|pg|my|mysql|redis|smtp|mail|admin|root|user|ldap|bind|rabbitmq|mongo)?pass|(?!(?:old)?pwd$)\w+pwd|pwd|jwt|pat|pepper|mnemonic)$/;
/** Words before `key` that make it a secret. */
const KEY_QUALIFIER =
  /^(?:api|app|application|access|private|secret|signing|sign|encryption|encrypt|decryption|cipher|master|account|storage|auth|client|service|shared|session|cookie|hmac|jwt|jwe|aes|rsa|ssh|tls|ssl|deploy|deployment|admin|root|license|licence|ingest|write|function|host|stripe|webhook|integration|subscription|unseal|recovery|wireguard|restricted|live|resend|sendgrid|mailgun|openai|datadog|dd)$/;
/** Words that say how the value is written, or which of several secrets it is. */
const TAIL =
  /^(?:\d+|v\d+|old|new|primary|secondary|current|previous|next|value|text|string|data|plain|plaintext|raw|b64|base64|encoded|prod|production|staging|stage|dev|test|default|live|base|pem|pair)$/;
/** Words before `secret`, `token` and `credentials` that make the value the name of a Kubernetes Secret. */
const NAMED_SECRET =
  /^(?:existing|external|tls|ssl|pull|image|images|registry|cert|certs|certificate|certificates|ca|name|names|kube|k8s|kubernetes|target|source|use|create|mount|from)$/;

/**
 * Returns true for names of secrets, such as `DB_PASSWORD`, `webhookSecret` and `signing-key`, and for paths that end
 * in one. Names such as `PASSWORD_FILE`, `tokenTtl` and `existingSecret` say something about a secret and are not names
 * of one.
 */
export function isSecretName(name: string): boolean {
  const words = wordsOf(name);
  while (words.length > 1 && TAIL.test(words[words.length - 1])) words.pop();
  const last = words[words.length - 1] ?? "";
  const before = words[words.length - 2] ?? "";
  if (
    words.some((word) =>
      /^(?:public|pub|publishable|request|csrf|continuation|pagination|idempotency)$/.test(word),
    )
  )
    return false;
  if (last === "key" || (last === "keys" && isEnvironmentName(name))) {
    return KEY_QUALIFIER.test(before) || words.slice(0, -1).some((word) => /secret$|^private$/.test(word));
  }
  if (last === "cookie") return before === "erlang";
  if (/secrets?$/.test(last) && NAMED_SECRET.test(before)) return false;
  return SECRET_WORD.test(last) || (isEnvironmentName(name) && /(?:token|password|apikey)s$/.test(last));
}

/** Returns true for names that say that a value is random without being a secret, such as a checksum. */
export function isPublicName(name: string): boolean {
  return wordsOf(name).some((word) =>
    /^(?:\w*sha\d*|\w*hash|\w*digest|checksum|fingerprint|thumbprint|\w*uuid|guid|id|ids|version|revision|commit|\w*cert|certs|certificate|certificates|ca|bundle|public|pub|pubkey|image|images|tag|etag|nonce|integrity|arn)$/.test(
      word,
    ),
  );
}

function isEnvironmentName(name: string): boolean {
  return /^[A-Z][A-Z0-9_]*$/.test(name);
}

/** Lower-case words of the last part of a path. */
function wordsOf(path: string): string[] {
  const field = path.replace(/\.(?:txt|dat|raw|b64)$/, "");
  return field
    .slice(field.lastIndexOf(".") + 1)
    .replace(/\[\d+\]$/, "")
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
}
