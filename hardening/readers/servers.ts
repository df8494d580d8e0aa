import { unescaped } from "../../constructs/core/literal";
import type { Element } from "../element";
import { memo } from "../memo";
import type { Platform } from "../platform";
import { isTrue, text } from "./blocks";
import { configMapOf, hclEntries } from "./config-maps";
import { type HclNode, attribute, blocksOf, parseHcl } from "./hcl";
import { type Release, blockAt, valueAt, vaultReleaseOf } from "./helm";

/** Vault's servers, by the configuration that they start with. */
export interface Server {
  readonly element: Element;
  readonly namespace: string;
  readonly configuration: HclNode;
  readonly replicas: number;
  /** The release of Vault's chart. @default - the servers are deployed otherwise */
  readonly release?: Release;
}

/** What the chart starts without a configuration of one's own: one plaintext listener. */
const CHART_DEFAULT = 'listener "tcp" {\n  tls_disable = 1\n}\nstorage "raft" {\n  path = "/vault/data"\n}\n';

/** The servers that an element configures: a release of Vault's chart, or a ConfigMap with a configuration. */
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

export const serversIn = memo((platform: Platform): Server[] => platform.elements.flatMap(serversOf));

function chartServers(element: Element, release: Release): Server[] {
  const { values, namespace, isPartlyUnknown } = release;
  // Servers elsewhere, of which only the injector is told.
  if (valueAt(values, "server.enabled") === false || valueAt(values, "global.enabled") === false) return [];
  if (
    text(valueAt(values, "injector.externalVaultAddr")) ||
    text(valueAt(values, "global.externalVaultAddr"))
  ) {
    return [];
  }
  const ha = isTrue(valueAt(values, "server.ha.enabled"));
  const path = !ha
    ? "server.standalone.config"
    : isTrue(valueAt(values, "server.ha.raft.enabled"))
      ? "server.ha.raft.config"
      : "server.ha.config";
  const config = text(valueAt(values, path));
  if (config === undefined && isPartlyUnknown) return [];
  const replicas = ha ? Number(valueAt(values, "server.ha.replicas") ?? 3) : 1;
  const configuration = parseHcl(withoutHelmTemplates(unescaped(config ?? CHART_DEFAULT)));
  return [{ element, namespace, configuration, replicas, release }];
}

/** The chart runs the configuration through Helm's templates, in which braces are escaped. */
function withoutHelmTemplates(config: string): string {
  return config.replaceAll('{{ "{{" }}', "{{").replaceAll("{{ `{{` }}", "{{");
}

/** The seal's type. @returns undefined for Shamir's key shares */
export function sealOf({ configuration, release }: Server): string | undefined {
  const stanza = blocksOf(configuration, "seal").find((seal) => attribute(seal, "disabled") !== "true");
  const chosen = release && text(blockAt(release.values, "server.extraEnvironmentVars").VAULT_SEAL_TYPE);
  const type = stanza?.labels[0] ?? chosen;
  return type === "shamir" ? undefined : type;
}
