import { ExistingDocument } from "../../constructs/auth/existing-document";
import type { Capability } from "../../constructs/auth/policy-rule";
import { Acl } from "../../constructs/policy/acl";
import { parsePolicy } from "../../constructs/policy/vault-policy";
import { vaultStack } from "../support/vault-stack";

const grant = (path: string, ...capabilities: Capability[]) => ({ path, capabilities, reason: "is tried" });

const document = (text: string) => new ExistingDocument(vaultStack(), text);

/** Capabilities of a token with the policy on a path. */
function capabilities(text: string, path: string) {
  return new Acl([{ name: "policy", rules: parsePolicy(text) }]).capabilities(path);
}

const TEXT = `# by hand
path "secret/data/orders/*" {
  capabilities = ["read", "create"]
}
path "database/creds/orders" { capabilities = ["read"] }`;

describe("ExistingDocument", () => {
  test("returns the text unchanged if no rule is added", () => {
    expect(document(TEXT).with([])).toBe(TEXT);
  });

  test("keeps the permissions of the document when a rule is added", () => {
    const text = document(TEXT).with([grant("pki/issue/orders", "update")]);

    expect(text.startsWith(TEXT)).toBe(true);
    expect(capabilities(text, "database/creds/orders")).toEqual(["read"]);
    expect(capabilities(text, "pki/issue/orders")).toEqual(["update"]);
  });

  test("keeps the permissions of a wider path when a rule on a narrower path is added", () => {
    const text = document(TEXT).with([grant("secret/data/orders/config", "delete")]);

    expect(capabilities(text, "secret/data/orders/config")).toEqual(["create", "read", "delete"]);
    expect(capabilities(text, "secret/data/orders/other")).toEqual(["create", "read"]);
  });

  test("merges the capabilities of the document and of a rule on the same path", () => {
    const text = document(TEXT).with([grant("database/creds/orders", "list")]);

    expect(capabilities(text, "database/creds/orders")).toEqual(["read", "list"]);
  });

  test("merges a narrower rule with the most specific matching path of the document", () => {
    const narrow = `${TEXT}\npath "secret/data/orders/a/*" { capabilities = ["list"] }`;
    const text = document(narrow).with([grant("secret/data/orders/a/b", "read")]);

    expect(capabilities(text, "secret/data/orders/a/b")).toEqual(["read", "list"]);
  });

  test("keeps a narrower grant inside a denied path", () => {
    const denial = 'path "sys/*" { capabilities = ["deny"] }';
    const text = document(denial).with([grant("sys/health", "read")]);

    expect(capabilities(text, "sys/health")).toEqual(["read"]);
    expect(capabilities(text, "sys/mounts")).toEqual(["deny"]);
  });

  test.each([
    ["a denial of the path", 'path "a" { capabilities = ["deny"] }', "deny on a"],
    [
      "parameters that are limited",
      'path "a" { capabilities = ["update"]\n allowed_parameters = { "b" = [] } }',
      "allowedParameters on a",
    ],
    [
      "a limit on wider paths",
      'path "+" { capabilities = ["update"]\n min_wrapping_ttl = "1h" }',
      "minWrappingTtl on +",
    ],
    ["a capability that no grant has", 'path "a" { capabilities = ["read", "recover"] }', "recover on a"],
  ])("rejects a grant if the document has %s", (_title, text, limits) => {
    expect(() => document(text).requireAddable(grant("a", "read"))).toThrow(
      `a grant must be on a path that the document does not limit, got "a": the document has ${limits}`,
    );
  });

  test.each([
    ["JSON", JSON.stringify({ path: { a: { capabilities: ["read"] } } })],
    ["Base64", Buffer.from('path "a" { capabilities = ["read"] }').toString("base64")],
  ])("rejects a grant if the document is %s", (_title, text) => {
    expect(document(text).with([])).toBe(text);
    expect(() => document(text).requireAddable(grant("b", "read"))).toThrow(
      "document must be the text of a policy, in HCL where anything is granted",
    );
  });

  test("rejects a document that is not valid HCL", () => {
    expect(() => document('path "a" {')).toThrow("document must be the text of a policy");
  });
});
