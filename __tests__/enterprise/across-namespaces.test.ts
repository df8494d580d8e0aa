import type { Construct } from "constructs";
import { inNamespace } from "../../constructs/auth/in-namespaces";
import { K8sAuthBinding } from "../../constructs/auth/k8s-auth-binding";
import { KubernetesAuth } from "../../constructs/auth/kubernetes-auth";
import { LoginMfa } from "../../constructs/auth/login-mfa";
import { OidcAuth } from "../../constructs/auth/oidc-auth";
import { OidcGroup } from "../../constructs/auth/oidc-group";
import { PasswordPolicy } from "../../constructs/auth/password-policy";
import { Policy } from "../../constructs/auth/policy";
import { UserLockout } from "../../constructs/auth/user-lockout";
import { DatabaseEngine, type IDatabaseEngine } from "../../constructs/engines/database-engine";
import { DynamicPostgresRole } from "../../constructs/engines/dynamic-postgres-role";
import { KeyValueEngine } from "../../constructs/engines/key-value-engine";
import { KeyValueSecret } from "../../constructs/engines/key-value-secret";
import { PkiEngine } from "../../constructs/engines/pki-engine";
import { PkiRole } from "../../constructs/engines/pki-role";
import { PostgresDatabase } from "../../constructs/engines/postgres-database";
import { StaticPostgresRole } from "../../constructs/engines/static-postgres-role";
import { TransitEngine } from "../../constructs/engines/transit-engine";
import { TransitKey } from "../../constructs/engines/transit-key";
import { EnterpriseNamespace } from "../../constructs/enterprise/enterprise-namespace";
import { vaultStack } from "../support/vault-stack";

const licence = { secretName: "vault-licence", key: "licence" };

function teams(scope: Construct): EnterpriseNamespace {
  return new EnterpriseNamespace(scope, "Teams", { licence, path: "teams" });
}

function team(scope: Construct, path = "payments"): EnterpriseNamespace {
  return new EnterpriseNamespace(scope, path, { licence, path });
}

describe("objects of another namespace", () => {
  const serviceAccount = { name: "app", namespace: "production" };
  const database = (scope: Construct, engine: IDatabaseEngine) =>
    new PostgresDatabase(scope, "Db", {
      engine,
      connectionName: "db",
      host: "db.example.com",
      database: "db",
      owners: ["owner"],
    });
  const oidc = (scope: Construct) =>
    new OidcAuth(scope, "Oidc", {
      issuer: "https://id.example.com",
      clientId: "vault",
      addresses: ["https://vault.example.com"],
    });
  const group = (scope: Construct, auth: OidcAuth, additionalPolicies?: Policy[]) =>
    new OidcGroup(scope, "It", { auth, groupName: "people", group: "people", additionalPolicies });

  test.each<[what: string, build: (here: Construct, there: Construct) => unknown]>([
    [
      "auth",
      (here, there) =>
        new K8sAuthBinding(here, "It", { auth: new KubernetesAuth(there, "X"), serviceAccount }),
    ],
    ["auth", (here, there) => group(here, oidc(there))],
    [
      "auth",
      (here, there) =>
        new UserLockout(here, "It", { auth: new KubernetesAuth(there, "X"), method: "userpass" }),
    ],
    [
      "each of additionalPolicies",
      (here, there) =>
        new K8sAuthBinding(here, "It", {
          auth: new KubernetesAuth(here, "X"),
          serviceAccount,
          additionalPolicies: [new Policy(there, "X", { policyName: "x" })],
        }),
    ],
    [
      "each of additionalPolicies",
      (here, there) => group(here, oidc(here), [new Policy(there, "X", { policyName: "x" })]),
    ],
    [
      "each of groups",
      (here, there) =>
        new LoginMfa(here, "It", { enforcementName: "it", issuer: "i", groups: [group(there, oidc(there))] }),
    ],
    ["engine", (here, there) => database(here, new DatabaseEngine(there, "X"))],
    [
      "database",
      (here, there) =>
        new DynamicPostgresRole(here, "It", {
          database: database(there, new DatabaseEngine(there, "X")),
          roleName: "it",
        }),
    ],
    [
      "the database's engine",
      (here, there) =>
        new StaticPostgresRole(here, "It", {
          database: PostgresDatabase.fromAttributes(here, "ImportedDatabase", {
            engine: new DatabaseEngine(there, "X"),
            connectionName: "db",
            database: "db",
          }),
          roleName: "it",
          userName: "it",
        }),
    ],
    [
      "passwordPolicy",
      (here, there) =>
        new DynamicPostgresRole(here, "It", {
          database: database(here, new DatabaseEngine(here, "X")),
          roleName: "it",
          passwordPolicy: new PasswordPolicy(there, "X", { passwordPolicyName: "x" }),
        }),
    ],
    [
      "engine",
      (here, there) =>
        new PkiRole(here, "It", {
          engine: new PkiEngine(there, "X", { vault: { address: "https://v" }, organization: "O" }),
          roleName: "it",
          allowedDomains: ["example.com"],
        }),
    ],
    [
      "engine",
      (here, there) => new TransitKey(here, "It", { engine: new TransitEngine(there, "X"), keyName: "it" }),
    ],
    [
      "engine",
      (here, there) =>
        new KeyValueSecret(here, "It", {
          engine: new KeyValueEngine(there, "X"),
          secretPath: "it",
          values: { key: "${ephemeral.x}" },
        }),
    ],
  ])("rejects %s of another namespace", (what, build) => {
    for (const [from, to] of [
      ["teams/payments", "the root namespace"],
      ["the root namespace", "teams/payments"],
      ["teams/payments", "teams/books"],
    ]) {
      const stack = vaultStack();
      const parent = teams(stack);
      const scopes: Record<string, Construct> = {
        "the root namespace": stack,
        "teams/payments": team(parent),
        "teams/books": team(parent, "books"),
      };
      expect(() => build(scopes[from], scopes[to])).toThrow(
        new RegExp(
          `${what} must be in the same namespace of Vault Enterprise, which is ${from}, got "test/.*" in ${to} \\[`,
        ),
      );
    }
  });
});

