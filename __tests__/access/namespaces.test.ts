import { IdentityEntity } from "@cdktf/provider-vault/lib/identity-entity";
import { IdentityGroup } from "@cdktf/provider-vault/lib/identity-group";
import { Policy } from "@cdktf/provider-vault/lib/policy";
import type { VaultProvider } from "@cdktf/provider-vault/lib/provider";
import type { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { accessMap } from "../../access/access-map";
import { renderAnswers } from "../../access/render-answers";
import { renderMap } from "../../access/render-map";
import type { VaultCapability } from "../../constructs/policy/vault-policy";
import { kvPathOf, whoCan } from "../../access/who-can";
import { EnterpriseNamespace } from "../../constructs/enterprise/enterprise-namespace";
import { changesOf } from "./support/changes";
import { platform } from "./support/platform";
import { licence, rule, threeOf } from "./support/three-apps";

const map = (build = threeOf()) => accessMap(platform(build));

describe("same names in several namespaces", () => {
  it("lists one identity per namespace, each with the policy of that namespace", () => {
    const { identities, unattached, notes } = map();

    expect(
      identities.map(({ identity, access }) => [identity.key, access.map(({ pattern }) => pattern)]),
    ).toEqual([
      ["auth/kubernetes role app", ["secret/data/root"]],
      ["teams/books/auth/kubernetes role app", ["secret/data/books"]],
      ["teams/payments/auth/kubernetes role app", ["secret/data/payments"]],
    ]);
    expect(unattached).toEqual([]);
    expect(notes).toEqual([]);
  });

  it.each(["table", "markdown", "json"] as const)("prints the namespace in the map as %s", (format) => {
    expect(renderMap([map()], format)).toContain("teams/payments/auth/kubernetes role app");
  });

  it("reports a change only in the namespace that changes", () => {
    const wider = { payments: { policy: rule("secret/data/payments", "read", "delete") } };

    expect(changesOf(threeOf(), threeOf(wider))).toEqual([
      "capability wider: teams/payments/auth/kubernetes role app: secret/data/payments: + delete [delete]",
    ]);
  });

  it("limits token lifetimes by the mounts of the same namespace", () => {
    const longer = (tokenMaxTtl: number) =>
      Object.fromEntries(
        ["root", "payments", "books"].map((name) => [
          name,
          { policy: rule(`secret/data/${name}`, "read"), tokenMaxTtl },
        ]),
      );

    expect(changesOf(threeOf(longer(1800)), threeOf(longer(4 * 3600)))).toEqual([
      "lifetime wider: auth/kubernetes role app: tokens live at most 30m -> 1h",
      "lifetime wider: teams/books/auth/kubernetes role app: tokens live at most 30m -> 3h",
      "lifetime wider: teams/payments/auth/kubernetes role app: tokens live at most 30m -> 2h",
    ]);
  });

  it("names the namespace of a policy that is written twice", () => {
    const { notes } = map((stack) => {
      threeOf()(stack);
      new Policy(stack, "Again", { name: "app", policy: "", namespace: "teams/books" });
    });

    expect(notes).toEqual([expect.stringMatching(/^policy app of namespace teams\/books is written twice/)]);
  });
});

describe("who-can with namespaces", () => {
  const keys = (
    path: string,
    apps: Parameters<typeof threeOf>[0] = {},
    capability: VaultCapability = "read",
  ) =>
    whoCan([map(threeOf(apps))], capability, path).can.map(({ of, pattern }) => [of.identity.key, pattern]);

  it("lists identities of the root namespace and of the path's namespace", () => {
    const root = { root: { policy: rule("teams/+/secret/data/*", "read") } };

    expect(keys("teams/payments/secret/data/payments", root)).toEqual([
      ["auth/kubernetes role app", "teams/+/secret/data/*"],
      ["teams/payments/auth/kubernetes role app", "secret/data/payments"],
    ]);
  });

  it("limits a policy to its namespace, even with the path *", () => {
    const books = { books: { policy: rule("*", "read") } };

    expect(keys("secret/data/root", books)).toEqual([["auth/kubernetes role app", "secret/data/root"]]);
    expect(keys("teams/payments/secret/data/x", books)).toEqual([]);
    expect(keys("teams/books/secret/data/x", books)).toEqual([["teams/books/auth/kubernetes role app", "*"]]);
  });

  it("reports a policy as possible if only Terraform knows its namespace", () => {
    const answers = whoCan(
      [
        map((stack) => {
          new Policy(stack, "Policy", {
            name: "app",
            policy: rule("secret/data/app", "read"),
            namespace: "${data.terraform_remote_state.config.outputs.team}",
          });
        }),
      ],
      "read",
      "teams/payments/secret/data/app",
    );

    expect(answers.unknown).toHaveLength(1);
    for (const format of ["table", "markdown"] as const)
      expect(renderAnswers(answers, format)).toContain("may, too: Terraform alone knows its namespace");
  });

  it("suggests the KV API path in a namespace", () => {
    expect(kvPathOf([platform(threeOf())], "teams/books/secret/app")).toBe("teams/books/secret/data/app");
  });
});

describe("group in a namespace", () => {
  const withMember = (place: "payments" | "books" | "root") => (stack: TerraformStack) => {
    const scopes: Record<string, Construct> = { root: stack };
    for (const path of ["payments", "books"])
      scopes[path] = new EnterpriseNamespace(stack, path, { licence, path });
    for (const [name, scope] of Object.entries(scopes))
      new Policy(scope, "Policy", { name: "readers", policy: rule(`secret/data/${name}`, "read") });
    const entity = new IdentityEntity(scopes[place], "Entity", { name: "ada", policies: ["readers"] });
    new IdentityGroup(scopes.payments, "Group", {
      name: "team",
      policies: ["readers"],
      memberEntityIds: [entity.id],
    });
  };

  it("grants a member in the root namespace the policies of the group's namespace", () => {
    const { can } = whoCan([map(withMember("root"))], "read", "payments/secret/data/payments");

    expect(can.map(({ of, pattern }) => [of.identity.key, pattern])).toEqual([
      ["identity entity ada", "payments/secret/data/payments"],
      ["payments/identity group team", "secret/data/payments"],
    ]);
    expect(can[0].why).toEqual([
      expect.objectContaining({ policy: "readers of namespace payments", via: "group team" }),
    ]);
  });

  it("reports the group's policy as unknown for a member in another namespace", () => {
    const ada = map(withMember("books")).identities.find(({ identity }) => identity.name === "ada")!;

    expect(ada.access.map(({ pattern }) => pattern)).toEqual(["secret/data/books"]);
    expect(ada.unknown).toEqual([
      {
        name: "readers of namespace payments",
        problem: "it is of a namespace that is not below the identity's",
      },
    ]);
  });

  it("lists only policies without an identity or group as unattached", () => {
    expect(map(withMember("root")).unattached.map(({ identity }) => identity.key)).toEqual([
      "books/sys/policies/acl policy readers",
    ]);
  });
});

describe("provider with a namespace", () => {
  it("prefixes the namespaces of resources with that of the provider", () => {
    const { identities } = map((stack) => {
      (stack.node.findChild("Vault") as VaultProvider).namespace = "admin/";
      threeOf()(stack);
    });

    expect(identities.map(({ identity, access }) => [identity.key, access[0]?.pattern])).toEqual([
      ["admin/auth/kubernetes role app", "secret/data/root"],
      ["admin/teams/books/auth/kubernetes role app", "secret/data/books"],
      ["admin/teams/payments/auth/kubernetes role app", "secret/data/payments"],
    ]);
  });
});

describe("access diff across namespaces", () => {
  it.each([
    ["teams/payments/secret/data/app/x", "read", "[cross-namespace]"],
    ["teams/+/secret/data/app/x", "read", "[wildcard, cross-namespace]"],
    ["teams/payments/sys/policies/acl/x", "update", "[policy write, cross-namespace]"],
    ["teams/payments/secret/data/*", "read", "[wildcard, cross-namespace]"],
    ["teams/sys/namespaces/x", "read", "[cross-namespace]"],
    // Write access to the policies of teams gives access to all namespaces below.
    ["teams/+/policies/acl/x", "update", "[wildcard, policy write, cross-namespace]"],
    ["+/sys/policies/acl/x", "update", "[wildcard, policy write, cross-namespace]"],
    ["teams/pay*", "update", "[wildcard, policy write, audit write, whole storage, cross-namespace]"],
    ["tea*", "read", "[wildcard, whole storage, cross-namespace]"],
  ])("reports access to %s (%s) with its risks: %s", (path, capability, labels) => {
    const before = rule("secret/data/root", "read");
    const after = { root: { policy: before + rule(path, capability) } };

    expect(changesOf(threeOf({ root: { policy: before } }), threeOf(after))).toEqual([
      `capability wider: auth/kubernetes role app: ${path}: + ${capability} ${labels}`,
    ]);
  });

  it.each(["later", "+"])("reports access to a namespace that is not in the code yet: %s", (name) => {
    const empty = (policy: string) => (stack: TerraformStack) => {
      new EnterpriseNamespace(stack, "Teams", { licence, path: "teams" });
      new Policy(stack, "Policy", { name: "app", policy });
    };
    const path = `teams/${name}/sys/policies/acl/x`;

    expect(changesOf(empty(rule("a", "read")), empty(rule("a", "read") + rule(path, "update")))).toEqual([
      expect.stringMatching(/policy write, cross-namespace\]$/),
    ]);
  });

  it("reports access to a namespace that another app creates", () => {
    const reference = (policy: string) => (stack: TerraformStack) => {
      const legacy = EnterpriseNamespace.fromAttributes(stack, "Legacy", { path: "legacy" });
      new Policy(legacy, "Policy", { name: "other", policy: rule("a", "read") });
      new Policy(stack, "Policy", { name: "app", policy });
    };
    const path = "legacy/sys/policies/acl/x";

    expect(
      changesOf(reference(rule("a", "read")), reference(rule("a", "read") + rule(path, "update"))),
    ).toEqual([expect.stringMatching(/\[policy write, cross-namespace\]$/)]);
  });

  it("reports no cross-namespace risk for a path in the policy's namespace", () => {
    const before = rule("secret/data/books", "read");
    const after = { books: { policy: before + rule("secret/data/app/x", "read") } };

    expect(changesOf(threeOf({ books: { policy: before } }), threeOf(after))).toEqual([
      "capability wider: teams/books/auth/kubernetes role app: secret/data/app/x: + read",
    ]);
  });
});
