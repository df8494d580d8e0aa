import { FormatError, rejection } from "./format-error";
import { IpAddress } from "./ip-address";

const ALLOWED = "a network range, such as 10.0.0.0/16";

/**
 * Network range in its canonical form. Readers disagree on other forms. Kubernetes reads leading zeros as decimal,
 * other software reads them as octal. An address with bits after the prefix is read as one host or as its network.
 */
export class Cidr {
  /**
   * Parses a range in canonical form.
   * @throws FormatError with the canonical form, if the text has bits after the prefix or another notation
   */
  static parse(text: string): Cidr {
    const range = Cidr.parseAnyForm(text);
    if (range.toString() !== text) throw new FormatError(`"${range}", the canonical form of this range`);
    return range;
  }

  /**
   * Parses every form that Kubernetes accepts, as Kubernetes does.
   * @throws FormatError for other text
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

  /** Returns true if the other range or address lies within this one. */
  contains(other: Cidr | IpAddress): boolean {
    const isRange = other instanceof Cidr;
    const start = isRange ? other.start : other;
    const prefix = isRange ? other.prefix : other.bits;
    const fits = start.family === this.start.family && prefix >= this.prefix;
    return fits && start.network(this.prefix).equals(this.start);
  }

  /** Returns the canonical form, such as `10.0.0.0/16`. */
  toString(): string {
    return `${this.start}/${this.prefix}`;
  }
}
