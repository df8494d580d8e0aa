import { NotJudged } from "../not-judged";
import { policiesOfServers } from "../readers/network";
import { serversIn } from "../readers/servers";
import { NOT_APPLICABLE, type Rule, judgeEach } from "../rule";
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
    return judgeEach(servers, (server) => {
      const found = policiesOfServers(platform, server, "Ingress");
      if (found.some(({ isolates }) => isolates === "yes")) return [];
      const { namespace } = server;
      if (found.length === 0) return [`every pod of the cluster reaches Vault's servers in ${namespace}`];
      const { name } = found[0].policy;
      throw new NotJudged(`network policy ${name} perhaps isolates Vault's servers in ${namespace}`);
    });
  }),
};
