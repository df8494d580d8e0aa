import fc from "fast-check";
import { Acl } from "../../constructs/policy/acl";
import { covers, overlap } from "../../constructs/policy/patterns";
import { byPrecedence } from "../../constructs/policy/precedence";
import { renderPolicy, type WrittenRule } from "../../constructs/policy/render-policy";
import { parsePolicy, VAULT_CAPABILITIES } from "../../constructs/policy/vault-policy";

const pattern = fc
  .tuple(
    fc.array(fc.constantFrom("a", "b", "ab", "+", "+", "{{identity.entity.name}}"), {
      minLength: 1,
      maxLength: 4,
    }),
    fc.constantFrom("", "", "/", "*", "/*"),
  )
  .map(([segments, end]) => segments.join("/") + end)
  .filter((text) => !text.includes("+*"));
const asked = fc
  .array(fc.constantFrom("a", "b", "ab", "abc", ""), { minLength: 1, maxLength: 5 })
  .map((segments) => segments.join("/"))
  .filter((path) => !path.startsWith("/"));
const capabilities = fc.oneof(
  fc.constant(["deny"] as const),
  fc
    .uniqueArray(fc.constantFrom(...VAULT_CAPABILITIES.slice(0, -1)))
    .map((listed) => VAULT_CAPABILITIES.filter((it) => listed.includes(it))),
);
const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.constantFrom("${", '${"', "\\${a}", '"', "\\", "%{"),
);
const names = fc.uniqueArray(text).map((listed) => [...listed].sort());
const parameters = fc.dictionary(
  text.map((name) => name.toLowerCase()).filter((name) => !Object.hasOwn(Object.prototype, name)),
  names,
  { maxKeys: 3, noNullPrototype: true },
);
const grant: fc.Arbitrary<WrittenRule> = fc.record({ path: pattern, capabilities });
/** Rules that are independent of each other. */
const rules = fc.uniqueArray(
  fc.record(
    {
      path: pattern,
      capabilities,
      allowedParameters: parameters,
      deniedParameters: parameters,
      requiredParameters: names,
      narrows: fc.constant(true),
    },
    { requiredKeys: ["path", "capabilities", "narrows"] },
  ),
  { selector: ({ path }) => path, maxLength: 5 },
);

/** Effective content of a rule: without empty constraints, and only the denial if there is one. */
function meaning({ path, capabilities, narrows: _, ...constraints }: WrittenRule) {
  if (capabilities.includes("deny")) return { path, capabilities };
  const stated = Object.entries(constraints).filter(([, value]) => Object.keys(value).length > 0);
  return { path, capabilities, ...Object.fromEntries(stated) };
}

const aclOf = (written: readonly WrittenRule[]) =>
  new Acl([{ name: "p", rules: written.map(({ path, capabilities }) => ({ path, capabilities })) }]);
const read = (written: string) => new Acl([{ name: "p", rules: parsePolicy(written) }]);

test("parses a rendered policy to the same rules", () => {
  fc.assert(
    fc.property(rules, (written) => {
      expect(parsePolicy(renderPolicy(written))).toEqual(written.map(meaning));
    }),
    { numRuns: 500 },
  );
});

test("keeps the capabilities of narrowing rules on every path", () => {
  fc.assert(
    fc.property(rules, fc.array(asked, { minLength: 1 }), (written, paths) => {
      const [said, got] = [aclOf(written), read(renderPolicy(written))];
      for (const path of paths) expect(got.capabilities(path)).toEqual(said.capabilities(path));
    }),
  );
});

test("combines grants, between Vault's choice of one and the union of all that match", () => {
  fc.assert(
    fc.property(fc.uniqueArray(grant, { selector: ({ path }) => path }), asked, (grants, path) => {
      const allowed = (acl: Acl) => [...acl.capabilities(path)].filter((it) => it !== "deny");
      const got = allowed(read(renderPolicy(grants)));
      const matching = grants.flatMap((it) => allowed(aclOf([it])));
      expect(allowed(aclOf(grants)).filter((it) => !got.includes(it))).toEqual([]);
      expect(got.filter((it) => !matching.includes(it))).toEqual([]);
      if (aclOf(grants).decide(path)?.capabilities.includes("deny")) expect(got).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

const matches = (one: string, path: string) =>
  aclOf([{ path: one, capabilities: ["read"] }]).decide(path, "other");
const plain = pattern.filter((one) => !one.includes("{{"));

test("agrees with the ACL on overlap, covers and the precedence of patterns", () => {
  fc.assert(
    fc.property(plain, plain, fc.array(asked, { minLength: 10, maxLength: 30 }), (one, other, paths) => {
      const both = paths.filter((path) => matches(one, path) && matches(other, path));
      if (both.length > 0) expect([one, other, overlap(one, other)]).toEqual([one, other, true]);
      expect(overlap(one, other)).toBe(overlap(other, one));
      if (covers(one, other)) {
        expect(overlap(one, other)).toBe(true);
        for (const path of paths.filter((it) => matches(other, it))) expect(matches(one, path)).toBeDefined();
      }
      const acl = aclOf([one, other].map((path) => ({ path, capabilities: ["read"] })));
      const [first] = [one, other].sort(byPrecedence);
      for (const path of both) expect(acl.decide(path, "other")?.pattern).toBe(first);
    }),
    { numRuns: 1000 },
  );
});
