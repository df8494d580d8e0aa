import { FormatError, rejection } from "./format-error";
import { Host } from "./host";
import { HostPort } from "./host-port";

/** Rules for a URL. */
export interface UrlRules {
  /** Required scheme. @default https */
  readonly scheme?: "https" | "oci";
  /** Allows a path. @default true */
  readonly allowPath?: boolean;
}

const DEFAULT_PORTS = { https: 443, oci: 443 } as const;

/**
 * Allowed paths. Segments are quoted in scripts, templates and other configuration, so quotes, $ and the like are
 * rejected.
 */
const PATH = /^(\/([\w.~:@+,=-]|%[0-9a-fA-F]{2})+)*\/?$/;

/**
 * Absolute URL of a server: scheme, host, port and path. Lenient parsers disagree, so this one rejects spaces,
 * backslashes, a user, a query and a fragment.
 */
export class Url {
  /**
   * Parses a URL.
   * @throws FormatError that names the wrong part
   */
  static parse(text: string, { scheme = "https", allowPath = true }: UrlRules = {}): Url {
    const kind = `an ${scheme}:// URL`;
    const [, authority, path, rest] = /^([^/?#]*)([^?#]*)(.*)$/s.exec(text.slice(scheme.length + 3))!;
    if (!text.startsWith(`${scheme}://`) || authority === "") throw new FormatError(kind);
    if (authority.includes("@")) throw new FormatError(`${kind} without a user and password`);
    if (rest !== "") throw new FormatError(`${kind} without a query and fragment`);
    if (!PATH.test(path) || path.split("/").some((segment) => segment === "." || segment === "..")) {
      throw new FormatError(`${kind} whose path is plain segments, without empty ones, . and ..`);
    }
    if (!allowPath && path !== "") throw new FormatError(`"${scheme}://${authority}", without a path`);
    const { host, port } = parseAuthority(kind, authority);
    return new Url(scheme, host, port ?? DEFAULT_PORTS[scheme], path);
  }

  private constructor(
    /** Scheme of the URL. */
    readonly scheme: "https" | "oci",
    /** Host in lower case. */
    readonly host: Host,
    /** Port that clients connect to: the one in the text, or the default port of the scheme. */
    readonly port: number,
    /** Path, which is empty or starts with a slash. */
    readonly path: string,
  ) {}
}

/** Parses host and port. DNS names in URLs may be in upper case, as EKS prints them. */
function parseAuthority(kind: string, authority: string): { host: Host; port?: number } {
  const hasPort = /:[^\]]*$/.test(authority.replace(/^\[[^\]]*\]/, ""));
  const withPort = (hasPort ? authority : `${authority}:1`).toLowerCase();
  const wrong = rejection(HostPort.parse, withPort);
  if (wrong !== undefined) throw new FormatError(`${kind} of ${wrong.allowed}`);
  const { host, port } = HostPort.parse(withPort);
  return hasPort ? { host, port } : { host };
}
