import type {
  NetworkPolicyV1SpecEgress,
  NetworkPolicyV1SpecEgressTo,
} from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import type { Construct } from "constructs";
import { Cidr } from "../core/cidr";
import { PRIVATE_RANGES, PRIVATE_RANGES_BY_NAT64, isIPv4Range, locate } from "../core/destination";
import { parseProperty } from "../core/format-error";
import { Host } from "../core/host";
import { METADATA_RANGES, parsePeerRange } from "../core/metadata-ranges";
import { received } from "../core/received";
import type { OutboundProxy } from "../core/outbound-proxy";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";

/** Either end of a connection; Kubernetes describes both alike. */
export type Peer = NetworkPolicyV1SpecEgressTo;

/** The internet by IPv4 and IPv6, without the private networks that a pod could reach besides. */
export const INTERNET: readonly Peer[] = [
  { ipBlock: { cidr: "0.0.0.0/0", except: PRIVATE_RANGES.filter(isIPv4Range) } },
  {
    ipBlock: {
      cidr: "::/0",
      except: [...PRIVATE_RANGES.filter((range) => !isIPv4Range(range)), ...PRIVATE_RANGES_BY_NAT64],
    },
  },
];

/**
 * Network ranges, without the addresses of instance metadata.
 * @throws ValidationError for text that is not a canonical range, and for ranges of instance metadata only
 */
export function rangePeers(scope: Construct, property: string, ranges: readonly string[]): Peer[] {
  return ranges.map((cidr, index) => {
    const range = parseProperty(scope, `${property}[${index}]`, cidr, parsePeerRange);
    const except = METADATA_RANGES.filter((metadata) => range?.contains(metadata)).map(String);
    return { ipBlock: { cidr, ...(except.length > 0 && { except }) } };
  });
}

/** @throws ValidationError for text that is not a canonical range */
export function requireRange(scope: Construct, property: string, cidr: string): void {
  parseProperty(scope, property, cidr, Cidr.parse);
}

/** All pods of a namespace. */
export function namespacePeer(name: string): Peer {
  return { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } };
}

/** Some pods of a namespace. */
export function podPeer(namespace: string, matchLabels: Readonly<Record<string, string>>): Peer {
  return { ...namespacePeer(namespace), podSelector: { matchLabels: { ...matchLabels } } };
}

/** Vault's servers, for pods of other namespaces. */
export function vaultPeer(namespace: string): Peer {
  return podPeer(namespace, { "app.kubernetes.io/name": "vault", component: "server" });
}

/** What pods connect to, by its host. */
export interface Destination {
  readonly host: string;
  /** TCP port of the host, 1 to 65535. */
  readonly port: number;
  /** Port of the pods behind the Service that the host names. @default - port: the Service does not translate it */
  readonly targetPort?: number;
  /** Networks in which the host is. @default - the host tells: a Service's namespace, or the internet */
  readonly ranges?: readonly string[];
}

/**
 * The peers of a destination.
 * @returns nothing for a host that is anywhere on the internet
 * @throws ValidationError when nothing tells where the host is, and for ports that are none
 */
export function destinationPeers(
  scope: Construct,
  what: string,
  { host, ranges = [] }: Pick<Destination, "host" | "ranges">,
): Peer[] | undefined {
  if (!isLiteral(host)) {
    if (ranges.length > 0) return rangePeers(scope, `ranges of ${what}`, ranges);
    throw new ValidationError(
      scope,
      `ranges of ${what} must be one at least, because only Terraform knows its host, got none`,
    );
  }
  parseProperty(scope, `the host of ${what}`, host, Host.parse);
  const location = locate(host, ranges);
  switch (location.kind) {
    case "ranges":
      return rangePeers(scope, `ranges of ${what}`, location.ranges);
    case "namespace":
      return [namespacePeer(location.namespace)];
    case "internet":
      return undefined;
    case "unknown":
      throw new ValidationError(
        scope,
        `the host of ${what} must be ${location.allowed}, got ${received(host)}`,
      );
  }
}

/**
 * Allows connections to a database.
 * @throws ValidationError when its host is neither a Service of the cluster nor has ranges: the internet is no answer
 */
export function databaseRule(
  scope: Construct,
  database: Destination & { readonly name: string },
): NetworkPolicyV1SpecEgress {
  const { name, host, port, targetPort = port } = database;
  const peers = destinationPeers(scope, `database ${name}`, database);
  if (peers) return allow(peers, targetPort);
  throw new ValidationError(
    scope,
    `the host of database ${name} must be a Service of the cluster, such as db.production.svc, unless ranges say where it is, got ${received(host)}`,
  );
}

/**
 * Allows connections to what is anywhere on the internet: through the proxy, where there is one and it is not bypassed.
 * @param host nothing where it is not known, as of AWS's endpoints
 * @throws ValidationError when nothing tells where the proxy is
 */
export function internetRule(
  scope: Construct,
  port: number,
  { proxy, host }: { readonly proxy?: OutboundProxy; readonly host?: string },
): NetworkPolicyV1SpecEgress {
  if (!proxy || (host !== undefined && proxy.bypasses(host))) return allow(INTERNET, port);
  requirePort(scope, "the proxy", proxy.port);
  const peers = destinationPeers(scope, "the proxy", proxy);
  return allow(peers ?? INTERNET, proxy.targetPort ?? proxy.port);
}

/** @throws ValidationError for a port that is not 1 to 65535 */
export function requirePort(scope: Construct, what: string, port: number): void {
  if (isLiteral(port) && !(Number.isInteger(port) && port >= 1 && port <= 65535)) {
    throw new ValidationError(scope, `the port of ${what} must be 1 to 65535, got ${received(port)}`);
  }
}

/** A rule that allows connections to some peers at TCP ports. */
export function allow(to: readonly Peer[], ...ports: number[]): NetworkPolicyV1SpecEgress {
  return { to: [...to], ports: tcp(ports) };
}

/** Ports of a rule. */
export function tcp(ports: readonly number[]) {
  return [...new Set(ports)].map((port) => ({ port: String(port), protocol: "TCP" }));
}
