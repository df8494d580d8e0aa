import { Acl } from "../../constructs/policy/acl";
import { parsePolicy } from "../../constructs/policy/vault-policy";
import {
  grantAdmin,
  grantAuditor,
  grantDeploy,
  grantOperator,
  grantPlan,
} from "../../constructs/auth/access-levels";
import { inNamespace } from "../../constructs/auth/in-namespaces";
import { K8sAuthBinding } from "../../constructs/auth/k8s-auth-binding";
import { KubernetesAuth } from "../../constructs/auth/kubernetes-auth";
import { Duration } from "../../constructs/core/duration";
import { DatabaseEngine } from "../../constructs/engines/database-engine";
import { KeyValueEngine } from "../../constructs/engines/key-value-engine";
import { PkiEngine } from "../../constructs/engines/pki-engine";
import { PostgresDatabase } from "../../constructs/engines/postgres-database";
import { DynamicPostgresRole } from "../../constructs/engines/dynamic-postgres-role";
import { renderPolicy } from "../../constructs/policy/render-policy";
import { vaultStack } from "../support/vault-stack";

function binding() {
  const stack = vaultStack();
  const auth = new KubernetesAuth(stack, "Auth");
  const serviceAccount = { name: "app", namespace: "production" };
  return { stack, auth, app: new K8sAuthBinding(stack, "App", { auth, serviceAccount }) };
}

test("grants on the paths of the namespace, and keeps parameter limits and narrows", () => {
  const { stack, app } = binding();
  const there = inNamespace(app, "teams/payments");
  new KeyValueEngine(stack, "KeyValue").grantRead(there, "app/*");
  there.grant({
    path: "identity/group",
    capabilities: ["update"],
    reason: "a test",
    deniedParameters: { member_group_ids: [] },
    narrows: true,
  });
  expect(app.policy.rules).toMatchObject([
    { path: "teams/payments/secret/data/app/*", capabilities: ["read"] },
    { path: "teams/payments/identity/group", deniedParameters: { member_group_ids: [] }, narrows: true },
  ]);
});

test("rejects a lease that outlives the grantee's token, in a namespace as well", () => {
  const { stack, app } = binding();
  const database = PostgresDatabase.fromAttributes(stack, "ImportedDatabase", {
    engine: DatabaseEngine.fromAttributes(stack, "ImportedEngine"),
    connectionName: "db",
    database: "db",
  });
  const role = new DynamicPostgresRole(stack, "Role", {
    database,
    roleName: "app",
    maxTtl: Duration.hours(48),
  });
  expect(() => role.grantCredentials(inNamespace(app, "teams/payments"))).toThrow("maxTtl of role app");
});

describe.each(Object.entries({ grantPlan, grantDeploy, grantOperator, grantAuditor, grantAdmin }))(
  "%s with namespacesBelow",
  (_name, level) => {
    const rules = (namespacesBelow?: string) => {
      const { stack, auth, app } = binding();
      const pki = new PkiEngine(stack, "Pki", { vault: { address: "https://v" }, organization: "O" });
      level(app, [auth, new KeyValueEngine(stack, "KeyValue"), pki], { namespacesBelow });
      return app.policy.rules;
    };
    const acl = new Acl([{ name: "it", rules: parsePolicy(renderPolicy(rules("teams"))) }]);

    test("grants the same capabilities in each namespace below as in the current one", () => {
      for (const { path } of rules().filter((rule) => rule.path !== "*")) {
        const asked = path.replace(/[+*]/g, "x");
        expect([path, acl.capabilities(`teams/new/${asked}`)]).toEqual([path, acl.capabilities(asked)]);
      }
    });

    test("grants read on child namespaces, and denies other paths of their parent", () => {
      for (const path of ["auth/token/create", "identity/entity", "sys/policies/acl/x", "sys/mounts/x"])
        expect([path, acl.capabilities(`teams/${path}`)]).toEqual([path, ["deny"]]);
      expect(acl.capabilities("teams/sys/namespaces/payments")).toContain("read");
      expect(acl.capabilities("sys/namespaces/teams")).toContain("read");
    });

    test("grants the same capabilities in the current namespace as without namespacesBelow", () => {
      const own = rules().map(({ path }) => path);
      const here = rules("teams").filter(({ path }) => own.includes(path));
      const plain = (all: typeof here) => all.map(({ path, capabilities }) => [path, capabilities]);
      expect(plain(here)).toEqual(plain(rules()));
    });
  },
);
