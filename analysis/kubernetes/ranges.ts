import { Cidr } from "../../constructs/core/cidr";
import { rejection } from "../../constructs/core/format-error";

type Interval = readonly [first: bigint, last: bigint];
type Family = 4 | 6;

const BITS: Readonly<Record<Family, bigint>> = { 4: 32n, 6: 128n };

/** Ranges that the internet does not route. */
const PRIVATE = [
  ...["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8"],
  ...["fc00::/7", "fe80::/10"],
];

/** Number of public addresses that counts as the whole internet: a thirty-second of IPv4, and a /8 of IPv6. */
const WORLD: Readonly<Record<Family, bigint>> = { 4: 1n << 27n, 6: 1n << 120n };

/** Set of IP addresses, as a union of ranges. */
export class RangeSet {
  /** Set without addresses. */
  static readonly EMPTY = new RangeSet([], []);

  /**
   * Addresses of a range in any form that Kubernetes accepts.
   * @returns undefined for a text that is no range
   */
  static parse(text: string): RangeSet | undefined {
    if (rejection(Cidr.parseAnyForm, text) !== undefined) return undefined;
    const [address, prefix] = Cidr.parseAnyForm(text).toString().split("/");
    const family = address.includes(":") ? 6 : 4;
    const size = 1n << (BITS[family] - BigInt(prefix));
    const first = valueOf(address);
    const interval: Interval = [first, first + size - 1n];
    return family === 4 ? new RangeSet([interval], []) : new RangeSet([], [interval]);
  }

  private constructor(
    private readonly v4: readonly Interval[],
    private readonly v6: readonly Interval[],
  ) {}

  /** Addresses of both sets. */
  union(other: RangeSet): RangeSet {
    return new RangeSet(joined([...this.v4, ...other.v4]), joined([...this.v6, ...other.v6]));
  }

  /** Addresses of this set that are not in the other. */
  without(other: RangeSet): RangeSet {
    return new RangeSet(subtracted(this.v4, other.v4), subtracted(this.v6, other.v6));
  }

  /** Returns true if all addresses of the other set are in this one. */
  covers(other: RangeSet): boolean {
    return other.without(this).isEmpty;
  }

  /** Returns true if a set has no address. */
  get isEmpty(): boolean {
    return this.v4.length + this.v6.length === 0;
  }

  /** Returns true if the set contains a large part of the internet. */
  get isWorld(): boolean {
    const { v4, v6 } = this.without(privateRanges());
    return sizeOf(v4) >= WORLD[4] || sizeOf(v6) >= WORLD[6];
  }
}

let cached: RangeSet | undefined;

function privateRanges(): RangeSet {
  return (cached ??= unionOf(PRIVATE.map((text) => RangeSet.parse(text)!)));
}

/** Addresses of all sets. */
export function unionOf(sets: readonly RangeSet[]): RangeSet {
  return sets.reduce((all, set) => all.union(set), RangeSet.EMPTY);
}

function joined(intervals: readonly Interval[]): Interval[] {
  const result: [bigint, bigint][] = [];
  for (const [first, last] of [...intervals].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const previous = result[result.length - 1];
    if (previous && first <= previous[1] + 1n) previous[1] = last > previous[1] ? last : previous[1];
    else result.push([first, last]);
  }
  return result;
}

function subtracted(intervals: readonly Interval[], others: readonly Interval[]): Interval[] {
  return others.reduce<Interval[]>(
    (left, [first, last]) =>
      left.flatMap(([start, end]): Interval[] => {
        if (last < start || first > end) return [[start, end]];
        return [
          ...(start < first ? [[start, first - 1n] as const] : []),
          ...(end > last ? [[last + 1n, end] as const] : []),
        ];
      }),
    [...intervals],
  );
}

function sizeOf(intervals: readonly Interval[]): bigint {
  return intervals.reduce((sum, [first, last]) => sum + last - first + 1n, 0n);
}

/** Number of an address in canonical form. */
function valueOf(address: string): bigint {
  if (!address.includes(":")) {
    return address.split(".").reduce((value, part) => (value << 8n) | BigInt(part), 0n);
  }
  const [head, tail] = address.split("::").map((half) => half.split(":").filter(Boolean));
  const zeros = Array<string>(8 - head.length - (tail?.length ?? 0)).fill("0");
  return [...head, ...zeros, ...(tail ?? [])].reduce(
    (value, part) => (value << 16n) | BigInt(`0x${part}`),
    0n,
  );
}
