import { namesOf } from "./all-names";
import type { Check, Path } from "./check";
import { type DerivedName, meets } from "./derived-names";
import { original } from "./readable";
import type { Environment } from "./schema";

/** Reports names that their consumer rejects or truncates. */
const fits: Check = (environment, report) => {
  const told = new Map<string, { readonly it: DerivedName; readonly excess: number }>();
  for (const it of namesOf(environment)) {
    const value = valueAt(environment, it.path);
    if (!it.rule.hasForm(it.name))
      report(it.path, value, `${it.rule.allowed} for ${it.of}, which is named ${it.name}`);
    const excess = it.rule.excess(it.name);
    const key = JSON.stringify(it.path);
    if (excess > (told.get(key)?.excess ?? 0)) told.set(key, { it, excess });
  }
  for (const { it, excess } of told.values()) {
    const value = valueAt(environment, it.path);
    const { consumer, most } = it.rule;
    const tooMany = excess === 1 ? "1 character" : `${excess} characters`;
    const which = it.name === value ? `${it.of} has` : `${it.of} is named ${it.name},`;
    const allowed = `at most ${value.length - excess} characters: ${which} ${tooMany} more than the ${most} of ${consumer}`;
    report(it.path, value, allowed);
  }
};

/** Reports two objects with the same name. */
const apart: Check = (environment, report) => {
  const first = new Map<string, DerivedName>();
  const told = new Set<string>();
  for (const it of namesOf(environment)) {
    const key = JSON.stringify([it.within, it.name]);
    const other = first.get(key) ?? it;
    first.set(key, other);
    const pair = JSON.stringify([it.path, it.of, other.of]);
    // Key aliases collide in each region; report them once.
    if (other === it || !meets(it, other) || told.has(pair)) continue;
    told.add(pair);
    const allowed = `one with which ${it.name} is not both ${other.of} and ${it.of} in ${it.within}`;
    report(it.path, valueAt(environment, it.path), allowed);
  }
};

function valueAt(environment: Environment, path: Path): string {
  return String(
    path.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], original(environment)),
  );
}

/** Checks of the names that follow from a definition, by the rules of the services that use them. */
export const nameChecks: readonly Check[] = [fits, apart];
