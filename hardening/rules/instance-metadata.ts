import { NotJudged } from "../not-judged";
import { admits, policiesOfServers } from "../readers/network";
import { serversIn } from "../readers/servers";
import { NOT_APPLICABLE, type Rule, judge } from "../rule";
import { all, forNetworkPolicies, forPlatform } from "../subjects";

/** Instance metadata, the agent for pod identities, and instance metadata over IPv6. */
const ADDRESSES = ["169.254.169.254", "169.254.170.23", "fd00:ec2::254"];

/** Reports pods that can reach instance metadata, and with it the credentials of their node. */
export const instanceMetadata: Rule = {
  id: "instance-metadata",
  level: "error",
  title: "No pod reaches instance metadata, where it would get the credentials of its node",
  item: "network-policies",
  fix: "Isolate egress and leave 169.254.0.0/16 and fd00:ec2::/32 out of its ranges, as NetworkPolicies does.",
  source: "https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html",
  check: all(
    forNetworkPolicies(({ name, admissions }) => {
      const egress = admissions.filter(({ direction }) => direction === "Egress");
      const reached = ADDRESSES.filter((address) =>
        egress.some((peer) => admits(peer, address, 80) === "yes"),
      );
      const unknown = egress.find((peer) => admits(peer, ADDRESSES[0], 80) === "unknown");
      if (reached.length === 0 && unknown) {
        throw new NotJudged(
          `network policy ${name} lets pods reach peers that are not known: ${unknown.peer}`,
        );
      }
      return reached.map((address) => `network policy ${name} lets pods reach ${address}`);
    }),
    forPlatform((platform) => {
      const servers = serversIn(platform);
      if (servers.length === 0) return NOT_APPLICABLE;
      const open = servers.filter(
        (server) => !policiesOfServers(platform, server, "Egress").some(({ isolates }) => isolates === "yes"),
      );
      return judge(
        open.map(({ namespace }) => `no network policy isolates what Vault's servers in ${namespace} call`),
      );
    }),
  ),
};
