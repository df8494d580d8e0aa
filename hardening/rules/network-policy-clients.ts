import type { Admission } from "../../analysis/kubernetes/network";
import { policiesOfServers } from "../readers/network";
import { serversIn } from "../readers/servers";
import { NOT_APPLICABLE, type Rule, judge } from "../rule";
import { forPlatform } from "../subjects";

/** Label that selects a namespace by name. Other labels select any namespace that gets the label. */
const NAME_LABEL = /^kubernetes\.io\/metadata\.name(=| In )/;

/** Reports network policies that admit all pods of a labelled namespace. */
export const networkPolicyClients: Rule = {
  id: "network-policy-clients",
  level: "warning",
  title: "A pod needs a label to reach Vault, and not only its namespace",
  item: "network-policies",
  fix: 'Label the clients\' pods with vault-platform/client: "true", and select them by it: leave unsafeAllowUnlabelledClients out.',
  source: "https://kubernetes.io/docs/concepts/services-networking/network-policies/",
  check: forPlatform((platform) => {
    const found = serversIn(platform).flatMap((server) => policiesOfServers(platform, server, "Ingress"));
    const policies = [...new Set(found.map(({ policy }) => policy))];
    if (policies.length === 0) return NOT_APPLICABLE;
    const open = policies.filter(({ admissions }) => admissions.some(isWholeNamespace));
    return judge(
      open.map(({ name }) => `network policy ${name} admits every pod of the namespaces that have a label`),
    );
  }),
};

function isWholeNamespace({ direction, namespaces = [], pods }: Admission): boolean {
  if (direction !== "Ingress" || namespaces.length === 0 || pods.length > 0) return false;
  return !namespaces.some((requirement) => NAME_LABEL.test(requirement));
}
