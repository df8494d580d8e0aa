import { FormatError } from "./format-error";
import { Host } from "./host";

const ALLOWED = "a host and a port, such as vault.example.com:8200 or [2001:db8::10]:8200";

/** Host with its port. An IPv6 address is in brackets. */
export class HostPort {
  /**
   * Parses a host with its port.
   * @throws FormatError without a port, and for IPv6 without brackets
   */
  static parse(text: string): HostPort {
    const [, bracketed, name, port] = /^(?:\[([^\]]*)\]|([^:]*)):(\d+)$/.exec(text) ?? [];
    if (port === undefined) throw new FormatError(ALLOWED);
    const host = Host.parse(bracketed ?? name);
    if ((bracketed !== undefined) !== (host.address?.family === 6)) throw new FormatError(ALLOWED);
    return new HostPort(host, parsePort(port));
  }

  private constructor(
    /** Host without its port. */
    readonly host: Host,
    /** Port, from 1 to 65535. */
    readonly port: number,
  ) {}

  /** Returns host and port. An IPv6 address is in brackets. */
  toString(): string {
    return `${this.host.inUrl}:${this.port}`;
  }
}

/**
 * Parses a port.
 * @throws FormatError for 0, leading zeros and numbers above 65535
 */
export function parsePort(digits: string): number {
  const port = /^[1-9]\d{0,4}$/.test(digits) ? Number(digits) : 0;
  if (port < 1 || port > 65535) throw new FormatError("a port from 1 to 65535");
  return port;
}
