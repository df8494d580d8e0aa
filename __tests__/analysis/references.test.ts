import { blocksOf } from "../../analysis/terraform/blocks";
import { StackEvaluator } from "../../analysis/terraform/stack-evaluator";
import { symbolic } from "../../analysis/terraform/unknown";

const stack = {
  variable: { team: { default: "payments" }, open: {} },
  locals: { place: { zone: ["a", "b"] } },
  resource: {
    vault_policy: { App: { name: "app-${var.team}" } },
    vault_mount: { Kv: { path: "secret", type: "kv" }, Loop: { path: "${vault_mount.Loop.path}" } },
    vault_auth_backend: { Kubernetes: { type: "kubernetes" } },
    vault_namespace: {
      Teams: { path: "teams" },
      Team: { path: "payments", namespace: "${vault_namespace.Teams.path_fq}" },
    },
    kubernetes_namespace_v1: {
      Team: { metadata: { name: "team-a" } },
      List: { metadata: [{ name: "team-b" }] },
    },
  },
  data: {
    vault_policy_document: {
      App: {
        rule: {
          path: "${vault_mount.Kv.path}/data/app",
          capabilities: ["read", "update"],
          allowed_parameter: [{ key: "ttl", value: ["1h"] }],
          required_parameters: ["ttl"],
        },
      },
    },
  },
};
const evaluator = new StackEvaluator(blocksOf(stack));
const resolve = (value: unknown) => symbolic(evaluator.evaluate(value));

describe("references", () => {
  it.each([
    ["an attribute", "${vault_mount.Kv.path}", "secret"],
    ["text around it", "${vault_mount.Kv.path}/data/${var.team}", "secret/data/payments"],
    ["an attribute of an attribute", "${vault_policy.App.name}", "app-payments"],
    ["an id that is the name", "${vault_policy.App.id}", "app-payments"],
    ["a path that is the type by default", "${vault_auth_backend.Kubernetes.path}", "kubernetes"],
    ["a namespace's full path", "${vault_namespace.Team.path_fq}", "teams/payments"],
    ["a block that stands once", "${kubernetes_namespace_v1.Team.metadata[0].name}", "team-a"],
    ["a block of a list", "${kubernetes_namespace_v1.List.metadata.0.name}", "team-b"],
    ["a local value", "${local.place.zone[1]}", "b"],
    ["what is escaped", "$${a} %%{b}", "${a} %{b}"],
  ])("resolves a reference: %s", (_what, text, expected) => {
    expect(resolve(text)).toBe(expected);
  });

  it.each([
    [
      "an attribute that Vault makes",
      "x/${vault_mount.Kv.accessor}/y",
      "x/{{terraform vault_mount.Kv.accessor}}/y",
    ],
    ["a variable without a value", "${var.open}", "{{terraform var.open}}"],
    ["a function", '${file("a")}', "{{terraform file('a')}}"],
    ["a loop", "${vault_mount.Loop.path}", "{{terraform vault_mount.Loop.path}}"],
    [
      "one within a template of Vault",
      "a/{{identity.entity.aliases.${vault_auth_backend.Kubernetes.accessor}.name}}/b",
      "a/{{identity.entity.aliases.vault_auth_backend.Kubernetes.accessor.name}}/b",
    ],
  ])("keeps a symbol for a value that only Terraform knows: %s", (_what, text, expected) => {
    expect(resolve(text)).toBe(expected);
  });

  it("keeps the type of the referenced value", () => {
    expect(resolve({ zones: "${local.place.zone}" })).toEqual({ zones: ["a", "b"] });
  });

  it("renders the policy of a policy document", () => {
    expect(resolve("${data.vault_policy_document.App.hcl}")).toBe(
      [
        'path "secret/data/app" {',
        'capabilities = ["read","update"]',
        "allowed_parameters = {",
        '"ttl" = ["1h"]',
        "}",
        'required_parameters = ["ttl"]',
        "}",
      ].join("\n"),
    );
  });
});
