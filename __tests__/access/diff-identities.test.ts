import { AuthBackend } from "@cdktf/provider-vault/lib/auth-backend";
import { GithubTeam } from "@cdktf/provider-vault/lib/github-team";
import {
  JwtAuthBackendRole,
  type JwtAuthBackendRoleConfig,
} from "@cdktf/provider-vault/lib/jwt-auth-backend-role";
import {
  KubernetesAuthBackendRole,
  type KubernetesAuthBackendRoleConfig,
} from "@cdktf/provider-vault/lib/kubernetes-auth-backend-role";
import { Mount } from "@cdktf/provider-vault/lib/mount";
import { Namespace } from "@cdktf/provider-vault/lib/namespace";
import { Policy } from "@cdktf/provider-vault/lib/policy";
import type { TerraformStack } from "cdktf";
import { changesOf } from "./support/changes";

type Role = Partial<KubernetesAuthBackendRoleConfig>;

const role =
  (change: Role = {}) =>
  (stack: TerraformStack) => {
    new KubernetesAuthBackendRole(stack, "Role", {
      roleName: "app",
      boundServiceAccountNames: ["app"],
      boundServiceAccountNamespaces: ["team"],
      audience: "vault",
      tokenPolicies: ["default"],
      tokenTtl: 3600,
      tokenMaxTtl: 86400,
      ...change,
    });
  };

const jwt = (change: Partial<JwtAuthBackendRoleConfig>) => (stack: TerraformStack) => {
  new JwtAuthBackendRole(stack, "Role", {
    backend: "ci",
    roleName: "ci",
    userClaim: "sub",
    tokenPolicies: [],
    ...change,
  });
};

const rule = (path: string, ...capabilities: string[]) =>
  `path "${path}" { capabilities = ${JSON.stringify(capabilities)} }\n`;

/** Team with one policy. */
const team = (policy: string) => (stack: TerraformStack) => {
  new Policy(stack, "Policy", { name: "app", policy });
  new GithubTeam(stack, "Team", { team: "app", policies: ["app"] });
  new Mount(stack, "Kv", { path: "secret", type: "kv-v2" });
  new Mount(stack, "Old", { path: "old", type: "kv", options: { version: "1" } });
  new Namespace(stack, "Child", { path: "team-a" });
};

const nobody = () => undefined;

