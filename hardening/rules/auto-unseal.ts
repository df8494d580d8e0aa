import { sealOf } from "../readers/servers";
import type { Rule } from "../rule";
import { forServers } from "../subjects";

/** Reports servers without auto-unseal. */
export const autoUnseal: Rule = {
  id: "auto-unseal",
  level: "error",
  title: "Vault's servers unseal themselves",
  item: "auto-unseal",
  fix: "Give the servers a seal, such as Seal.awsKms(), or accept key shares with a reason.",
  source: "https://developer.hashicorp.com/vault/docs/concepts/seal#auto-unseal",
  check: forServers((server) =>
    sealOf(server) ? [] : ["the servers have no seal, so that people unseal each of them by hand"],
  ),
};
