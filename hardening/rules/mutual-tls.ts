import { blocksOf } from "../readers/hcl";
import { isOn } from "../readers/values";
import type { Rule } from "../rule";
import { forServers } from "../subjects";

/** Reports listeners that do not require client certificates. */
export const mutualTls: Rule = {
  id: "mutual-tls",
  level: "warning",
  title: "Clients of Vault show a certificate",
  item: "tls",
  fix: "Set mutual of Tls, or accept that tokens alone tell clients apart.",
  source:
    "https://developer.hashicorp.com/vault/docs/configuration/listener/tcp#tls_require_and_verify_client_cert",
  check: forServers(({ configuration }) => {
    const open = blocksOf(configuration, "listener").filter(
      (listener) => !isOn(listener.attributes, "tls_require_and_verify_client_cert"),
    );
    return open.length > 0 ? ["listeners do not ask clients for a certificate"] : [];
  }),
};
