import { FormatError, rejection } from "./format-error";
import { IpAddress } from "./ip-address";

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const LONGEST = 253;
const NAME = "a host name, such as vault.example.com";
const HOST = "a host name or IP address, such as vault.example.com";

/**
 * DNS name (RFC 1123, lower case) or IP address, without scheme, port and brackets.
 *
 * A name that ends in a numeric label is rejected: some clients read it as an IPv4 address.
 */
export class Host {
  /**
   * Parses a host name or an IP address.
   * @throws FormatError for a URL, a port, brackets, upper case, underscores, and names of more than 253 characters
   */
  static parse(text: string): Host {
    if (text.includes("/")) throw new FormatError(`${HOST}, and not a URL`);
    const isAddress = rejection(IpAddress.parseAnyForm, text) === undefined;
    if (isAddress) return new Host(text, IpAddress.parse(text));
    if (/[[\]:]/.test(text)) throw new FormatError(`${HOST}, without a port and brackets`);
    return Host.parseLabels(text, HOST);
  }

  /**
   * Parses a host name.
   * @throws FormatError as `parse`, and for an address
   */
  static parseName(text: string): Host {
    return Host.parseLabels(text, NAME);
  }

  private static parseLabels(text: string, allowed: string): Host {
    const lower = text.toLowerCase();
    const labels = lower.split(".");
    if (/^(\d+|0x[0-9a-f]*)$/.test(labels[labels.length - 1])) {
      throw new FormatError(`${allowed}, that does not end in a number`);
    }
    if (lower.length > LONGEST || !labels.every((label) => LABEL.test(label))) throw new FormatError(allowed);
    if (lower !== text) throw new FormatError(`"${lower}", in lower case`);
    return new Host(text);
  }

  private constructor(
    private readonly text: string,
    /** Set if the host is an IP address. */
    readonly address?: IpAddress,
  ) {}

  /** Host as in URLs and connection strings: IPv6 is in brackets. */
  get inUrl(): string {
    return this.address?.family === 6 ? `[${this.text}]` : this.text;
  }

  /** Returns the host. An IPv6 address has no brackets. */
  toString(): string {
    return this.text;
  }
}
