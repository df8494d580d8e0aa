import type { Environment, Resource } from "../analysis/terraform/synthesized";
import { textOf } from "../analysis/terraform/values";

const SEAL = /seal\s+"awskms"\s*\{[^}]*?kms_key_id\s*=\s*"([^"]+)"/g;

/** Loss by the end of a KMS key or of its name, by its use: for Vault's seal, for something else, or unknown. */
const LOST: Readonly<Record<string, Readonly<Record<"seal" | "other" | "unknown", string>>>> = {
  aws_kms_key: {
    seal: "the key that unseals Vault: without it, Vault's data and its snapshots can never be read again",
    other: "the key, and with it everything that it encrypted. It does not unseal Vault",
    unknown: "the key, and with it everything that it encrypted: of the unseal key, Vault itself",
  },
  aws_kms_replica_key: {
    seal: "the copy of the key that unseals Vault: a Vault in that region cannot unseal",
    other: "the key's copy, and what only its region can decrypt. It does not unseal Vault",
    unknown: "the key's copy, and what only its region can decrypt",
  },
  aws_kms_alias: {
    seal: "the name by which the unseal key is found: a Vault that starts cannot unseal",
    other:
      "the name by which the key is found: its users fail until they have another one. Vault unseals without it",
    unknown: "the name by which the key is found: of the unseal key, a Vault that starts cannot unseal",
  },
};

/** Loss by the end of a KMS key, of its copy or of its name. */
export function lossOfKey(resource: Resource, environment: Environment): string {
  return LOST[resource.type][useOf(resource, environment)];
}

function useOf(resource: Resource, environment: Environment): "seal" | "other" | "unknown" {
  const keys = sealKeysOf(environment);
  if (keys.size === 0) return "unknown";
  const { type, address, attributes } = resource;
  if (type === "aws_kms_alias") {
    if (attributes.name === undefined) return "unknown";
    return keys.has(textOf(attributes.name)) ? "seal" : "other";
  }
  if ([...keys].some((key) => key.includes(address))) return "seal";
  const aliases = environment.resources.filter(
    (alias) =>
      alias.stack === resource.stack &&
      alias.type === "aws_kms_alias" &&
      textOf(alias.attributes.target_key_id).includes(`${address}.`),
  );
  // A key without a name may be written into the seal's configuration by its id.
  if (aliases.length === 0) return "unknown";
  return aliases.some((alias) => useOf(alias, environment) === "seal") ? "seal" : "other";
}

const sealKeys = new WeakMap<Environment, ReadonlySet<string>>();

/** Keys and names of keys in the seals of Vault's servers. */
function sealKeysOf(environment: Environment): ReadonlySet<string> {
  const known = sealKeys.get(environment);
  if (known) return known;
  const texts = environment.resources
    .filter(({ type }) => /^(helm_release|kubernetes_config_map(_v1)?|kubernetes_manifest)$/.test(type))
    // The configuration is a text within the text of the chart's values.
    .map(({ attributes }) => textOf(attributes).replaceAll("\\n", "\n").replace(/\\+/g, ""));
  const found = new Set(texts.flatMap((text) => [...text.matchAll(SEAL)].map(([, key]) => key)));
  sealKeys.set(environment, found);
  return found;
}
