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

/** Peer of a network policy rule. Ingress and egress use the same structure. */
export type Peer = NetworkPolicyV1SpecEgressTo;

/** The internet over IPv4 and IPv6, without the private networks that a pod could also reach. */
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
 * Returns peers for network ranges, without the addresses of instance metadata.
 * @throws ValidationError for text that is not a canonical range, and for ranges that contain only instance metadata
 */
export function rangePeers(scope: Construct, property: string, ranges: readonly string[]): Peer[] {
  return ranges.map((cidr, index) => {
    const range = parseProperty(scope, `${property}[${index}]`, cidr, parsePeerRange);
    const except = METADATA_RANGES.filter((metadata) => range?.contains(metadata)).map(String);
    return { ipBlock: { cidr, ...(except.length > 0 && { except }) } };
  });
}

/**
 * Validates a network range.
 * @throws ValidationError for text that is not a canonical range
 */
export function requireRange(scope: Construct, property: string, cidr: string): void {
  parseProperty(scope, property, cidr, Cidr.parse);
}

/** Peer for all pods of a namespace. */
export function namespacePeer(name: string): Peer {
  return { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } };
}

/** Peer for the pods of a namespace that have the labels. */
export function podPeer(namespace: string, matchLabels: Readonly<Record<string, string>>): Peer {
  return { ...namespacePeer(namespace), podSelector: { matchLabels: { ...matchLabels } } };
}

/** Peer for Vault's servers, for pods of other namespaces. */
export function vaultPeer(namespace: string): Peer {
  return podPeer(namespace, { "app.kubernetes.io/name": "vault", component: "server" });
}

/** Destination of connections, identified by its host. */
export interface Destination {
  /** Host name or IP address. */
  readonly host: string;
  /** TCP port of the host, 1 to 65535. */
  readonly port: number;
  /** Port of the pods behind the Service that the host names. @default - the value of `port` */
  readonly targetPort?: number;
  /** Network ranges that contain the host. @default - derived from the host: a Service's namespace, or the internet */
  readonly ranges?: readonly string[];
}

/**
 * Returns the peers of a destination.
 * @returns undefined for a host anywhere on the internet
 * @throws ValidationError if the location of the host is unknown, and for an invalid host or range
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
 * Egress rule that allows connections to a database.
 * @throws ValidationError if the host is not a Service of the cluster and has no ranges: the internet is not allowed as
 * destination of a database
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
 * Egress rule that allows connections to a host anywhere on the internet. They use the proxy if there is one and the
 * host does not bypass it.
 * @param host undefined if it is not known, as with AWS endpoints
 * @throws ValidationError if the location of the proxy is unknown, and for an invalid port of the proxy
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

/**
 * Validates a port.
 * @throws ValidationError for a port outside of 1 to 65535
 */
export function requirePort(scope: Construct, what: string, port: number): void {
  if (isLiteral(port) && !(Number.isInteger(port) && port >= 1 && port <= 65535)) {
    throw new ValidationError(scope, `the port of ${what} must be 1 to 65535, got ${received(port)}`);
  }
}

/** Egress rule that allows connections to peers at TCP ports. */
export function allow(to: readonly Peer[], ...ports: number[]): NetworkPolicyV1SpecEgress {
  return { to: [...to], ports: tcp(ports) };
}

/** TCP ports of a rule, without duplicates. */
export function tcp(ports: readonly number[]) {
  return [...new Set(ports)].map((port) => ({ port: String(port), protocol: "TCP" }));
}
