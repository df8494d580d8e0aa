import { isIPv4, isIPv6 } from "node:net";
import { FormatError } from "./format-error";

/** Upper 96 bits of an IPv4 address in IPv6 (`::ffff:10.0.0.1`). */
const IPV4_MAPPED = 0xffffn;

/** IPv4 or IPv6 address in its canonical form. Certificates and Kubernetes compare addresses as text. */
export class IpAddress {
  /**
   * Parses an address in canonical form.
   * @throws FormatError for leading zeros, zones, IPv4 in IPv6, and IPv6 that RFC 5952 writes differently
   */
  static parse(text: string): IpAddress {
    const address = IpAddress.parseAnyForm(text);
    const canonical = address.toString();
    if (canonical !== text) throw new FormatError(`"${canonical}", the canonical form of this address`);
    return address;
  }

  /**
   * Parses every form that Kubernetes accepts: leading zeros do not count, and IPv4 in IPv6 is IPv4.
   * @throws FormatError for zones and other text
   */
  static parseAnyForm(text: string): IpAddress {
    const plain = text.replace(/(?<![\da-f])0+(?=[\da-f])/gi, "");
    if (isIPv4(plain)) return new IpAddress(4, joined(plain.split(".").map(Number), 8n));
    if (!isIPv6(plain) || plain.includes("%")) {
      throw new FormatError("an IP address, such as 10.0.0.1 or 2001:db8::10");
    }
    const value = joined(groupsOf(compressed(plain)), 16n);
    return value >> 32n === IPV4_MAPPED ? new IpAddress(4, value & 0xffffffffn) : new IpAddress(6, value);
  }

  private constructor(
    /** Version of the Internet Protocol. */
    readonly family: 4 | 6,
    private readonly value: bigint,
  ) {}

  /** Number of bits of the address. */
  get bits(): number {
    return this.family === 4 ? 32 : 128;
  }

  /** Returns the first address of the range that has this prefix length and contains the address. */
  network(prefix: number): IpAddress {
    const rest = BigInt(this.bits - prefix);
    return new IpAddress(this.family, (this.value >> rest) << rest);
  }

  /** Returns true if both are the same address. */
  equals(other: IpAddress): boolean {
    return this.family === other.family && this.value === other.value;
  }

  /** Returns the canonical form. */
  toString(): string {
    if (this.family === 4) return parts(this.value, 4, 8n).join(".");
    return compressed(
      parts(this.value, 8, 16n)
        .map((group) => group.toString(16))
        .join(":"),
    );
  }
}

/** Returns the form of RFC 5952, except that IPv4 is not dotted. URLs contain IPv6 addresses in this form. */
function compressed(ipv6: string): string {
  return new URL(`http://[${ipv6}]`).hostname.slice(1, -1);
}

function groupsOf(compressedForm: string): number[] {
  const [head, tail] = compressedForm.split("::").map((half) => half.split(":").filter(Boolean));
  const zeros = Array<string>(8 - head.length - (tail?.length ?? 0)).fill("0");
  return [...head, ...zeros, ...(tail ?? [])].map((group) => parseInt(group, 16));
}

function joined(numbers: readonly number[], width: bigint): bigint {
  return numbers.reduce((value, number) => (value << width) | BigInt(number), 0n);
}

function parts(value: bigint, count: number, width: bigint): number[] {
  const mask = (1n << width) - 1n;
  return Array.from({ length: count }, (_, index) =>
    Number((value >> (width * BigInt(count - 1 - index))) & mask),
  );
}
