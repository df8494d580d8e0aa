import { type HclNode, blocksOf } from "../readers/hcl";
import { isOn, textOf, textsOf } from "../readers/values";
import type { Rule } from "../rule";
import { forServers } from "../subjects";

/** Options of the whole server that are a risk if they are on. @see https://developer.hashicorp.com/vault/docs/configuration */
const SWITCHES: Readonly<Record<string, string>> = {
  raw_storage_endpoint: "a token with sudo reads and writes the storage, past all policies",
  introspection_endpoint: "requests read the memory of the servers",
  disable_sealwrap: "values that must be wrapped by the seal are not",
  allow_audit_log_prefixing: "audit entries start with a text that can make a program of the file",
  unsafe_cross_namespace_identity: "identities of one namespace have rights in others",
};
/** Options of the profiling of a listener. */
const PROFILING = ["unauthenticated_pprof_access", "unauthenticated_in_flight_request_access"];

/** Reports options of Vault's servers that open them past policies and logins. */
export const vaultServerOptions: Rule = {
  id: "vault-server-options",
  level: "error",
  title:
    "The servers' configuration opens no raw storage, no plugin folder, no profiling and no memory storage",
  item: "server",
  fix: "Take the option out of the configuration of the servers.",
  source: "https://developer.hashicorp.com/vault/docs/configuration",
  check: forServers(({ configuration }) => [
    ...Object.entries(SWITCHES)
      .filter(([name]) => isOn(configuration.attributes, name))
      .map(([name, problem]) => `${name} is on: ${problem}`),
    ...(textOf(configuration.attributes, "plugin_directory")
      ? [
          "plugin_directory is set: a user who writes there and registers a plugin runs programs in the servers",
        ]
      : []),
    ...["storage", "ha_storage"]
      .flatMap((type) => blocksOf(configuration, type))
      .filter(({ labels }) => /^inmem/.test(labels[0] ?? ""))
      .map(({ type }) => `${type} is in memory: a restart loses all data`),
    ...blocksOf(configuration, "listener").flatMap(listenerProblems),
  ]),
};

function listenerProblems(listener: HclNode): string[] {
  const { attributes } = listener;
  const profiling = blocksOf(listener, "profiling").flatMap((block) =>
    PROFILING.filter((name) => isOn(block.attributes, name)),
  );
  const trusted = ["x_forwarded_for_authorized_addrs", "proxy_protocol_authorized_addrs"].filter((name) =>
    textsOf(attributes, name).some((range) => range.split(",").some((it) => /\/0$/.test(it.trim()))),
  );
  return [
    ...profiling.map((name) => `a listener has ${name}`),
    ...trusted.map((name) => `${name} of a listener lets every client choose its address`),
    ...(textOf(attributes, "proxy_protocol_behavior") === "use_always"
      ? ["proxy_protocol_behavior of a listener lets every client choose its address"]
      : []),
  ];
}
