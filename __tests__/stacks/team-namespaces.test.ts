import { Acl } from "../../constructs/policy/acl";
import { parsePolicy } from "../../constructs/policy/vault-policy";
import { production } from "../../environments/production";
import { Synthesized } from "../support/synth";
import { namespaced, namespacedShards, stacksOf } from "./support/team-namespaces";

const { config, workloads, cluster } = stacksOf(namespaced, "config", "workloads", "cluster");
const shards = stacksOf(namespacedShards, "config", "config-payments", "config-books", "workloads-books");

/** Names or paths of resources by their namespace; the root namespace is "". */
function namesBy(stack: Synthesized, type: string): Record<string, string[]> {
  const names: Record<string, string[]> = {};
  for (const body of stack.resources(type)) {
    const name = body.role_name ?? body.name ?? body.path ?? body.type;
    (names[namespaceOf(stack, body)] ??= []).push(name);
  }
  return Object.fromEntries(Object.entries(names).map(([namespace, all]) => [namespace, all.sort()]));
}

function namespaceOf(stack: Synthesized, { namespace = "" }: { readonly namespace?: string }): string {
  const id = /^\$\{vault_namespace\.(.+)\.path_fq\}$/.exec(namespace)?.[1];
  if (id === undefined) return namespace;
  const made = stack.resources("vault_namespace").find((it) => it["//"].metadata.uniqueId === id)!;
  return [namespaceOf(stack, made), made.path].filter(Boolean).join("/");
}

test("gives each team a namespace with its own logins and engines", () => {
  expect(namesBy(config, "vault_namespace")).toEqual({ "": ["teams"], teams: ["books", "payments"] });
  const engines = ["database", "pki", "pki-root", "secret", "transit"];
  expect(namesBy(config, "vault_mount")).toEqual({
    "": ["secret"],
    "teams/books": engines,
    "teams/payments": engines,
  });
  expect(namesBy(config, "vault_auth_backend")).toEqual({
    "": ["kubernetes", "oidc"],
    "teams/books": ["kubernetes"],
    "teams/payments": ["kubernetes"],
  });
  expect(namesBy(config, "vault_password_policy")).toEqual({
    "teams/books": ["database"],
    "teams/payments": ["database"],
  });
});

test("creates only the connections that a team's services use", () => {
  const connections = { "teams/books": ["ledger-db"], "teams/payments": ["payments-db"] };
  expect(namesBy(config, "vault_database_secret_backend_connection")).toEqual(connections);
  const allowed = config.resources("vault_database_secret_backend_connection").map((it) => it.allowed_roles);
  expect(allowed.sort()).toEqual([["ledger-role"], ["payment-service-role"]]);
});

test("keeps audit, human groups, pipelines, jobs, secret writers and quotas in the root namespace", () => {
  for (const type of [
    "vault_audit",
    "vault_raft_autopilot",
    "vault_identity_group",
    "vault_jwt_auth_backend",
    "vault_kv_secret_v2",
    "vault_quota_rate_limit",
  ])
    expect([type, Object.keys(namesBy(config, type))]).toEqual([type, [""]]);
  expect(namesBy(config, "vault_kubernetes_auth_backend_role")).toEqual({
    "": ["importer", "vault-backup", "vault-drill", "vault-restore", "vault-rollout"],
    "teams/books": ["ledger"],
    "teams/payments": ["payment-service"],
  });
});

test("limits each team's logins by a quota, created after their mount", () => {
  const quotas = config.resources("vault_quota_rate_limit").map(({ name, path }) => [name, path]);
  expect(quotas).toEqual([
    [
      "kubernetes-logins-books",
      expect.stringMatching(
        /^\$\{vault_namespace\.Teams_books_\w+\.path_fq\}\/auth\/\$\{vault_auth_backend\.Teams_books_\w+\.path\}\/login$/,
      ),
    ],
    ["kubernetes-logins-payments", expect.stringContaining("Teams_payments")],
    ["kubernetes-logins", expect.not.stringContaining("namespace")],
  ]);
});

test("applies Sentinel policies where the services log in", () => {
  expect(namesBy(config, "vault_rgp_policy")).toEqual({ "teams/books": ["office-hours"] });
});

