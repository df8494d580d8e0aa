import { PolicyError } from "../../constructs/policy/policy-error";
import { parsePolicy } from "../../constructs/policy/vault-policy";

const path = (body: string) => `path "secret/data/app" {\n${body}\n}`;

describe("parsePolicy", () => {
  it("reads paths and capabilities, and ignores comments", () => {
    const rules = parsePolicy(`
      # a note { with a brace
      path "secret/data/app/*" { capabilities = ["read", "list",] } // and "another
      /* path "secret/*" { capabilities = ["sudo"] } */
      path "/sys/health" {
        capabilities = ["read"]
      }
    `);

    expect(rules).toEqual([
      { path: "secret/data/app/*", capabilities: ["read", "list"] },
      { path: "sys/health", capabilities: ["read"] },
    ]);
  });

  it("reads every constraint", () => {
    const [rule] = parsePolicy(
      path(`
        capabilities        = ["create", "update"]
        allowed_parameters  = { "Role" = ["app", 5, true], "*" = [] }
        denied_parameters   { ttl = [] }
        required_parameters = ["role"]
        min_wrapping_ttl    = 60
        max_wrapping_ttl    = "1h30m"
        mfa_methods         = ["totp"]
        control_group       = { factor "two" { identity { group_names = ["ops"] approvals = 1 } } }
        comment             = "why"
      `),
    );

    expect(rule).toEqual({
      path: "secret/data/app",
      capabilities: ["create", "update"],
      allowedParameters: { role: ["app", 5, true], "*": [] },
      deniedParameters: { ttl: [] },
      requiredParameters: ["role"],
      minWrappingTtl: 60,
      maxWrappingTtl: 5400,
      mfaMethods: ["totp"],
      controlGroup: ["two (identity approvals 1, group_names ops)"],
    });
  });

  it("reduces a rule with deny to the denial", () => {
    expect(parsePolicy(path('capabilities = ["read", "deny", "nonsense"]\nmin_wrapping_ttl = 5'))).toEqual([
      { path: "secret/data/app", capabilities: ["deny"] },
    ]);
  });

  it.each([
    ["JSON", JSON.stringify({ path: { "a/*": { capabilities: ["read"] } } })],
    ["JSON with a list of paths", JSON.stringify({ path: [{ "a/*": [{ capabilities: ["read"] }] }] })],
    ["Base64", Buffer.from('path "a/*" { capabilities = ["read"] }').toString("base64")],
    ["escapes", 'path "\\x61\\u002f\\052" { capabilities = ["\\162ead"] }'],
    ["a quoted name", '"path" "a/*" { "capabilities" = ["read"] }'],
    ["a name twice, once in quotes", 'path "a/*" { capabilities = []\n"capabilities" = ["read"] }'],
  ])("reads %s", (_form, text) => {
    expect(parsePolicy(text)).toEqual([{ path: "a/*", capabilities: ["read"] }]);
  });

  it.each([
    ["read", ["read", "list"]],
    ["write", ["create", "read", "update", "delete", "list"]],
    ["sudo", ["create", "read", "update", "delete", "list", "sudo"]],
    ["deny", ["deny"]],
  ])("reads the deprecated policy %s", (policy, capabilities) => {
    expect(parsePolicy(path(`capabilities = ["list"]\npolicy = "${policy}"`))[0].capabilities).toEqual(
      capabilities,
    );
  });

  it("keeps ${ } unchanged, as HCL 1 does", () => {
    expect(parsePolicy('path "a/${"b\\n"}/c" { capabilities = ["read"] }')[0].path).toBe('a/${"b\\n"}/c');
  });

  it.each([
    ["a heredoc", path("comment = <<EOT\nx\nEOT"), "line 2: a heredoc is not read here"],
    ["an unknown capability", path('capabilities = ["write"]'), "unknown capability write"],
    ["an unknown key", path('capability = ["read"]'), "unknown key capability"],
    ["an unknown block", 'rule "a" {}', 'line 1: only path blocks stand in a policy, got "rule"'],
    ["+*", 'path "a/+*" { capabilities = ["read"] }', "+* is no wildcard"],
    [
      "a name set twice",
      path('capabilities = ["read"]\ncapabilities = ["list"]'),
      "line 3: capabilities is set twice",
    ],
    ["a name twice in JSON", '{"path": {"a": {"capabilities": []}, "a": {"capabilities": []}}}', "unique"],
    ["broken JSON", '{"path" {}}', "neither HCL nor JSON"],
    ["null in JSON", '{"path": {"a": {"capabilities": null}}}', "null is no value"],
    [
      "a JSON path without capabilities",
      '{"path": {"a": {"allowed_parameters": {}}}}',
      "must have capabilities",
    ],
    ["an open string", 'path "a', "line 1: the string does not end"],
    ["an open comment", "/* a", "line 1: the comment does not end"],
    ["an open block", 'path "a" {', "line 1: expected a name, got the end"],
    ["an unknown escape", 'path "\\q" {}', "unknown escape \\q"],
    ["a byte that is no character", 'path "\\xff" {}', "the escape \\xff is no character"],
    ["an unbalanced template", 'path "a/{{identity.entity.id" {}', "unbalanced {{ and }}"],
    ["text as capabilities", path('capabilities = "read"'), "must be a list of strings"],
    [
      "a parameter without a list",
      path('allowed_parameters = { a = "b" }'),
      "the values of a must be a list",
    ],
    ["a duration that is none", path('max_wrapping_ttl = "soon"'), 'must be a duration, got "soon"'],
    ["a maximum below the minimum", path("min_wrapping_ttl = 5\nmax_wrapping_ttl = 4"), "is less than"],
  ])("rejects %s", (_what, text, message) => {
    expect(() => parsePolicy(text)).toThrow(PolicyError);
    expect(() => parsePolicy(text)).toThrow(message);
  });
});