describe("access diff of identities", () => {
  it("reports no change for equal roles", () => {
    expect(changesOf(role(), role())).toEqual([]);
  });

  it("reports new and removed identities with their capabilities", () => {
    const app = (stack: TerraformStack) => {
      role({ tokenPolicies: ["app"] })(stack);
      new Policy(stack, "Policy", { name: "app", policy: rule("secret/data/app/*", "read") });
    };

    expect(changesOf(nobody, app)).toEqual([
      "identity wider: auth/kubernetes role app: + ServiceAccount team/app [new identity]",
      "capability wider: auth/kubernetes role app: secret/data/app/*: + read",
    ]);
    expect(changesOf(app, nobody)).toEqual([
      "identity narrower: auth/kubernetes role app: - ServiceAccount team/app",
      "capability narrower: auth/kubernetes role app: secret/data/app/*: - read",
    ]);
  });

  it.each<[string, Role, Role, string[]]>([
    [
      "another name",
      {},
      { boundServiceAccountNames: ["app", "web"] },
      ["login wider: + bound_service_account_names web"],
    ],
    [
      "any name",
      {},
      { boundServiceAccountNames: ["*"] },
      ["login wider: + bound_service_account_names *; - bound_service_account_names app [wildcard]"],
    ],
    [
      "fewer names",
      { boundServiceAccountNames: ["app", "web"] },
      {},
      ["login narrower: - bound_service_account_names web"],
    ],
    [
      "another namespace",
      {},
      { boundServiceAccountNamespaces: ["team", "other"] },
      ["login wider: + bound_service_account_namespaces other [cross-namespace]"],
    ],
    [
      "a selector of namespaces",
      {},
      { boundServiceAccountNamespaceSelector: "{}" },
      ["login wider: + bound_service_account_namespace_selector {} [cross-namespace]"],
    ],
    [
      "no audience",
      {},
      { audience: undefined },
      ["login wider: no longer limited by audience (vault) [wildcard]"],
    ],
    ["an audience", { audience: undefined }, {}, ["login narrower: + audience vault"]],
    [
      "another alias",
      {},
      { aliasNameSource: "serviceaccount_name" },
      ["login changed: alias_name_source: not set -> serviceaccount_name"],
    ],
    [
      "addresses",
      { tokenBoundCidrs: ["10.0.0.0/8"] },
      { tokenBoundCidrs: ["0.0.0.0/0"] },
      ["login wider: + token_bound_cidrs 0.0.0.0/0; - token_bound_cidrs 10.0.0.0/8 [wildcard]"],
    ],
    ["a longer life", {}, { tokenMaxTtl: 172800 }, ["lifetime wider: tokens live at most 1d -> 2d"]],
    ["a shorter life", {}, { tokenMaxTtl: 3600 }, ["lifetime narrower: tokens live at most 1d -> 1h"]],
    ["the mount's life", {}, { tokenMaxTtl: undefined }, ["lifetime wider: tokens live at most 1d -> 32d"]],
    ["no end", {}, { tokenPeriod: 3600 }, ["lifetime wider: tokens live at most 1d -> for ever [no end]"]],
    [
      "an end for all",
      { tokenPeriod: 3600 },
      { tokenPeriod: 3600, tokenExplicitMaxTtl: 86400 },
      ["lifetime narrower: tokens live at most for ever -> 1d"],
    ],
    [
      "a longer time between renewals",
      {},
      { tokenTtl: 7200 },
      ["lifetime wider: tokens are renewed within 1h -> 2h"],
    ],
    [
      "the policy root",
      {},
      { tokenPolicies: ["root"] },
      ["capability wider: + everything, by the policy root [root]"],
    ],
    [
      "an unknown policy",
      {},
      { tokenPolicies: ["hand-made"] },
      [
        "capability wider: + the policy hand-made, of which nothing is known: the code does not have it [unreadable]",
      ],
    ],
  ])("reports %s", (_what, before, after, expected) => {
    const shortened = changesOf(role(before), role(after)).map((line) =>
      line.replace("auth/kubernetes role app: ", ""),
    );

    expect(shortened).toEqual(expected);
  });

  it.each<[string, Partial<JwtAuthBackendRoleConfig>, Partial<JwtAuthBackendRoleConfig>, string]>([
    [
      "another value of a claim",
      { boundClaims: { ref: "main" } },
      { boundClaims: { ref: "main,dev" } },
      "login wider: + bound_claims.ref dev",
    ],
    [
      "a claim that no longer counts",
      { boundClaims: { ref: "main", repository: "a/b" } },
      { boundClaims: { repository: "a/b" } },
      "login wider: no longer limited by bound_claims.ref (main) [wildcard]",
    ],
    [
      "values with wildcards",
      { boundClaims: { ref: "main" } },
      { boundClaims: { ref: "main" }, boundClaimsType: "glob" },
      "login wider: bound_claims_type: not set -> glob [wildcard]",
    ],
    [
      "a wildcard that counts as one",
      { boundClaimsType: "glob", boundClaims: { ref: "a" } },
      { boundClaimsType: "glob", boundClaims: { ref: "a,*" } },
      "login wider: + bound_claims.ref * [wildcard]",
    ],
  ])("reports %s in a JWT role", (_what, before, after, expected) => {
    expect(changesOf(jwt(before), jwt(after))).toEqual([expected.replace(": ", ": auth/ci role ci: ")]);
  });

  it("reports a token lifetime that changes with the mount", () => {
    const mount = (maxLeaseTtl: string) => (stack: TerraformStack) => {
      new AuthBackend(stack, "Mount", { type: "kubernetes", tune: [{ maxLeaseTtl }] });
      role({ tokenMaxTtl: 0 })(stack);
    };

    expect(changesOf(mount("12h"), mount("48h"))).toEqual([
      "lifetime wider: auth/kubernetes role app: tokens live at most 12h -> 2d",
      "login wider: auth backend kubernetes: tune.max_lease_ttl: 12h -> 48h",
    ]);
  });

  it.each([
    ["a rule", rule("secret/data/app/config", "read"), "secret/data/app/config: + read"],
    ["a name of its own and all below", rule("secret/data/app/*", "read"), "secret/data/app/*: + read"],
    ["one name and all below, without a word of the API", rule("old/app/*", "read"), "old/app/*: + read"],
    [
      "a template for the name",
      rule("secret/data/{{identity.entity.name}}/*", "read"),
      "secret/data/{{identity.entity.name}}/*: + read [template]",
    ],
    ["names that begin alike", rule("secret/data/app*", "read"), "secret/data/app*: + read [wildcard]"],
    ["all names", rule("secret/data/+/config", "read"), "secret/data/+/config: + read [wildcard]"],
    ["all of a mount", rule("old/*", "read"), "old/*: + read [wildcard]"],
    ["sudo", rule("sys/seal", "sudo", "update"), "sys/seal: + update, sudo [sudo, server]"],
    ["delete", rule("secret/data/app/x", "delete"), "secret/data/app/x: + delete [delete]"],
    ["policies", rule("sys/policies/acl/app", "update"), "sys/policies/acl/app: + update [policy write]"],
    [
      "roles",
      rule("auth/kubernetes/role/app", "create"),
      "auth/kubernetes/role/app: + create [policy write]",
    ],
    ["groups", rule("identity/group", "update"), "identity/group: + update [policy write]"],
    ["policies, but to read them", rule("sys/policies/acl/app", "read"), "sys/policies/acl/app: + read"],
    ["audit devices", rule("sys/audit/file", "update"), "sys/audit/file: + update [audit write]"],
    [
      "a snapshot",
      rule("sys/storage/raft/snapshot", "read"),
      "sys/storage/raft/snapshot: + read [whole storage]",
    ],
    [
      "another namespace",
      rule("team-a/secret/data/x", "read"),
      "team-a/secret/data/x: + read [cross-namespace]",
    ],
  ])("reports a new grant with its risk: %s", (_what, granted, expected) => {
    const before = rule("secret/data/before", "read");

    expect(changesOf(team(before), team(before + granted))).toEqual([
      `capability wider: auth/github group app: ${expected}`,
    ]);
  });

  it("reports removed capabilities without risks", () => {
    const before = rule("secret/data/before", "read");

    expect(changesOf(team(before + rule("*", "sudo", "delete")), team(before))).toEqual([
      "capability narrower: auth/github group app: *: - delete, sudo",
    ]);
  });

  it("reports a removed or added parameter constraint", () => {
    const constrained =
      'path "sys/policies/acl/app" {\n capabilities = ["update"]\n required_parameters = ["ticket"]\n}';
    const [free, bound] = [team(rule("sys/policies/acl/app", "update")), team(constrained)];
    const line = "auth/github group app: sys/policies/acl/app:";

    expect(changesOf(bound, free)).toEqual([
      `capability wider: ${line} no longer: only with the parameter ticket [policy write]`,
    ]);
    expect(changesOf(free, bound)).toEqual([
      `capability narrower: ${line} now: only with the parameter ticket`,
    ]);
  });

  it("reports no change when a policy with the same rules replaces another", () => {
    const named = (name: string) => (stack: TerraformStack) => {
      new Policy(stack, "Policy", { name, policy: rule("a", "read") });
      new GithubTeam(stack, "Team", { team: "app", policies: [name] });
    };

    expect(changesOf(named("old"), named("new"))).toEqual([]);
  });

  it("reports a change of a policy that no identity in the code has", () => {
    const lone = (policy: string) => (stack: TerraformStack) =>
      void new Policy(stack, "Lone", { name: "lone", policy });

    expect(changesOf(lone(rule("a", "read")), lone(rule("a", "read", "sudo")))).toEqual([
      "capability wider: sys/policies/acl policy lone: a: + sudo [sudo]",
    ]);
  });
});
