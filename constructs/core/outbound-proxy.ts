import { isIP } from "node:net";
import { Cidr } from "./cidr";
import { anyText, checkArguments, checkProps, list, number, object } from "./field";
import { rejection } from "./format-error";
import { IpAddress } from "./ip-address";
import { received } from "./received";
import { ValidationError } from "./validation-error";

/** Properties of `OutboundProxy`. */
export interface OutboundProxyProps {
  /**
   * URL of an HTTP proxy that opens tunnels for TLS (method CONNECT), such as `http://proxy.example.com:3128`. It must
   * not contain a user and a password: everyone with read access to pods could see them.
   */
  readonly url: string;
  /**
   * Networks of the proxy. @default - derived from the host: a Service's namespace, a public address, or the internet
   */
  readonly ranges?: readonly string[];
  /** Port of the proxy's pods, if its host is a Service that translates the port. @default - the port of the URL */
  readonly targetPort?: number;
  /**
   * Destinations that pods reach without the proxy: hosts, domains such as `.example.com`, addresses and ranges. Names
   * and addresses of the cluster are always included. @default - none
   */
  readonly noProxy?: readonly string[];
}

/** Hosts and ports are derived from these properties, so most must be known at synthesis. */
const PROPS = object<OutboundProxyProps>(() => ({
  url: anyText.known(),
  ranges: list(anyText).known().optional(),
  targetPort: number.optional(),
  noProxy: list(anyText.known()).known().optional(),
}));

/**
 * Names of the cluster and of the pod itself, and the API server. Kubernetes expands the variable: its clients call the
 * API server by that address.
 */
const OF_CLUSTER = [
  ...["localhost", "127.0.0.1", "::1"],
  ...["$(KUBERNETES_SERVICE_HOST)", ".svc", ".svc.cluster.local"],
];

const DEFAULT_PORTS: Readonly<Record<string, number>> = { "http:": 80, "https:": 443 };

/**
 * Proxy through which pods reach destinations outside the cluster.
 *
 * The AWS SDKs, Vault, cert-manager and the audit shipper read it from the variables `HTTPS_PROXY` and `NO_PROXY`.
 * @throws ValidationError for a URL with a user, a path or another scheme, and for entries that clients misread
 */
export class OutboundProxy {
  /** URL of the proxy, without a trailing slash. */
  readonly url: string;
  /** Host of the proxy. */
  readonly host: string;
  /** Port of the URL, or the default port of its scheme. */
  readonly port: number;
  /** Port of the proxy's pods, if its host is a Service that translates the port. */
  readonly targetPort?: number;
  /** Networks of the proxy, if they were given. */
  readonly ranges: readonly string[];
  private readonly noProxy: readonly string[];

  constructor(props: OutboundProxyProps) {
    checkProps("OutboundProxy", PROPS, props);
    const { url, ranges = [], targetPort, noProxy = [] } = props;
    if (!isProxyUrl(url)) {
      throw new ValidationError(
        "OutboundProxy",
        `url must be ${PROXY_URL}, got ${received(shownProxyUrl(url))}`,
      );
    }
    for (const entry of noProxy) {
      if (isNoProxyEntry(entry)) continue;
      throw new ValidationError("OutboundProxy", `noProxy must be ${NO_PROXY_ENTRY}, got ${received(entry)}`);
    }
    const { protocol, hostname, port } = new URL(url);
    this.url = url.replace(/\/$/, "");
    this.host = hostname;
    this.port = port === "" ? DEFAULT_PORTS[protocol] : Number(port);
    this.targetPort = targetPort;
    this.ranges = ranges;
    this.noProxy = noProxy;
  }

  /**
   * Returns the environment variables of a container that uses the proxy.
   * @param direct further names that the container reaches without the proxy
   */
  environment(direct: readonly string[] = []): Record<string, string> {
    checkArguments("OutboundProxy.environment", { direct: [direct, list(anyText).known()] });
    const noProxy = [...new Set([...OF_CLUSTER, ...direct, ...this.noProxy])];
    return { HTTPS_PROXY: this.url, NO_PROXY: noProxy.join(",") };
  }

  /** Returns true if pods reach the host without the proxy, because an entry of `noProxy` matches it. */
  bypasses(host: string): boolean {
    checkArguments("OutboundProxy.bypasses", { host: [host, anyText.known()] });
    const name = unbracketed(host.toLowerCase());
    return this.noProxy.some((entry) => matches(entry.toLowerCase(), name));
  }
}

/** Description of the allowed proxy URLs, for messages. */
export const PROXY_URL =
  "http:// or https:// and a host, perhaps a port, and nothing else, such as http://proxy.example.com:3128";

/** Returns true for the URL of a proxy without a user, a password and a path. */
export function isProxyUrl(url: string): boolean {
  if (!/^https?:\/\/[^\s/?#@]+\/?$/.test(url) || !URL.canParse(url)) return false;
  const { protocol, port } = new URL(url);
  return protocol in DEFAULT_PORTS && port !== "0";
}

/** Returns the URL as errors show it. A URL with a user and a password is not shown. */
export function shownProxyUrl(url: string): string {
  return url.includes("@") ? "a URL with a user, which is not shown" : url;
}

/** Description of the allowed entries of `noProxy`, for messages. */
export const NO_PROXY_ENTRY =
  "a host, a domain such as .example.com, an address or a range such as 10.0.0.0/16, perhaps with a port";

/** Returns true for entries that all clients read alike: Go, the AWS command line and curl. */
export function isNoProxyEntry(entry: string): boolean {
  if (isIP(entry) || !rejection(Cidr.parse, entry)) return true;
  return /^\.?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*(:\d{1,5})?$/i.test(entry);
}

function matches(entry: string, host: string): boolean {
  if (!rejection(Cidr.parse, entry)) {
    return !rejection(IpAddress.parse, host) && Cidr.parse(entry).contains(IpAddress.parse(host));
  }
  if (isIP(entry)) return entry === host;
  const domain = entry.replace(/^\./, "").replace(/:\d+$/, "");
  return (host === domain && !entry.startsWith(".")) || host.endsWith(`.${domain}`);
}

function unbracketed(host: string): string {
  return host.replace(/^\[(.*)\]$/, "$1");
}