describe("a grant across namespaces", () => {
  function places() {
    const stack = vaultStack();
    const payments = team(teams(stack));
    const app = (scope: Construct) =>
      new K8sAuthBinding(scope, "App", {
        auth: new KubernetesAuth(scope, "Auth"),
        serviceAccount: { name: "app", namespace: "production" },
      });
    return { stack, payments, app };
  }

  test("requires inNamespace for a namespace below and then writes the prefixed path", () => {
    const { stack, payments, app } = places();
    const [binding, keyValue] = [app(stack), new KeyValueEngine(payments, "KeyValue")];
    expect(() => keyValue.grantRead(binding, "app/*")).toThrow(
      'the rule on secret/data/app/* is for the root namespace, and test/Teams/payments/KeyValue is in teams/payments, which is granted to inNamespace(grantee, "teams/payments") [test/App/Policy]',
    );
    keyValue.grantRead(inNamespace(binding, "teams/payments"), "app/*");
    keyValue.grantRead(inNamespace(inNamespace(binding, "teams"), "payments"), "more/*");
    keyValue.grantRead(inNamespace(binding, "teams/+"), "all/*");
    expect(binding.policy.rules.map(({ path }) => path)).toEqual([
      "teams/payments/secret/data/app/*",
      "teams/payments/secret/data/more/*",
      "teams/+/secret/data/all/*",
    ]);
    expect(() => keyValue.grantRead(inNamespace(binding, "teams/books"), "app/*")).toThrow(
      "is for teams/books, and test/Teams/payments/KeyValue is in teams/payments",
    );
  });

  test("rejects an object outside of the grantee's namespace", () => {
    const { stack, payments, app } = places();
    const keyValue = new KeyValueEngine(stack, "KeyValue");
    expect(() => keyValue.grantRead(app(payments), "app/*")).toThrow(
      "the rule on secret/data/app/* is for teams/payments, and test/KeyValue is in the root namespace, which whoever has the policy cannot reach [test/Teams/payments/App/Policy]",
    );
  });
});
