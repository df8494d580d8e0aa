import { attribute, blocksOf } from "../readers/hcl";
import type { Rule } from "../rule";
import { forServers } from "../subjects";

const CREDENTIALS = [
  "access_key",
  "secret_key",
  "session_token",
  "token",
  "client_secret",
  "pin",
  "password",
];

/** Reports credentials in the seal stanza. */
export const sealCredentials: Rule = {
  id: "seal-credentials",
  level: "error",
  title: "The seal's stanza holds no credential",
  item: "auto-unseal",
  fix: "Let the servers use the identity of their ServiceAccount; a transit token comes from a Secret.",
  source: "https://developer.hashicorp.com/vault/docs/concepts/production-hardening",
  check: forServers(({ configuration }) =>
    blocksOf(configuration, "seal").flatMap((seal) =>
      CREDENTIALS.filter(
        // Vault reads the token of a transit seal from a file or a variable that the stanza names.
        (name) =>
          seal.attributes[name] !== undefined && !/^(file|env):\/\//.test(attribute(seal, name) ?? ""),
      ).map((name) => `the seal ${seal.labels[0]} has ${name} in its stanza, which is a ConfigMap`),
    ),
  ),
};