test("puts all services of a team's stack into the team's namespace, by its path", () => {
  const stack = shards["config-payments"];
  for (const type of [
    "vault_policy",
    "vault_kubernetes_auth_backend_role",
    "vault_database_secret_backend_role",
    "vault_pki_secret_backend_role",
    "vault_transit_secret_backend_key",
  ])
    expect([type, Object.keys(namesBy(stack, type))]).toEqual([type, ["teams/payments"]]);
  expect(stack.resources("vault_namespace")).toEqual([]);
  expect(namesBy(shards["config-books"], "vault_kubernetes_auth_backend_role")).toEqual({
    "teams/books": ["ledger"],
  });
  // Shared objects that the teams' stacks use are created first.
  expect(namesBy(shards.config, "vault_mount")).toEqual(namesBy(config, "vault_mount"));
  expect(namesBy(shards.config, "vault_rgp_policy")).toEqual({ "teams/books": ["office-hours"] });
});

test("lets a team's pipeline reach only its services' paths in the team's namespace", () => {
  const policy = shards.config.resources("vault_policy").find(({ name }) => name === "deploy-books")!;
  const rules = parsePolicy(policy.policy);
  expect(rules.map(({ path }) => path)).toEqual([
    "teams/books/sys/policies/acl/ledger",
    "teams/books/auth/kubernetes/role/ledger",
    "teams/books/database/roles/ledger-role",
    "teams/books/pki/roles/ledger",
  ]);
  const acl = new Acl([{ name: "deploy-books", rules }]);
  for (const path of ["sys/policies/acl/ledger", "teams/payments/sys/policies/acl/ledger"])
    expect([path, acl.capabilities(path)]).toEqual([path, ["deny"]]);
});

test("changes no policy of the root namespace for another team", () => {
  const [, ledger] = namespaced.services!;
  const more = {
    ...namespaced,
    services: [...namespaced.services!, { ...ledger, name: "tax", team: "tax", databases: [], secrets: [] }],
  };
  const roots = (stack: Synthesized) =>
    stack.resources("vault_policy").filter(({ namespace }) => namespace === undefined);
  const after = stacksOf(more, "config", "cluster");
  expect(roots(after.config).map(({ name, policy }) => [name, policy])).toEqual(
    roots(config).map(({ name, policy }) => [name, policy]),
  );
  expect(after.cluster.resources("kubernetes_config_map_v1")).toEqual(
    cluster.resources("kubernetes_config_map_v1"),
  );
});

test("creates the parent namespace and its denials when there is no team", () => {
  const none = {
    ...namespaced,
    services: [],
    vault: {
      ...namespaced.vault,
      enterprise: { licence: { secretName: "licence", key: "licence" }, namespaces: true },
    },
  };
  const { config: empty } = stacksOf(none, "config");
  expect(namesBy(empty, "vault_namespace")).toEqual({ "": ["teams"] });
  const { policy } = empty.resources("vault_policy").find(({ name }) => name === "deploy")!;
  const acl = new Acl([{ name: "deploy", rules: parsePolicy(policy) }]);
  for (const path of ["secret/data/x", "teams/new/secret/data/x", "teams/new/auth/token/create"])
    expect([path, acl.capabilities(path)]).toEqual([path, ["deny"]]);
});

describe("client logins in the team's namespace", () => {
  const deployments = (stack: Synthesized) =>
    stack
      .resources("kubernetes_deployment_v1")
      .map(({ metadata, spec }) => [
        metadata.name,
        spec.template.metadata.annotations["vault.hashicorp.com/namespace"],
      ]);

  test("set the namespace of agents", () => {
    expect(deployments(workloads)).toEqual([
      ["ledger", "teams/books"],
      ["payment-service", "teams/payments"],
    ]);
    expect(deployments(shards["workloads-books"])).toEqual([["ledger", "teams/books"]]);
  });

  test("set the namespace in a store for each service", () => {
    const objects = workloads
      .resources("helm_release")
      .flatMap(({ values }) => values.flatMap((text: string) => JSON.parse(text).resources));
    const providers = objects.flatMap(({ kind, metadata, spec }) =>
      spec.provider ? [[kind, metadata.name, (spec.provider.vault ?? spec.provider).namespace]] : [],
    );
    expect(providers.sort()).toEqual([
      ["ClusterSecretStore", "vault-ledger", "teams/books"],
      ["ClusterSecretStore", "vault-payment-service", "teams/payments"],
      ["VaultDynamicSecret", "payments-db", "teams/payments"],
    ]);
  });
});

test("writes no namespace where teams share the root namespace", () => {
  for (const [name, stack] of Object.entries(stacksOf(production, "config", "workloads", "cluster")))
    expect([name, JSON.stringify(stack).match(/vault_namespace|teams\/|path_fq/)]).toEqual([name, null]);
});
