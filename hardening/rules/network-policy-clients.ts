import { type Peer, networkPoliciesIn, selects } from "../readers/network";
import { serversIn } from "../readers/servers";
import { NOT_APPLICABLE, type Rule, judge } from "../rule";
import { forPlatform } from "../subjects";

/** Label that selects a namespace by name. Other labels select any namespace that gets the label. */
const NAME_LABEL = "kubernetes.io/metadata.name";

/** Reports network policies that admit all pods of a labelled namespace. */
export const networkPolicyClients: Rule = {
  id: "network-policy-clients",
  level: "warning",
  title: "A pod needs a label to reach Vault, and not only its namespace",
  item: "network-policies",
  fix: 'Label the clients\' pods with vault-platform/client: "true", and select them by it: leave unsafeAllowUnlabelledClients out.',
  source: "https://kubernetes.io/docs/concepts/services-networking/network-policies/",
  check: forPlatform((platform) => {
    const namespaces = serversIn(platform).map(({ namespace }) => namespace);
    const policies = networkPoliciesIn(platform).filter(
      (policy) =>
        policy.isolatesIngress &&
        namespaces.includes(policy.namespace) &&
        selects(policy, { "app.kubernetes.io/name": "vault", component: "server" }),
    );
    if (policies.length === 0) return NOT_APPLICABLE;
    const open = policies.filter(({ ingress }) => ingress.some(({ peers }) => peers.some(isWholeNamespace)));
    return judge(
      open.map(({ name }) => `network policy ${name} admits every pod of the namespaces that have a label`),
    );
  }),
};

function isWholeNamespace({ namespaces, pods }: Peer): boolean {
  const labels = Object.keys(namespaces ?? {});
  return labels.length > 0 && !labels.includes(NAME_LABEL) && Object.keys(pods ?? {}).length === 0;
}
