import { FormatError, rejection } from "./format-error";
import { Host } from "./host";
import { HostPort } from "./host-port";

export interface UrlRules {
  /** @default https */
  readonly scheme?: "https" | "oci";
  /** @default true */
  readonly allowPath?: boolean;
}

const DEFAULT_PORTS = { https: 443, oci: 443 } as const;

/** Segments are quoted in scripts, templates and other configuration, so quotes, $ and the like are rejected. */
const PATH = /^(\/([\w.~:@+,=-]|%[0-9a-fA-F]{2})+)*\/?$/;

/**
 * An absolute URL that names a server: scheme, host, port and path. It is read strictly, because lenient parsers
 * disagree: spaces, backslashes, a user, a query and a fragment are rejected.
 */
export class Url {
  /** @throws FormatError, which names the part that is wrong */
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
    readonly scheme: "https" | "oci",
    readonly host: Host,
    /** The port that clients connect to; the scheme's own if the text has none. */
    readonly port: number,
    /** Empty, or starts with a slash. */
    readonly path: string,
  ) {}
}

/** DNS names in URLs may be in upper case, as EKS prints them. */
function parseAuthority(kind: string, authority: string): { host: Host; port?: number } {
  const hasPort = /:[^\]]*$/.test(authority.replace(/^\[[^\]]*\]/, ""));
  const withPort = (hasPort ? authority : `${authority}:1`).toLowerCase();
  const wrong = rejection(HostPort.parse, withPort);
  if (wrong !== undefined) throw new FormatError(`${kind} of ${wrong.allowed}`);
  const { host, port } = HostPort.parse(withPort);
  return hasPort ? { host, port } : { host };
}
