// Required before @peculiar/x509 is loaded.
import "reflect-metadata";
import { X509Certificate } from "@peculiar/x509";
import type { RaftVault } from "../../../support/servers/plain-raft-vault";

type Data = any; // eslint-disable-line @typescript-eslint/no-explicit-any

/** Configuration paths below a mount of a type: paths to read, and paths to list and then read item by item. */
interface Parts {
  readonly read?: readonly string[];
  readonly list?: readonly string[];
  /** Suffix for reading: items are listed at the path, but read with this suffix after their name. */
  readonly suffix?: string;
}

const ENGINES: Readonly<Record<string, Parts>> = {
  cubbyhole: {},
  database: { list: ["config", "roles", "static-roles"] },
  identity: {
    read: ["oidc/config"],
    list: ["entity/id", "group/id", "oidc/key", "oidc/role", "oidc/client", "oidc/provider", "mfa/method"],
  },
  kv: { read: ["config", "data/vault-platform/canary"], list: ["metadata/vault-platform"] },
  pki: {
    read: ["acme", "auto-tidy", "cluster", "crl", "issuers", "keys", "urls"].map((it) => `config/${it}`),
    list: ["roles", "issuers", "keys", "eab"],
  },
  system: {},
  transit: { read: ["config/keys"], list: ["keys"] },
};
const LOGINS: Readonly<Record<string, Parts>> = {
  kubernetes: { read: ["config"], list: ["role"] },
  token: { list: ["roles"] },
};
const SYSTEM: Parts = {
  read: [
    "audit",
    "auth",
    "config/auditing/request-headers",
    "config/cors",
    "mounts",
    "quotas/config",
    "rotate/config",
    "storage/raft/autopilot/configuration",
  ],
  list: [
    "config/ui/headers",
    "plugins/runtimes/catalog",
    "policies/acl",
    "policies/password",
    "quotas/rate-limit",
  ],
};

/**
 * Complete configuration of a Vault as its API returns it, by path. Values that differ between two equally configured
 * Vaults are removed: keys, serial numbers, accessors, times. Issuer IDs are replaced by names.
 */
export async function configuration(vault: RaftVault): Promise<Record<string, unknown>> {
  const answers = new Map<string, Data>();
  await collect(vault, "sys", SYSTEM, answers);
  for (const [mount, { type }] of Object.entries<Data>(answers.get("sys/mounts"))) {
    await tune(vault, `sys/mounts/${mount}tune`, answers);
    await collect(vault, mount.slice(0, -1), known(ENGINES, type), answers);
  }
  for (const [mount, { type }] of Object.entries<Data>(answers.get("sys/auth"))) {
    await tune(vault, `sys/mounts/auth/${mount}tune`, answers);
    await collect(vault, `auth/${mount.slice(0, -1)}`, known(LOGINS, type), answers);
  }
  const said = JSON.stringify(Object.fromEntries(answers));
  const text = withNames(
    said.replaceAll(vault.address, "<address>").replaceAll(vault.folder, "<folder>"),
    answers,
  );
  return JSON.parse(text, (name, value) => (isVolatile(name) ? undefined : comparable(value)));
}

/** Storage keys with random parts replaced, without sessions and derived data. */
export async function storedKeys(vault: RaftVault, prefix = ""): Promise<string[]> {
  const { status, text } = await vault.call("LIST", `sys/raw/${prefix}`);
  if (status === 404) return [];
  const keys: string[] = [];
  for (const key of JSON.parse(text).data.keys) {
    const path = `${prefix}${key}`;
    if (/^(core\/(leader|lock|raft)|sys\/(counters|expire|token))\b/.test(path)) continue;
    if (/\/((unified-)?crls|upgrading|packer|versions|metadata|auto-tidy-last-run)\b/.test(path)) continue;
    if (path.endsWith("/")) keys.push(...(await storedKeys(vault, path)));
    else keys.push(path.replace(UUID, "<id>").replace(/\/certs\/[\w-]+$/, "/certs/<serial>"));
  }
  return prefix === "" ? keys.sort() : keys;
}

async function tune(vault: RaftVault, path: string, answers: Map<string, Data>): Promise<void> {
  const { status, text } = await vault.call("GET", path);
  answers.set(path, status === 200 ? JSON.parse(text).data : { status });
}

async function collect(
  vault: RaftVault,
  base: string,
  { read = [], list = [] }: Parts,
  answers: Map<string, Data>,
): Promise<void> {
  for (const path of read.map((it) => `${base}/${it}`)) {
    const { status, text } = await vault.call("GET", path);
    answers.set(path, status === 404 ? "nothing" : succeeded(path, status, text));
  }
  for (const path of list.map((it) => `${base}/${it}`)) {
    const { status, text } = await vault.call("LIST", path);
    const keys: string[] = status === 404 ? [] : (succeeded(path, status, text).keys ?? []);
    answers.set(`${path}/`, keys.length);
    for (const key of keys) {
      const one = `${path.replace(/\/(issuer|key)s$/, "/$1")}/${key}`;
      const answer = await vault.call("GET", one);
      answers.set(one, succeeded(one, answer.status, answer.text));
    }
  }
}

function succeeded(path: string, status: number, text: string): Data {
  if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
  return JSON.parse(text).data;
}

function known(parts: Readonly<Record<string, Parts>>, type: string): Parts {
  if (!parts[type]) throw new Error(`it is not known how mounts of type ${type} are configured`);
  return parts[type];
}

const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

function withNames(text: string, answers: ReadonlyMap<string, Data>): string {
  let named = text;
  for (const { issuer_id, issuer_name, key_id, subject } of [...answers.values()].filter(Boolean)) {
    if (issuer_id) named = named.replaceAll(issuer_id, `issuer:${issuer_name || subject || "other"}`);
    if (issuer_id && key_id) named = named.replaceAll(key_id, `key of ${issuer_name}`);
  }
  return named
    .replace(UUID, "<id>")
    .replace(/\bentity_[0-9a-f]{8}\b/g, "entity_<id>")
    .replace(/\b((auth_)?[a-z]+)_[0-9a-f]{8}\b/g, "$1_<id>");
}

function isVolatile(name: string): boolean {
  return /(^|_)(time|updated_by|created_by|hash|serial_number|subject_key_id|next_key_rotation|last_rotation)$|^(uuid|accessor)$/.test(
    name,
  );
}

function comparable(value: unknown): unknown {
  // Vault returns either form for an empty value.
  if (typeof value === "object" && value !== null && Object.keys(value).length === 0) return null;
  if (typeof value !== "string" || !value.startsWith("-----BEGIN CERTIFICATE-----")) return value;
  const certificate = new X509Certificate(value);
  const { subject, issuer, notBefore, notAfter, signatureAlgorithm, publicKey, extensions } = certificate;
  return {
    subject,
    issuer,
    hours: Math.round((notAfter.getTime() - notBefore.getTime()) / 3600_000),
    signatureAlgorithm,
    key: publicKey.algorithm,
    // Key identifiers are digests of the keys.
    extensions: extensions
      .filter(({ type }) => !["2.5.29.14", "2.5.29.35"].includes(type))
      .map(({ type, critical, value: der }) => [
        type,
        critical,
        Buffer.from(der).toString("latin1").replace(UUID, "<id>"),
      ]),
  };
}
