import { Acl } from "../../constructs/policy/acl";
import { parsePolicy } from "../../constructs/policy/vault-policy";

function aclOf(...policies: string[]): Acl {
  return new Acl(policies.map((text, index) => ({ name: `policy-${index}`, rules: parsePolicy(text) })));
}

function rule(path: string, ...capabilities: string[]): string {
  return `path "${path}" { capabilities = ${JSON.stringify(capabilities)} }\n`;
}

describe("Acl", () => {
  it.each([
    ["exact over prefix", "a/b", "a/*"],
    ["the longer prefix", "a/b*", "a/*"],
    ["a later wildcard", "a/b/+/d", "a/+/c/d"],
    ["a segment over a prefix that starts there", "a/+/c/d", "a/*"],
    ["a whole pattern over a prefix", "a/+/c/d", "a/+/c/*"],
    ["fewer wildcards", "a/+/c/d", "a/+/+/d"],
    ["fewer wildcards, even when the pattern is wider", "a/+/*", "a/+/+/*"],
    ["the longer pattern", "a/+/c/d*", "a/+/c/*"],
  ])("takes the capabilities of one pattern: %s", (_rule, winner, loser) => {
    const path = winner === "a/b" || winner === "a/b*" ? "a/b" : "a/b/c/d";

    expect(aclOf(rule(winner, "read") + rule(loser, "delete")).capabilities(path)).toEqual(["read"]);
    expect(aclOf(rule(loser, "delete"), rule(winner, "read")).capabilities(path)).toEqual(["read"]);
  });

  it("combines capabilities of all policies for one pattern", () => {
    const acl = aclOf(rule("a/*", "read"), rule("a/*", "list", "create"));

    expect(acl.capabilities("a/b")).toEqual(["create", "read", "list"]);
    expect(acl.decide("a/b")?.policies).toEqual(["policy-0", "policy-1"]);
  });

  it("denies if any policy denies the pattern, in any order", () => {
    const [grant, deny] = [rule("a/*", "read"), rule("a/*", "deny")];

    expect(aclOf(grant, deny).capabilities("a/b")).toEqual(["deny"]);
    expect(aclOf(deny, grant).capabilities("a/b")).toEqual(["deny"]);
  });

  it("denies if no pattern matches, or if the pattern grants nothing", () => {
    expect(aclOf(rule("a", "read")).capabilities("b")).toEqual(["deny"]);
    expect(aclOf(rule("a")).capabilities("a")).toEqual(["deny"]);
  });

  it("ignores a trailing slash, as list does", () => {
    const acl = aclOf(rule("a/b", "list") + rule("a/*", "read"));

    expect(acl.capabilities("a/b/")).toEqual(["list"]);
    expect(acl.capabilities("a/c/")).toEqual(["read"]);
  });

  it("grants root everything", () => {
    expect(new Acl([{ name: "root", rules: [] }]).capabilities("sys/seal")).toEqual(["root"]);
  });

  it("ignores templated rules, as Vault does for a token without an entity", () => {
    expect(aclOf(rule("a/{{identity.entity.name}}/*", "read")).permissions).toEqual([]);
  });

  it("merges the constraints of all policies on one pattern", () => {
    const [first, second] = ['allowed_parameters = { a = ["x"], b = ["y"] }', "min_wrapping_ttl = 60"];
    const acl = aclOf(
      `path "a" { capabilities = ["update"]\n ${first} }`,
      `path "a" { capabilities = ["read"]\n allowed_parameters = { a = ["z"], b = [] }\n ${second} }`,
    );

    expect(acl.decide("a")).toMatchObject({
      capabilities: ["read", "update"],
      allowedParameters: { a: ["z", "x"], b: [] },
      minWrappingTtl: 60,
    });
  });
});
