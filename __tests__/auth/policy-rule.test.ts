import { TerraformStack, Testing } from "cdktf";
import { Construct } from "constructs";
import {
  type Capability,
  type PolicyRule,
  requireAgreement,
  requireRule,
} from "../../constructs/auth/policy-rule";
import { renderPolicy } from "../../constructs/policy/render-policy";

const scope = new TerraformStack(Testing.app(), "test");
const rule = (path: string, ...capabilities: Capability[]): PolicyRule => ({
  path,
  capabilities,
  reason: "because",
});

/** Capabilities by path in the rendered policy. */
const rendered = (...rules: PolicyRule[]): Record<string, string[]> =>
  Object.fromEntries(
    [...renderPolicy(rules).matchAll(/path "(.+)" \{\n {2}capabilities += (\[.*\])/g)].map(
      ([, path, list]) => [path, JSON.parse(list)],
    ),
  );

describe("requireRule", () => {
  test.each([
    "secret/data/payment-service/*",
    "auth/token/lookup-self",
    "secret/metadata/",
    "secret/+/config",
    "secret/data/{{identity.entity.id}}/*",
    "secret/data/Zürich",
    "secret/data/...",
  ])("accepts the path %s", (path) => {
    expect(() => requireRule(scope, rule(path, "read"))).not.toThrow();
  });

  test.each([
    ["/secret/data/a", 'a policy path has no leading slash, got "/secret/data/a"'],
    ["secret//data", 'a policy path has no empty segment, got "secret//data"'],
    ["", 'a policy path has no empty segment, got ""'],
    ["secret/../sys", 'a policy path has no segment . or .., got "secret/../sys"'],
    ["secret/data/..", "has no segment . or .."],
    ["./secret", "has no segment . or .."],
    ['secret/"a"', "has no control character, quote, backslash or ${"],
    ["secret/a\nb", "has no control character"],
    ["secret/\\a", "has no control character"],
    ["secret/${a}", "has no control character"],
    ["secret/*/config", "has * only at its end"],
    ["*", "the policy path * reaches every mount: name one, or admit it by allowEveryMount"],
    ["+/data/*", "reaches every mount"],
  ])("rejects the path %j", (path, message) => {
    expect(() => requireRule(scope, rule(path, "read"))).toThrow(message);
    expect(() => requireRule(scope, rule(path, "read"))).toThrow("[test]");
  });

  test.each<[Capability[], string]>([
    [[], "the rule on secret/a has no capabilities; allowed: create, read, update"],
    [["write" as Capability], "has the capability write; allowed: create, read"],
    [["deny", "read"], 'contradicts itself: deny stands alone, got ["deny","read"]'],
    [["read", "sudo"], "has sudo, which opens root-protected paths: admit it by allowSudo"],
  ])("rejects the capabilities %j", (capabilities, message) => {
    expect(() => requireRule(scope, rule("secret/a", ...capabilities))).toThrow(message);
  });

  test("accepts sudo and the path * with allowSudo and allowEveryMount", () => {
    expect(() =>
      requireRule(scope, { ...rule("*", "read", "sudo"), allowSudo: true, allowEveryMount: true }),
    ).not.toThrow();
  });

  test("accepts an empty path segment in a deny rule only", () => {
    expect(() => requireRule(scope, rule("sys/auth//*", "deny"))).not.toThrow();
    expect(() => requireRule(scope, rule("sys/auth//*", "read"))).toThrow("no empty segment");
  });

  test.each([
    ["", '""'],
    ["  ", '"  "'],
    ["one\ntwo", "a string of 2 lines (not shown)"],
  ])("rejects the reason %j", (reason, got) => {
    expect(() => requireRule(scope, { ...rule("secret/a", "read"), reason })).toThrow(
      `the rule on secret/a must have a reason of one line, got ${got}`,
    );
  });
});

describe("requireAgreement", () => {
  const one = new Construct(scope, "One");
  const other = new Construct(scope, "Other");

  test("rejects a grant and a denial of the same path, in either order", () => {
    const grant = { ...rule("secret/a", "read"), grantedBy: one };
    const denial = { ...rule("secret/a", "deny"), grantedBy: other };
    expect(() => requireAgreement(scope, grant, denial)).toThrow(
      "two grants contradict each other on secret/a: read by test/One, then deny by test/Other [test]",
    );
    expect(() => requireAgreement(scope, denial, grant)).toThrow("deny by test/Other, then read by test/One");
  });

  test("rejects different parameter constraints on the same path", () => {
    const free = { ...rule("pki/issue/a", "update"), grantedBy: one };
    const bound = { ...free, allowedParameters: { common_name: ["a.example.com"] }, grantedBy: other };
    expect(() => requireAgreement(scope, free, bound)).toThrow(
      "two grants on pki/issue/a constrain parameters differently: update by test/One, then update by test/Other",
    );
    expect(() => requireAgreement(scope, bound, { ...bound, requiredParameters: ["ttl"] })).toThrow(
      "differently",
    );
  });

  test("rejects a rule that Vault would never apply, in either order", () => {
    const wide = { ...rule("a/*", "read"), grantedBy: one };
    const narrow = { ...rule("a/+/*", "deny"), grantedBy: other };
    const message = "Vault would never follow the rule on a/+/*, because it prefers the one on a/*";
    expect(() => requireAgreement(scope, wide, narrow)).toThrow(message);
    expect(() => requireAgreement(scope, narrow, wide)).toThrow(message);
    expect(() => requireAgreement(scope, wide, rule("a/+/b", "deny"))).not.toThrow();
  });

  test("rejects two rules on a path if only one of them narrows", () => {
    const narrow = { ...rule("a/b", "read"), narrows: true };
    expect(() => requireAgreement(scope, narrow, rule("a/b", "update"))).toThrow(
      "two grants on a/b disagree whether wider ones count as well (narrows)",
    );
    expect(() => requireAgreement(scope, narrow, { ...narrow, grantedBy: one })).not.toThrow();
  });

  test("accepts equal constraints on a path, and rules on different paths", () => {
    const bound = { ...rule("a/b", "update"), allowedParameters: { x: ["1", "2"], y: [] } };
    expect(() =>
      requireAgreement(scope, bound, { ...bound, allowedParameters: { y: [], x: ["2", "1"] } }),
    ).not.toThrow();
    expect(() => requireAgreement(scope, rule("a/*", "read"), rule("a/b", "deny"))).not.toThrow();
  });
});

describe("renderPolicy", () => {
  test("writes one block per path in grant order, with merged and sorted capabilities", () => {
    expect(
      renderPolicy([rule("z/a", "update", "create"), rule("a/b", "read"), rule("z/a", "read", "update")]),
    ).toBe(
      `path "z/a" {
  capabilities = ["create", "read", "update"]
}
path "a/b" {
  capabilities = ["read"]
}
`,
    );
  });

  test("writes parameter constraints in sorted order", () => {
    expect(
      renderPolicy([
        {
          ...rule("pki/issue/a", "update"),
          allowedParameters: { ttl: ["2h", "1h"], "*": [] },
          deniedParameters: { ip_sans: [] },
          requiredParameters: ["ttl", "common_name"],
        },
      ]),
    ).toBe(`path "pki/issue/a" {
  capabilities        = ["update"]
  allowed_parameters {
    "*"   = []
    "ttl" = ["1h", "2h"]
  }
  denied_parameters {
    "ip_sans" = []
  }
  required_parameters = ["common_name", "ttl"]
}
`);
  });

  test("adds the capabilities of a wider path to a narrower one", () => {
    expect(rendered(rule("secret/data/a/*", "read"), rule("secret/data/a/b", "update"))).toEqual({
      "secret/data/a/*": ["read"],
      "secret/data/a/b": ["read", "update"],
    });
    expect(rendered(rule("a/b/*", "update"), rule("a/+/c", "read"), rule("a/b/c", "list"))).toEqual({
      "a/b/*": ["update"],
      "a/+/c": ["read"],
      "a/b/c": ["read", "update", "list"],
    });
  });

  test.each([
    ["a path that only starts alike", "secret/data/a", "secret/data/a/b"],
    ["a wildcard that covers less", "secret/data/a/b", "secret/data/a*"],
    ["one segment for a prefix", "a/+", "a/b*"],
    ["one segment for two", "a/+", "a/b/c"],
    ["a prefix for an exact path", "a/b+", "a/bc"],
  ])("does not treat %s as a wider path", (_title, wide, narrow) => {
    expect(rendered(rule(wide, "list"), rule(narrow, "read"))[narrow]).toEqual(["read"]);
  });

  test("adds no capabilities across a denial or a rule with parameter constraints", () => {
    expect(rendered(rule("a/*", "read"), rule("a/b/*", "deny"), rule("a/b/c", "update"))["a/b/c"]).toEqual([
      "update",
    ]);
    const bound = { ...rule("a/*", "read"), requiredParameters: ["x"] };
    expect(rendered(bound, rule("a/b", "update"))["a/b"]).toEqual(["update"]);
    expect(
      rendered(rule("a/*", "read"), { ...rule("a/b", "update"), requiredParameters: ["x"] })["a/b"],
    ).toEqual(["update"]);
  });

  test("adds no capabilities to or across a rule that narrows", () => {
    const narrow = { ...rule("a/b/*", "read"), narrows: true };
    expect(rendered(rule("a/*", "read", "update"), narrow, rule("a/b/c", "list"))).toEqual({
      "a/*": ["read", "update"],
      "a/b/*": ["read"],
      "a/b/c": ["list"],
    });
  });

  test("keeps a denial inside a wider grant", () => {
    expect(rendered(rule("a/*", "read"), rule("a/b", "deny"))["a/b"]).toEqual(["deny"]);
  });
});
