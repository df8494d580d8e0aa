import diffSequences from "@jest/diff-sequences";
import { type Json, type JsonObject, isList, isObject } from "./json";

/** Changes between two JSON values, by path. */
export interface Differences {
  /** Added values by path. */
  readonly added: JsonObject;
  /** Old and new values by path. */
  readonly changed: Readonly<Record<string, Change>>;
  /** Removed paths. */
  readonly removed: readonly string[];
}

type Change = { readonly from: Json; readonly to: Json };

type List = readonly Json[];

/**
 * Compares two JSON values. Paths are written as in Terraform: `resource.aws_kms_key.Unseal`, `data["seal.hcl"]`.
 *
 * List items match if they are equal or have the same name. Other items are replaced: `[2-4]` contains the old and the
 * new items at these positions in the first list. `[2+]` inserts items before position 2.
 */
export function differences(from: Json, to: Json): Differences {
  const comparison = new Comparison();
  comparison.compare("", from, to);
  return comparison;
}

/** Returns true if there are no differences. */
export function isSame({ added, changed, removed }: Differences): boolean {
  return [added, changed, removed].every((it) => Object.keys(it).length === 0);
}

class Comparison implements Differences {
  readonly added: Record<string, Json> = {};
  readonly changed: Record<string, Change> = {};
  readonly removed: string[] = [];

  compare(path: string, from: Json, to: Json): void {
    if (isObject(from) && isObject(to)) this.compareObjects(path, from, to);
    else if (isList(from) && isList(to)) this.compareLists(path, from, to);
    else if (from !== to) this.changed[path] = { from, to };
  }

  private compareObjects(path: string, from: JsonObject, to: JsonObject): void {
    for (const key of [...new Set([...Object.keys(from), ...Object.keys(to)])].sort()) {
      const child = /^[\w-]+$/.test(key) ? [path, key].filter(Boolean).join(".") : `${path}["${key}"]`;
      if (!(key in to)) this.removed.push(child);
      else if (!(key in from)) this.added[child] = to[key];
      else this.compare(child, from[key], to[key]);
    }
  }

  private compareLists(path: string, from: List, to: List): void {
    let before = 0;
    let after = 0;
    for (const [nextBefore, nextAfter] of [...commonItems(from, to), [from.length, to.length]]) {
      this.replaceItems(path, before, from.slice(before, nextBefore), to.slice(after, nextAfter));
      if (nextBefore < from.length) this.compareItem(path, nextBefore, from[nextBefore], to[nextAfter]);
      before = nextBefore + 1;
      after = nextAfter + 1;
    }
  }

  private compareItem(path: string, position: number, from: Json, to: Json): void {
    const name = nameOf(from);
    this.compare(`${path}[${name === undefined ? position : JSON.stringify(name)}]`, from, to);
  }

  private replaceItems(path: string, position: number, from: List, to: List): void {
    if (from.length === 0 && to.length === 0) return;
    const isOne = from.length === 1;
    const areAlike = [...from, ...to].every((it) => nameOf(it) === undefined && (isObject(it) || isOne));
    if (from.length === to.length && areAlike) {
      from.forEach((item, index) => this.compareItem(path, position + index, item, to[index]));
      return;
    }
    const last = position + from.length - 1;
    const range = from.length === 0 ? `${position}+` : isOne ? position : `${position}-${last}`;
    this.changed[`${path}[${range}]`] = { from, to };
  }
}

/** Name that identifies a list item for a reviewer. */
function nameOf(item: Json): string | undefined {
  if (!isObject(item)) return undefined;
  const name = item.sid ?? item.name ?? item.alias;
  return typeof name === "string" ? name : undefined;
}

function belongTogether(from: Json, to: Json): boolean {
  const name = nameOf(from);
  return name === undefined ? isSame(differences(from, to)) : name === nameOf(to);
}

/** Positions of the longest common sequence of matching items. */
function commonItems(from: List, to: List): [number, number][] {
  const common: [number, number][] = [];
  const isCommon = (before: number, after: number) => belongTogether(from[before], to[after]);
  diffSequences(from.length, to.length, isCommon, (count, before, after) => {
    for (let item = 0; item < count; item++) common.push([before + item, after + item]);
  });
  return common;
}
