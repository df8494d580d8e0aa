import { networkPoliciesIn, selects } from "../readers/network";
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
    const open = servers.filter(
      ({ namespace }) =>
        !networkPoliciesIn(platform).some(
          (policy) =>
            policy.isolatesIngress &&
            policy.namespace === namespace &&
            selects(policy, { "app.kubernetes.io/name": "vault", component: "server" }),
        ),
    );
    return judge(
      open.map(({ namespace }) => `every pod of the cluster reaches Vault's servers in ${namespace}`),
    );
  }),
};
