import { booleanOf, isOff, isOn, textOf } from "./values";
import { unescaped } from "../../constructs/core/literal";
import type { Element } from "../element";
import { memo } from "../memo";
import type { Platform } from "../platform";
import { text } from "./blocks";
import { configMapOf, hclEntries } from "./config-maps";
import { type HclNode, blocksOf, parseHcl } from "./hcl";
import { type Release, blockAt, valueAt, vaultReleaseOf } from "./helm";

/** Vault's servers, by their startup configuration. */
export interface Server {
  /** Block that configures the servers. */
  readonly element: Element;
  /** Namespace of the servers. */
  readonly namespace: string;
  /** Parsed server configuration. */
  readonly configuration: HclNode;
  /** Number of servers. */
  readonly replicas: number;
  /** Release of Vault's Helm chart. @default - the servers are deployed without the chart */
  readonly release?: Release;
}

/** Default configuration of the chart: one plaintext listener. */
const CHART_DEFAULT = 'listener "tcp" {\n  tls_disable = 1\n}\nstorage "raft" {\n  path = "/vault/data"\n}\n';

/** Servers that an element configures: a release of Vault's Helm chart, or a ConfigMap with a configuration. */
export const serversOf = memo((element: Element): Server[] => {
  const release = vaultReleaseOf(element);
  if (release) return chartServers(element, release);
  const configMap = configMapOf(element);
  if (!configMap) return [];
  const { namespace } = configMap;
  return hclEntries(configMap)
    .map(([, content]) => content)
    .filter((content) => /\blistener\b[\s":{]+tcp\b/.test(content) && /\bstorage\b/.test(content))
    .map((content) => ({ element, namespace, configuration: parseHcl(content), replicas: 1 }));
});

/** Servers of a platform. */
export const serversIn = memo((platform: Platform): Server[] => platform.elements.flatMap(serversOf));

function chartServers(element: Element, release: Release): Server[] {
  const { values, namespace, isPartlyUnknown } = release;
  // The servers are external; only the injector is deployed.
  const isEnabled =
    booleanOf(blockAt(values, "server"), "enabled") ?? !isOff(blockAt(values, "global"), "enabled");
  if (!isEnabled) return [];
  if (
    text(valueAt(values, "injector.externalVaultAddr")) ||
    text(valueAt(values, "global.externalVaultAddr"))
  ) {
    return [];
  }
  const ha = isOn(blockAt(values, "server.ha"), "enabled");
  const path = !ha
    ? "server.standalone.config"
    : isOn(blockAt(values, "server.ha.raft"), "enabled")
      ? "server.ha.raft.config"
      : "server.ha.config";
  const config = text(valueAt(values, path));
  if (config === undefined && isPartlyUnknown) return [];
  const replicas = ha ? Number(textOf(blockAt(values, "server.ha"), "replicas") ?? 3) : 1;
  const configuration = parseHcl(withoutHelmTemplates(unescaped(config ?? CHART_DEFAULT)));
  return [{ element, namespace, configuration, replicas, release }];
}

/** Removes the escapes of braces: the chart renders the configuration as a Helm template. */
function withoutHelmTemplates(config: string): string {
  return config.replaceAll('{{ "{{" }}', "{{").replaceAll("{{ `{{` }}", "{{");
}

/** Type of the seal. @returns undefined for Shamir's key shares */
export function sealOf({ configuration, release }: Server): string | undefined {
  const stanza = blocksOf(configuration, "seal").find((seal) => !isOn(seal.attributes, "disabled"));
  const chosen = release && text(blockAt(release.values, "server.extraEnvironmentVars").VAULT_SEAL_TYPE);
  const type = stanza?.labels[0] ?? chosen;
  return type === "shamir" ? undefined : type;
}
