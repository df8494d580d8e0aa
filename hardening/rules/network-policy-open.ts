import type { Admission } from "../../analysis/kubernetes/network";
import { reachesWorld } from "../../analysis/kubernetes/reach";
import { NotJudged } from "../not-judged";
import type { Rule } from "../rule";
import { forNetworkPolicies } from "../subjects";

/** Reports network policies that admit all peers. */
export const networkPolicyOpen: Rule = {
  id: "network-policy-open",
  level: "error",
  title: "No network policy admits everybody",
  item: "network-policies",
  fix: "Name the namespaces, pods or ranges that need the connection.",
  source: "https://kubernetes.io/docs/concepts/services-networking/network-policies/",
  check: forNetworkPolicies(({ name, admissions }) => {
    const ingress = admissions.filter(({ direction }) => direction === "Ingress");
    const open = ingress.filter((admission) => isEverybody(admission, ingress));
    if (open.length > 0) return [`network policy ${name} admits everybody to ${portsOf(open)}`];
    const unknown = ingress.find(({ kind }) => kind === "unknown");
    if (unknown)
      throw new NotJudged(`network policy ${name} admits peers that are not known: ${unknown.peer}`);
    return [];
  }),
};

function isEverybody(admission: Admission, all: readonly Admission[]): boolean {
  const { kind, namespaces, pods } = admission;
  return kind === "anyone" || reachesWorld(admission, all) || (namespaces?.length === 0 && pods.length === 0);
}

function portsOf(admissions: readonly Admission[]): string {
  const texts = new Set(admissions.map(({ ports }) => ports.text.replace(/\/TCP$/, "")));
  return texts.has("any port") ? "all ports" : [...texts].join(", ");
}
