import { GITHUB_ISSUER } from "../constructs/auth/jwt-auth";
import { AwsRegion, serviceHost } from "../constructs/aws/region";
import { ClusterDns } from "../constructs/network/cluster-dns";
import { EgressTarget } from "../constructs/network/egress-target";
import type { DatabaseEndpoint, ExternalEndpoint } from "../constructs/network/network-policies";
import type { PodOptions } from "../constructs/core/pod-options";
import type { EgressRule } from "../constructs/network/workload-egress-policy";
import { locate } from "../constructs/core/destination";
import { OutboundProxy } from "../constructs/core/outbound-proxy";
import { Url } from "../constructs/core/url";
import type { Environment } from "../platform/schema";
import { drSideOf } from "./dr-sides";

type Egress = Environment["services"][number]["egress"][number];

/** Endpoint from which Vault's integration with Entra ID reads the groups of a user. */
const MICROSOFT_GRAPH = "https://graph.microsoft.com";

/** AWS services that pods call. */
const AWS_SERVICES = ["kms", "s3", "secretsmanager", "sts"];

/** DNS servers that the environment's pods query. */
export function dnsOf({ network: { dns } }: Pick<Environment, "network">): ClusterDns {
  if (dns.kind === "nodes") return ClusterDns.nodes({ ranges: dns.ranges });
  const { namespace, podLabels, podPort } = dns;
  const pods = { namespace, podLabels, podPort };
  return dns.kind === "pods"
    ? ClusterDns.pods(pods)
    : ClusterDns.nodeLocalCache({ ...pods, ranges: dns.ranges });
}

/** Database as a destination in network policies. */
export function databaseEndpointOf(database: Environment["databases"][number]): DatabaseEndpoint {
  const { name, host, port, targetPort, ranges } = database;
  return { name, host, port, targetPort, ranges };
}

/** Rule for an entry of a service's `egress`. */
export function egressRuleOf(egress: Egress): EgressRule {
  const { name, ports, protocol, ranges, namespace, podLabels } = egress;
  const inside = namespace === undefined ? EgressTarget.internet() : EgressTarget.pods(namespace, podLabels);
  return { name, ports, protocol, to: ranges ? EgressTarget.ranges(ranges) : inside };
}

/** Endpoints that Vault's servers and the audit shipper in their pods call, besides AWS and databases. */
export function externalEndpointsOf({ siem, vault: { oidc }, pipeline }: Environment): ExternalEndpoint[] {
  return [
    endpointOf("siem", siem.endpoint, siem),
    // Vault reads the keys with which it verifies identity tokens.
    ...(pipeline.vaultLogin ? [endpointOf("github", GITHUB_ISSUER)] : []),
    ...(oidc ? [endpointOf("identity-provider", oidc.issuer, oidc)] : []),
    ...(oidc?.providerConfig ? [endpointOf("microsoft-graph", MICROSOFT_GRAPH)] : []),
  ];
}

/** Hosts of the AWS services that pods call. */
export function awsHostsOf({ aws }: Pick<Environment, "aws">): string[] {
  return AWS_SERVICES.map((service) => serviceHost(service, aws.region));
}

/** Options of the environment's pods that depend on its cluster. */
export function podOptionsOf(environment: Environment): PodOptions {
  const { imagePullSecrets } = environment.kubernetes;
  return { imagePullSecrets, proxy: proxyOf(environment) };
}

/** Proxy of the environment. Pods reach destinations that network policies allow directly without the proxy. */
export function proxyOf(environment: Environment): OutboundProxy | undefined {
  const { proxy, vpcEndpoints } = environment.network;
  if (!proxy) return undefined;
  const direct = externalEndpointsOf(environment)
    .filter(({ host, ranges }) => host !== undefined && locate(host, ranges).kind !== "internet")
    .map(({ host }) => host!.replace(/^\[(.*)\]$/, "$1"));
  const { https, noProxy, ...where } = proxy;
  return new OutboundProxy({
    ...where,
    url: https,
    noProxy: [...(vpcEndpoints.length > 0 ? awsDomainsOf(environment) : []), ...direct, ...noProxy],
  });
}

/** Domains of the AWS endpoints in the regions that pods call. */
function awsDomainsOf(environment: Environment): string[] {
  const regions = [environment.aws.region, drSideOf(environment)?.location.region];
  const domains = regions.flatMap((name) => {
    const region = name === undefined ? undefined : AwsRegion.find(name);
    return region
      ? [region.dnsSuffix, region.dualStackDnsSuffix].map((suffix) => `.${region.name}.${suffix}`)
      : [];
  });
  return [...new Set(domains)];
}

function endpointOf(
  name: string,
  url: string,
  { ranges, targetPort }: Pick<ExternalEndpoint, "ranges" | "targetPort"> = {},
): ExternalEndpoint {
  const { host, port } = Url.parse(url);
  return { name, host: host.toString(), port, ranges, targetPort };
}
