import { attribute, blocksOf } from "../readers/hcl";
import type { Rule } from "../rule";
import { forServers } from "../subjects";

/** Reports listeners that accept TLS below version 1.2. */
export const tlsMinVersion: Rule = {
  id: "tls-min-version",
  level: "error",
  title: "Listeners of Vault accept TLS 1.2 at least",
  item: "tls",
  fix: "Set tls_min_version to tls13, or to tls12 where a client needs it.",
  source: "https://developer.hashicorp.com/vault/docs/configuration/listener/tcp#tls_min_version",
  check: forServers(({ configuration }) =>
    blocksOf(configuration, "listener").flatMap((listener) => {
      const version = attribute(listener, "tls_min_version") ?? "tls12";
      return version === "tls12" || version === "tls13" ? [] : [`a listener accepts ${version}`];
    }),
  ),
};
