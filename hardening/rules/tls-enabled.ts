import { attribute, blocksOf } from "../readers/hcl";
import { blockAt } from "../readers/helm";
import { isOff, isOn } from "../readers/values";
import type { Rule } from "../rule";
import { forServers } from "../subjects";

/** Reports listeners of Vault without TLS. */
export const tlsEnabled: Rule = {
  id: "tls-enabled",
  level: "error",
  title: "Every listener of Vault speaks TLS",
  item: "tls",
  fix: "Give each listener tls_cert_file and tls_key_file, and set global.tlsDisable to false (the chart's default is true).",
  source: "https://developer.hashicorp.com/vault/docs/configuration/listener/tcp#tls_disable",
  check: forServers(({ configuration, release }) => {
    const listeners = blocksOf(configuration, "listener").filter(({ labels }) => labels[0] !== "unix");
    const isDisabled = release && !isOff(blockAt(release.values, "global"), "tlsDisable");
    return [
      ...listeners.flatMap((listener) => {
        const address = attribute(listener, "address") ?? "127.0.0.1:8200";
        if (isOn(listener.attributes, "tls_disable")) return [`the listener at ${address} has tls_disable`];
        return attribute(listener, "tls_cert_file") ? [] : [`the listener at ${address} has no certificate`];
      }),
      ...(listeners.length === 0 ? ["there is no listener with a certificate"] : []),
      ...(isDisabled
        ? ["global.tlsDisable is not false, so that probes and clients of the chart use http"]
        : []),
    ];
  }),
};
