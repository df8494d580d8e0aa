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

describe("a policy's existing text", () => {
  test("stays as it is, byte by byte, where nothing is granted", () => {
    expect(document(TEXT).with([])).toBe(TEXT);
  });

  test("keeps all that it allows when rules are added", () => {
    const text = document(TEXT).with([grant("pki/issue/orders", "update")]);

    expect(text.startsWith(TEXT)).toBe(true);
    expect(capabilities(text, "database/creds/orders")).toEqual(["read"]);
    expect(capabilities(text, "pki/issue/orders")).toEqual(["update"]);
  });

  test("keeps what it allows on a path for which a narrower rule is added", () => {
    const text = document(TEXT).with([grant("secret/data/orders/config", "delete")]);

    expect(capabilities(text, "secret/data/orders/config")).toEqual(["create", "read", "delete"]);
    expect(capabilities(text, "secret/data/orders/other")).toEqual(["create", "read"]);
  });

  test("adds up with a rule on the same path", () => {
    const text = document(TEXT).with([grant("database/creds/orders", "list")]);

    expect(capabilities(text, "database/creds/orders")).toEqual(["read", "list"]);
  });

  test("takes the most specific of its rules for what a narrower rule gets as well", () => {
    const narrow = `${TEXT}\npath "secret/data/orders/a/*" { capabilities = ["list"] }`;
    const text = document(narrow).with([grant("secret/data/orders/a/b", "read")]);

    expect(capabilities(text, "secret/data/orders/a/b")).toEqual(["read", "list"]);
  });

  test("leaves a narrower grant alone that its denial is around", () => {
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
  ])("refuses a grant where it has %s", (_title, text, limits) => {
    expect(() => document(text).requireAddable(grant("a", "read"))).toThrow(
      `a grant must be on a path that the document does not limit, got "a": the document has ${limits}`,
    );
  });

  test.each([
    ["JSON", JSON.stringify({ path: { a: { capabilities: ["read"] } } })],
    ["Base64", Buffer.from('path "a" { capabilities = ["read"] }').toString("base64")],
  ])("refuses a grant where it is %s", (_title, text) => {
    expect(document(text).with([])).toBe(text);
    expect(() => document(text).requireAddable(grant("b", "read"))).toThrow(
      "document must be the text of a policy, in HCL where anything is granted",
    );
  });

  test("is refused where Vault would refuse it", () => {
    expect(() => document('path "a" {')).toThrow("document must be the text of a policy");
  });
});
