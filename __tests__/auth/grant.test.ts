import { Duration } from "../../constructs/core/duration";
import { grantAuditor } from "../../constructs/auth/access-levels";
import type { Grant } from "../../constructs/auth/grant";
import { K8sAuthBinding } from "../../constructs/auth/k8s-auth-binding";
import { KubernetesAuth } from "../../constructs/auth/kubernetes-auth";
import { DatabaseEngine } from "../../constructs/engines/database-engine";
import { DynamicPostgresRole } from "../../constructs/engines/dynamic-postgres-role";
import { KeyValueEngine } from "../../constructs/engines/key-value-engine";
import { PkiEngine } from "../../constructs/engines/pki-engine";
import { PkiRole } from "../../constructs/engines/pki-role";
import { PostgresDatabase } from "../../constructs/engines/postgres-database";
import { TransitEngine } from "../../constructs/engines/transit-engine";
import { TransitKey } from "../../constructs/engines/transit-key";
import { vaultStack } from "../support/vault-stack";

function setUp() {
  const stack = vaultStack();
  const auth = new KubernetesAuth(stack, "Auth");
  const orders = new K8sAuthBinding(stack, "Orders", {
    auth,
    serviceAccount: { name: "orders", namespace: "production" },
    maxTtl: Duration.days(2),
  });
  return { stack, auth, orders };
}

test("a grant method returns its grantee and the rules that it added", () => {
  const { stack, orders } = setUp();
  const secrets = KeyValueEngine.fromAttributes(stack, "Secrets");
  const grant = secrets.grantRead(orders, "orders/*");
  expect(grant.grantee).toBe(orders);
  expect(grant.rules).toEqual([
    {
      path: "secret/data/orders/*",
      capabilities: ["read"],
      reason: "reads the secrets orders/*",
      grantedBy: secrets,
    },
  ]);
});

test("each grant method of the engines returns the paths that it allows", () => {
  const { stack, orders } = setUp();
  const engine = DatabaseEngine.fromAttributes(stack, "Engine");
  const database = PostgresDatabase.fromAttributes(stack, "Database", {
    engine,
    connectionName: "orders-db",
    database: "orders",
  });
  const dynamic = new DynamicPostgresRole(stack, "Dynamic", { database, roleName: "orders" });
  const certificates = new PkiRole(stack, "Certificates", {
    engine: PkiEngine.fromAttributes(stack, "Pki"),
    roleName: "orders",
    allowedDomains: ["orders.production.svc"],
  });
  const key = new TransitKey(stack, "Key", {
    engine: TransitEngine.fromAttributes(stack, "Transit"),
    keyName: "orders",
  });
  const secrets = KeyValueEngine.fromAttributes(stack, "Secrets");
  const pathsOf = (grant: Grant) => grant.rules.map(({ path }) => path);
  expect(pathsOf(dynamic.grantCredentials(orders))).toEqual(["database/creds/orders"]);
  expect(pathsOf(certificates.grantIssue(orders))).toEqual(["pki/issue/orders"]);
  expect(pathsOf(certificates.grantSign(orders))).toEqual(["pki/sign/orders"]);
  expect(pathsOf(key.grantEncrypt(orders))).toEqual(["transit/encrypt/orders"]);
  expect(pathsOf(key.grantDecrypt(orders))).toEqual(["transit/decrypt/orders"]);
  expect(pathsOf(secrets.grantWrite(orders, "orders/a"))).toEqual(["secret/data/orders/a"]);
  expect(pathsOf(secrets.grantManage(orders, "orders/b"))).toEqual([
    "secret/data/orders/b",
    "secret/metadata/orders/b",
    "secret/subkeys/orders/b",
    "secret/delete/orders/b",
    "secret/undelete/orders/b",
  ]);
});

test("an access level returns exactly the rules of its policy, with their namespaces", () => {
  const { auth, orders } = setUp();
  const { rules } = grantAuditor(orders, [auth], { namespacesBelow: "teams" });
  expect(rules).toEqual(orders.policy?.rules);
  expect(rules.map(({ path }) => path)).toEqual(
    expect.arrayContaining(["sys/audit", "teams/+/sys/audit", "teams/sys/namespaces/*"]),
  );
});
