import { policiesOfServers } from "../readers/network";
import { serversIn } from "../readers/servers";
import { NOT_APPLICABLE, type Rule, judge } from "../rule";
import { forPlatform } from "../subjects";

/** Reports servers without a network policy for incoming connections. */
export const networkPolicies: Rule = {
  id: "network-policies",
  level: "error",
  title: "A network policy decides which pods reach Vault's servers",
  item: "network-policies",
  fix: "Add NetworkPolicies to Vault's namespace.",
  source: "https://kubernetes.io/docs/concepts/services-networking/network-policies/",
  check: forPlatform((platform) => {
    const servers = serversIn(platform);
    if (servers.length === 0) return NOT_APPLICABLE;
    return judge(
      servers.flatMap((server) => {
        const found = policiesOfServers(platform, server, "Ingress");
        if (found.some(({ isolates }) => isolates === "yes")) return [];
        const { namespace } = server;
        return found.length === 0
          ? [`every pod of the cluster reaches Vault's servers in ${namespace}`]
          : [
              `whether network policy ${found[0].policy.name} selects Vault's servers in ${namespace} is not known`,
            ];
      }),
    );
  }),
};
