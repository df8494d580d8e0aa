import { FormatError, rejection } from "./format-error";
import { IpAddress } from "./ip-address";

const ALLOWED = "a network range, such as 10.0.0.0/16";

/**
 * A network range in its one canonical form. Other forms are read differently: leading zeros as decimal by Kubernetes
 * and as octal elsewhere, an address with bits after the prefix as one host or as its network.
 */
export class Cidr {
  /** @throws FormatError with the canonical form, if the text has bits after the prefix or another notation */
  static parse(text: string): Cidr {
    const range = Cidr.parseAnyForm(text);
    if (range.toString() !== text) throw new FormatError(`"${range}", the canonical form of this range`);
    return range;
  }

  /**
   * Reads every form that Kubernetes reads, as Kubernetes reads it.
   * @throws FormatError
   */
  static parseAnyForm(text: string): Cidr {
    const [, start = "", prefix] = /^([^/]+)\/(\d+)$/.exec(text) ?? [];
    if (rejection(IpAddress.parseAnyForm, start) !== undefined) throw new FormatError(ALLOWED);
    const address = IpAddress.parseAnyForm(start);
    const length = Number(prefix) - (start.includes(":") && address.family === 4 ? 96 : 0);
    if (length < 0 || length > address.bits) throw new FormatError(ALLOWED);
    return new Cidr(address.network(length), length);
  }

  private constructor(
    private readonly start: IpAddress,
    private readonly prefix: number,
  ) {}

  /** True if the other range, or address, lies within this one. */
  contains(other: Cidr | IpAddress): boolean {
    const isRange = other instanceof Cidr;
    const start = isRange ? other.start : other;
    const prefix = isRange ? other.prefix : other.bits;
    const fits = start.family === this.start.family && prefix >= this.prefix;
    return fits && start.network(this.prefix).equals(this.start);
  }

  toString(): string {
    return `${this.start}/${this.prefix}`;
  }
}
