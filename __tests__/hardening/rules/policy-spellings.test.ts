import fc from "fast-check";
import { TerraformStack, Testing } from "cdktf";
import { Acl } from "../../../constructs/policy/acl";
import { parsePolicy } from "../../../constructs/policy/vault-policy";
import { evaluate } from "../../../hardening/evaluate";
import { rules } from "../../../hardening/rules";
import { ESCALATION_PATHS } from "../../../constructs/policy/sensitive-paths";
import type { Build } from "../support/describe-rule";
import { configMap, data, policy, resource } from "../support/plain";

interface Grant {
  readonly path: string;
  readonly capabilities: readonly string[];
}

const ruleSet = rules.filter(({ id }) => id.startsWith("policy-"));

/** Findings of each policy rule, without the policy's name. */
function verdicts(build: Build): Record<string, string[]> {
  const stack = new TerraformStack(Testing.app(), "test");
  build(stack);
  const { results } = evaluate(stack.node.root, ruleSet).platforms[0];
  return Object.fromEntries(
    results.map(({ rule, findings }) => [
      rule.id,
      findings.map(({ problem }) => problem.replace(/^policy \S+: /, "")),
    ]),
  );
}

const WORDS = [
  "sys",
  "auth",
  "identity",
  "policies",
  "policy",
  "audit",
  "role",
  "config",
  "secret",
  "data",
  "x",
];
const CAPABILITIES = ["read", "list", "update", "create", "sudo", "deny"];

const path = fc
  .tuple(
    fc.array(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...WORDS) }, fc.constant("+")), {
      minLength: 1,
      maxLength: 5,
    }),
    fc.constantFrom("", "", "/", "*", "/*"),
  )
  .map(([segments, end]) => segments.join("/") + end)
  .filter((text) => !text.includes("+*"));
const grant: fc.Arbitrary<Grant> = fc.record({
  path,
  capabilities: fc.uniqueArray(fc.constantFrom(...CAPABILITIES), { maxLength: 3 }),
});

/** Notations of a letter that HCL 1 supports. */
const FORMS: readonly ((code: number) => string)[] = [
  (code) => String.fromCharCode(code),
  (code) => `\\x${code.toString(16).padStart(2, "0")}`,
  (code) => `\\u${code.toString(16).padStart(4, "0")}`,
  (code) => `\\U${code.toString(16).padStart(8, "0")}`,
  (code) => `\\${code.toString(8).padStart(3, "0")}`,
];

function spell(text: string, forms: readonly number[]): string {
  const letters = [...text].map((letter, index) => FORMS[forms[index % forms.length]](letter.charCodeAt(0)));
  return `"${letters.join("")}"`;
}

const plain = ({ path, capabilities }: Grant) =>
  `path "${path}" {\n  capabilities = ${JSON.stringify(capabilities)}\n}\n`;
const escaped = (grants: readonly Grant[], forms: readonly number[]) =>
  grants
    .map(({ path, capabilities }) => {
      const list = capabilities.map((it) => spell(it, forms)).join();
      return `${spell("path", forms)} ${spell(`/${path}`, forms)} { "capabilities" = [${list},] }`;
    })
    .join("/* and */");
const json = (grants: readonly Grant[]) =>
  JSON.stringify({ path: grants.map(({ path, capabilities }) => ({ [`/${path}`]: { capabilities } })) });
const base64 = (text: string) => Buffer.from(text).toString("base64");

test("evaluates a policy the same in every notation and place", () => {
  fc.assert(
    fc.property(
      fc.array(grant, { minLength: 1, maxLength: 4 }),
      fc.array(fc.nat(FORMS.length - 1), { minLength: 1, maxLength: 7 }),
      (grants, forms) => {
        const text = grants.map(plain).join("\n");
        const expected = verdicts(policy(text));
        const spellings = [escaped(grants, forms), json(grants), base64(text), base64(json(grants))];
        for (const spelling of spellings) {
          expect(parsePolicy(spelling)).toEqual(parsePolicy(text));
          expect([spelling, verdicts(policy(spelling))]).toEqual([spelling, expected]);
        }
        const endpoint = (api: string, body: object) =>
          resource("vault_generic_endpoint", { path: api, data_json: JSON.stringify(body) });
        expect(verdicts(endpoint("sys/policies/acl/p", { policy: spellings[0] }))).toEqual(expected);
        expect(verdicts(endpoint("/sys/policy/p/", { rules: spellings[0] }))).toEqual(expected);
        expect(verdicts(configMap("policies", { "p.hcl": spellings[0], "s.sh": "exit" }))).toEqual(expected);
        const rule = grants.map((it) => ({ ...it, path: `\\u002f${it.path}` }));
        expect(verdicts(data("vault_policy_document", { rule }))).toEqual(expected);
      },
    ),
    { numRuns: 60 },
  );
});

/** Path that matches a pattern only through its wildcards. */
const instance = (pattern: string) =>
  pattern
    .replace(/\*$/, "other")
    .split("/")
    .map((segment) => (segment === "+" ? "other" : segment))
    .join("/");

/** Paths that match a pattern. `+` is replaced by words of the random paths, and `*` by the given ends. */
function instances(pattern: string, ends: readonly string[]): string[] {
  const [first, ...rest] = pattern.split("/");
  const starts =
    first === "+"
      ? [...WORDS, "other", ""]
      : first.endsWith("*")
        ? ends.map((end) => first.slice(0, -1) + end)
        : [first];
  if (rest.length === 0) return starts;
  return instances(rest.join("/"), ends).flatMap((end) => starts.map((start) => `${start}/${end}`));
}

const LOOKS = new Acl([
  {
    name: "looks",
    rules: parsePolicy(
      ["sys/audit", "sys/auth/*", "sys/leases/lookup/*", "auth/token/accessors", "auth/token/accessors/"]
        .map((it) => plain({ path: it, capabilities: ["read"] }))
        .join(""),
    ),
  },
]);

test("finds the same permissions in a one-path policy as the capability engine", () => {
  fc.assert(
    fc.property(grant, (it) => {
      const found = verdicts(policy(plain(it)));
      const acl = new Acl([{ name: "p", rules: parsePolicy(plain(it)) }]);
      const allows = (asked: string, ...capabilities: string[]) =>
        acl
          .decide(asked, "other")
          ?.capabilities.some(
            (one) => one !== "deny" && (capabilities.length === 0 || capabilities.includes(one)),
          ) ?? false;
      const own = instance(it.path);
      const elsewhere = own.replace(/^[^/]*/, "$&-other");
      const isWide = ["sys/other", "auth/other", "identity/other", elsewhere].some((asked) => allows(asked));
      expect([it, found["policy-wildcard"].length > 0]).toEqual([it, isWide]);

      const ends = ["other", ...own.split("/").map((_, index, segments) => segments.slice(index).join("/"))];
      const probes = ESCALATION_PATHS.flatMap(({ path }) => instances(path, ends));
      const writes = probes.some((asked) => allows(asked, "create", "update", "patch", "delete"));
      expect([it, found["policy-escalation"].length > 0]).toEqual([it, writes && !allows(elsewhere)]);

      const looksOnly = !allows(own, "create", "update") && LOOKS.decide(own, "other") !== undefined;
      expect([it, found["policy-sudo"].length > 0]).toEqual([it, allows(own, "sudo") && !looksOnly]);
    }),
    { numRuns: 400 },
  );
});
