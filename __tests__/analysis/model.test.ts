import type { Json } from "../../analysis/terraform/blocks";
import { environmentFrom, isAttributeOf } from "../../analysis/terraform/model";
import { hasUnknown, isUnknown } from "../../analysis/terraform/unknown";

const modelOf = (json: Json) => environmentFrom("production", [{ name: "production-config", json }]);
const addressesOf = (json: Json) =>
  modelOf(json).resources.map(({ address, existence }) => `${address} ${existence}`);

describe("existence of a resource", () => {
  it.each([
    ["no count", {}, ["vault_audit.File yes"]],
    ["a count of one", { count: 1 }, ["vault_audit.File[0] yes"]],
    ["a count as a text", { count: "2" }, ["vault_audit.File[0] yes", "vault_audit.File[1] yes"]],
    ["a count of zero", { count: 0 }, []],
    ["an expression of zero", { count: "${var.on ? 0 : 1}" }, []],
    ["an empty set", { for_each: "${toset([])}" }, []],
    ["an empty list", { for_each: [] }, []],
    ["an empty map", { for_each: {} }, []],
    [
      "a set",
      { for_each: '${toset(["b", "a"])}' },
      ['vault_audit.File["a"] yes', 'vault_audit.File["b"] yes'],
    ],
    ["a map", { for_each: { x: 1 } }, ['vault_audit.File["x"] yes']],
    ["an unknown count", { count: "${var.open}" }, ["vault_audit.File perhaps"]],
    ["an unknown set", { for_each: "${toset(var.open)}" }, ["vault_audit.File perhaps"]],
    ["a set with an unknown element", { for_each: ["a", "${var.open}"] }, ["vault_audit.File perhaps"]],
    ["a count that Terraform refuses", { count: -1 }, ["vault_audit.File perhaps"]],
    ["a count of very many", { count: 1e6 }, ["vault_audit.File perhaps"]],
  ])("follows from %s", (_what, repetition, expected) => {
    const json = {
      variable: { on: { default: true }, open: {} },
      resource: { vault_audit: { File: { type: "file", ...repetition } } },
    };

    expect(addressesOf(json)).toEqual(expected);
  });

  it("keeps the block of a count of zero, so that a diff can name it", () => {
    const { blocks, resources } = modelOf({ resource: { vault_audit: { File: { count: 0 } } } });

    expect(resources).toEqual([]);
    expect(blocks.map(({ address, existence }) => [address, existence])).toEqual([
      ["vault_audit.File", "no"],
    ]);
  });
});

describe("arguments of a resource", () => {
  it("differ between the objects of one block", () => {
    const { resources } = modelOf({
      resource: {
        vault_policy: {
          Team: {
            for_each: { payments: "read", billing: "write" },
            name: "${each.key}",
            policy: "${each.value}",
          },
        },
      },
    });

    expect(resources.map(({ attributes }) => [attributes.name, attributes.policy])).toEqual([
      ["billing", "write"],
      ["payments", "read"],
    ]);
  });

  it("are unknown values, and symbolic texts for the policy language", () => {
    const [{ values, attributes }] = modelOf({
      variable: { open: {} },
      resource: {
        vault_policy: { App: { name: "app", policy: 'path "a/${var.open}" {}', ttl: "${var.open}" } },
      },
    }).resources;

    expect([values.name, isUnknown(values.policy), isUnknown(values.ttl)]).toEqual(["app", true, true]);
    expect(attributes).toEqual({
      name: "app",
      policy: 'path "a/{{terraform var.open}}" {}',
      ttl: "{{terraform var.open}}",
    });
  });

  it("include blocks that dynamic blocks make", () => {
    const json = (forEach: unknown) => ({
      variable: { open: {} },
      resource: {
        aws_security_group: {
          Vault: {
            ingress: { from_port: 1 },
            dynamic: {
              ingress: { for_each: forEach, iterator: "it", content: { from_port: "${it.value}" } },
            },
          },
        },
      },
    });
    const ingress = (forEach: unknown) => modelOf(json(forEach)).resources[0].values.ingress;

    expect(ingress([2, 3])).toEqual([{ from_port: 1 }, { from_port: 2 }, { from_port: 3 }]);
    expect(ingress([])).toEqual([{ from_port: 1 }]);
    expect(isUnknown(ingress("${var.open}"))).toBe(true);
  });

  it("evaluate the data of a generic endpoint", () => {
    const [{ attributes }] = modelOf({
      locals: { policies: ["admin"] },
      resource: {
        vault_generic_endpoint: {
          Role: {
            path: '${format("auth/%s/role/evil", "kubernetes")}',
            data_json: "${jsonencode({token_policies = local.policies, token_ttl = 60 * 60})}",
          },
        },
      },
    }).resources;

    expect(attributes.path).toBe("auth/kubernetes/role/evil");
    expect(JSON.parse(attributes.data_json as string)).toEqual({
      token_policies: ["admin"],
      token_ttl: 3600,
    });
  });

  it("contain the JSON of an AWS policy document", () => {
    const json = (key: string) => ({
      variable: { open: {} },
      data: {
        aws_iam_policy_document: {
          Base: { statement: { sid: "Own", effect: "Deny", actions: ["kms:*"], resources: ["*"] } },
          Key: {
            source_policy_documents: ["${data.aws_iam_policy_document.Base.json}"],
            statement: [
              {
                actions: ["kms:Decrypt"],
                resources: [key],
                principals: [{ type: "AWS", identifiers: ["*"] }],
                condition: [
                  { test: "StringLike", variable: "aws:PrincipalArn", values: ["&{aws:username}", "x"] },
                ],
              },
            ],
          },
        },
      },
      resource: { aws_kms_key: { Unseal: { policy: "${data.aws_iam_policy_document.Key.json}" } } },
    });
    const policyOf = (key: string) =>
      modelOf(json(key)).resources.find(({ type }) => type === "aws_kms_key")!.values.policy;

    expect(JSON.parse(policyOf("arn") as string)).toEqual({
      Version: "2012-10-17",
      Statement: [
        { Sid: "Own", Effect: "Deny", Action: "kms:*", Resource: "*" },
        {
          Effect: "Allow",
          Action: "kms:Decrypt",
          Resource: "arn",
          Principal: { AWS: "*" },
          Condition: { StringLike: { "aws:PrincipalArn": ["${aws:username}", "x"] } },
        },
      ],
    });
    expect(isUnknown(policyOf("${var.open}"))).toBe(true);
    expect(JSON.parse(String(policyOf("${var.open}")))).toMatchObject({
      Statement: [{ Sid: "Own" }, { Resource: "{{terraform var.open}}" }],
    });
  });

  it("evaluate an argument of another block, also one that a count repeats", () => {
    const { resources } = modelOf({
      resource: {
        vault_policy: { App: { count: 2, name: "app-${count.index}" } },
        vault_token: { App: { policies: "${vault_policy.App[*].name}", ttl: "${vault_policy.App[1].id}" } },
      },
    });

    expect(resources[2].attributes).toEqual({ policies: ["app-0", "app-1"], ttl: "app-1" });
  });
});

