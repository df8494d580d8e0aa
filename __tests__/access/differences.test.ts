import { Acl, type Permissions } from "../../constructs/policy/acl";
import { differences } from "../../access/diff-capabilities";
import type { Policy } from "../../analysis/vault/policies";
import { parsePolicy } from "../../constructs/policy/vault-policy";
import { Random } from "./support/random";
import { randomPath, randomPolicy, type RandomPolicy } from "./support/random-policies";

const seed = Number(process.env.ACCESS_SEED ?? 20_240_917);
const pairs = Number(process.env.ACCESS_SETS ?? 150);

function policy(text: string, name = "app"): Policy {
  return {
    name,
    namespace: "",
    rules: parsePolicy(text),
    writtenBy: "stack/App",
    stack: "stack",
    grants: [],
  };
}

function rule(path: string, ...capabilities: string[]): string {
  return `path "${path}" { capabilities = ${JSON.stringify(capabilities)} }\n`;
}

const shown = (before: string, after: string) =>
  differences([policy(before)], [policy(after)]).map(({ pattern, before: was, after: is }) => [
    pattern,
    was.capabilities,
    is.capabilities,
  ]);

describe("differences", () => {
  it("returns nothing for policies that differ only in name and capability order", () => {
    const text = rule("a/*", "read", "list") + rule("b", "deny");

    expect(differences([policy(text)], [policy(rule("a/*", "list", "read"), "other")])).toEqual([]);
  });

  it("returns the pattern that decides", () => {
    expect(shown(rule("a/*", "read"), rule("a/*", "read", "delete"))).toEqual([
      ["a/*", ["read"], ["read", "delete"]],
    ]);
  });

  it("finds a narrower rule that restricts a wider one", () => {
    expect(shown(rule("a/*", "read", "list"), rule("a/*", "read", "list") + rule("a/b/*", "read"))).toEqual([
      ["a/b/*", ["read", "list"], ["read"]],
    ]);
  });

  it("finds a path whose denial is removed", () => {
    expect(shown(rule("a/*", "read") + rule("a/b", "deny"), rule("a/*", "read"))).toEqual([
      ["a/b", [], ["read"]],
    ]);
  });

  it("finds paths that match patterns of several rules", () => {
    expect(shown(rule("a/+/c", "read") + rule("a/b/*", "list"), rule("a/b/*", "list"))).toEqual([
      ["a/+/c", ["read"], []],
    ]);
    expect(shown(rule("+/b/c", "read"), rule("a/+/c", "deny") + rule("+/b/c", "read"))).toEqual([
      ["a/b/c", ["read"], []],
    ]);
  });

  it.each([
    [rule("+/zz/zz/zz/+/*", "read") + rule("+/*", "delete"), ["+/*"]],
    [rule("+/*", "delete") + rule("+/zz/zz/zz/+/*", "read"), ["+/*"]],
    [rule("a/+/+/*", "read") + rule("a/b/*", "read") + rule("a/*", "delete"), ["a/*", "a/b/*"]],
  ])(
    "names a difference after the rule that decides, not after one without effect: %s",
    (after, expected) => {
      const found = shown("", after).map(([pattern]) => pattern);

      expect(found.sort()).toEqual(expected);
    },
  );

  it("names the deciding rule if two policies of one identity have the rules", () => {
    const after = [policy(rule("+/zz/zz/zz/+/*", "read"), "one"), policy(rule("+/*", "sudo"), "two")];

    expect(differences([], after).map(({ pattern }) => pattern)).toEqual(["+/*"]);
  });

  it("reports list with a trailing slash separately", () => {
    expect(shown(rule("a/*", "read", "list"), rule("a/*", "read", "list") + rule("a", "deny"))).toEqual([
      ["a/", ["list"], []],
    ]);
  });

  it("treats equal templates as equal paths", () => {
    const path = "a/{{identity.entity.name}}/*";

    expect(shown(rule(path, "read"), rule(path, "read", "update"))).toEqual([
      [path, ["read"], ["read", "update"]],
    ]);
  });

  it(`finds every changed path in ${pairs} random pairs`, () => {
    const random = new Random(seed);
    const missed: unknown[] = [];
    let differing = 0;
    for (let pair = 0; pair < pairs; pair++) {
      const texts = random.times(3, () => randomPolicy(random));
      const [before, after] = [texts.slice(0, 2), random.chance(0.5) ? texts.slice(1) : texts];
      const [was, is] = [before, after].map((side) =>
        side.map(({ text }, index) => policy(text, `p${index}`)),
      );
      const found = differences(was, is).map((difference) =>
        key(difference.before.permissions, difference.after.permissions),
      );
      const [earlier, later] = [new Acl(was), new Acl(is)];
      const patterns = texts.flatMap((text) => text.patterns);
      for (const path of random.times(60, () => randomPath(random, patterns))) {
        for (const operation of ["list", "other"] as const) {
          const [old, current] = [earlier.decide(path, operation), later.decide(path, operation)];
          if (capabilities(operation, old) === capabilities(operation, current)) continue;
          differing++;
          if (found.includes(key(old, current))) continue;
          missed.push({
            path,
            decides: key(old, current),
            before: patternsIn(before),
            after: patternsIn(after),
            found,
          });
        }
      }
    }
    expect(missed.slice(0, 2)).toEqual([]);
    expect(differing).toBeGreaterThan(pairs * 5);
  });
});

function patternsIn(policies: readonly RandomPolicy[]): string {
  return policies.flatMap(({ patterns }) => patterns).join(" ");
}

function key(before?: Permissions, after?: Permissions): string {
  return `${before?.pattern} ${after?.pattern}`;
}

function capabilities(operation: "list" | "other", permissions?: Permissions): string {
  const all = permissions?.capabilities.filter((capability) => capability !== "deny") ?? [];
  return all.filter((capability) => (capability === "list") === (operation === "list")).join();
}
