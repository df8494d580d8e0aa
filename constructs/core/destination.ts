import { isIP } from "node:net";
import { Cidr } from "./cidr";
import { rejection } from "./format-error";
import { IpAddress } from "./ip-address";

/** Networks with addresses that are not reachable over the internet. */
export const PRIVATE_RANGES: readonly string[] = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "224.0.0.0/4",
  "::/128",
  "::1/128",
  "fc00::/7",
  "fe80::/10",
  "ff00::/8",
];

/**
 * Private IPv4 networks as pods of an IPv6 cluster reach them: through a NAT64 gateway, with its well-known prefix.
 * @see https://www.rfc-editor.org/rfc/rfc6052
 */
export const PRIVATE_RANGES_BY_NAT64: readonly string[] = PRIVATE_RANGES.filter(isIPv4Range).map((range) => {
  const [address, bits] = range.split("/");
  return Cidr.parseAnyForm(`64:ff9b::${address}/${96 + Number(bits)}`).toString();
});

/** Location of a host, in terms that a network policy can describe. */
export type Location =
  /** Addresses that the definition names. */
  | { readonly kind: "ranges"; readonly ranges: readonly string[] }
  /** A Service of the cluster, in its namespace. */
  | { readonly kind: "namespace"; readonly namespace: string }
  /** Any address on the internet: a policy cannot name hosts. */
  | { readonly kind: "internet" }
  /** Unknown location. */
  | { readonly kind: "unknown"; readonly allowed: string };

/** Name of a Service, or of a pod behind a headless Service, in the cluster's DNS. */
const SERVICE = /^(?:[a-z0-9-]+\.)+([a-z0-9-]+)\.svc(?:\.cluster\.local)?$/;

/** Names that public DNS never contains. */
const NOT_PUBLIC =
  /(^[^.]+|\.(svc(\..+)?|local|internal|localhost|home\.arpa|test|invalid|lan|corp|intranet))$/;

const NEEDS_RANGES =
  "a Service of the cluster, such as payments-db.production.svc, or a public host, unless ranges say where it is";

/**
 * Returns the location of a host. Policies, proxies and the checks of definitions all use this function.
 * @param host host name or address, as in a URL
 * @param ranges networks that the definition gives for the host; they take precedence over the name of the host
 */
export function locate(host: string, ranges: readonly string[] = []): Location {
  const name = host
    .toLowerCase()
    .replace(/\.$/, "")
    .replace(/^\[(.*)\]$/, "$1");
  if (isIP(name)) return locateAddress(name, ranges);
  if (ranges.length > 0) return { kind: "ranges", ranges };
  const namespace = SERVICE.exec(name)?.[1];
  if (namespace !== undefined) return { kind: "namespace", namespace };
  if (NOT_PUBLIC.test(name) || /(^|\.)\d+$/.test(name)) return { kind: "unknown", allowed: NEEDS_RANGES };
  return { kind: "internet" };
}

function locateAddress(address: string, ranges: readonly string[]): Location {
  const own = `${address}/${isIP(address) === 4 ? 32 : 128}`;
  if (ranges.length > 0) {
    if (ranges.some((range) => holds(range, address))) return { kind: "ranges", ranges };
    return { kind: "unknown", allowed: `an address within its ranges, ${ranges.join(", ")}` };
  }
  return isPrivateAddress(address)
    ? { kind: "unknown", allowed: `${NEEDS_RANGES}, such as ${own}` }
    : { kind: "ranges", ranges: [own] };
}

/** Returns true for addresses of private networks, including IPv4 addresses in IPv6 notation. */
export function isPrivateAddress(address: string): boolean {
  return [...PRIVATE_RANGES, ...PRIVATE_RANGES_BY_NAT64].some((range) => holds(range, address));
}

/**
 * Returns true if the range contains the address. An unreadable range may contain any address: a separate problem
 * reports it.
 */
function holds(range: string, address: string): boolean {
  if (rejection(Cidr.parseAnyForm, range)) return true;
  return Cidr.parseAnyForm(range).contains(IpAddress.parseAnyForm(address));
}

/** Returns true for an IPv4 range. */
export function isIPv4Range(range: string): boolean {
  return !range.includes(":");
}