describe("isAttributeOf", () => {
  const { resources } = modelOf({
    variable: { open: {} },
    resource: {
      vault_identity_group: {
        Single: {},
        Many: { for_each: { a: 1 } },
        Perhaps: { count: "${var.open}" },
      },
      vault_identity_group_alias: {
        Single: { canonical_id: "${vault_identity_group.Single.id}" },
        Many: { canonical_id: '${vault_identity_group.Many["a"].id}' },
        Perhaps: { canonical_id: "${vault_identity_group.Perhaps[0].id}" },
      },
    },
  });

  it("finds the resource of a reference, also one with a key", () => {
    const groups = resources.slice(0, 3);
    const aliases = resources.slice(3);

    expect(
      aliases.map(({ values }) => groups.map((group) => isAttributeOf(values.canonical_id, group, "id"))),
    ).toEqual([
      [true, false, false],
      [false, true, false],
      [false, false, true],
    ]);
    expect(isAttributeOf(aliases[0].attributes.canonical_id, groups[0], "id")).toBe(true);
    expect(isAttributeOf(aliases[0].values.canonical_id, groups[0], "name")).toBe(false);
  });
});

it("keeps all resources that write to one place", () => {
  const role = { backend: "kubernetes", role_name: "app" };
  const { resources } = modelOf({
    resource: { vault_kubernetes_auth_backend_role: { A: role, B: { ...role, token_policies: ["admin"] } } },
  });

  expect(resources.map(({ address }) => address)).toEqual([
    "vault_kubernetes_auth_backend_role.A",
    "vault_kubernetes_auth_backend_role.B",
  ]);
  expect(hasUnknown(resources.map(({ values }) => values))).toBe(false);
});

describe("moved", () => {
  const movedIn = (repetition: object) =>
    modelOf({
      resource: { vault_mount: { Kv: { path: "secret", ...repetition } } },
      moved: [{ from: "vault_mount.Old", to: "vault_mount.Kv" }],
    }).moved;
  const stack = (address: string) => `production-config ${address}`;

  it.each([
    ["a moved block", {}, "vault_mount.Old", "vault_mount.Kv"],
    ["a moved block of several objects", { for_each: ["a"] }, 'vault_mount.Old["a"]', 'vault_mount.Kv["a"]'],
    ["a count that is added", { count: 1 }, "vault_mount.Kv", "vault_mount.Kv[0]"],
    ["a count that is removed", {}, "vault_mount.Kv[0]", "vault_mount.Kv"],
  ])("has the current address after %s", (_what, repetition, from, to) => {
    expect(movedIn(repetition).get(stack(from))).toBe(stack(to));
  });
});
