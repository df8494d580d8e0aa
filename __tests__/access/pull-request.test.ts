import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { NetworkPolicyV1 } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import { Audit } from "@cdktf/provider-vault/lib/audit";
import { Policy } from "@cdktf/provider-vault/lib/policy";
import type { TerraformStack } from "cdktf";
import type { Change as AccessChange } from "../../access/changes";
import { accessDiff } from "../../access/diff";
import { verdictOf } from "../../access/diff-summary";
import { renderDiff } from "../../access/render-diff";
import { K8sAuthBinding } from "../../constructs/auth/k8s-auth-binding";
import { KubernetesAuth } from "../../constructs/auth/kubernetes-auth";
import { Duration } from "../../constructs/core/duration";
import { DatabaseEngine } from "../../constructs/engines/database-engine";
import { DynamicPostgresRole } from "../../constructs/engines/dynamic-postgres-role";
import { KeyValueEngine } from "../../constructs/engines/key-value-engine";
import { PostgresDatabase } from "../../constructs/engines/postgres-database";
import { platform } from "./support/platform";

interface Change {
  readonly services?: readonly string[];
  readonly maxTtl?: Duration;
  /** Constructs that a developer adds manually, as a quick fix. */
  readonly byHand?: (stack: TerraformStack, payments: K8sAuthBinding) => void;
  readonly auditFile?: string;
  readonly egress?: string;
  readonly creation?: string;
}

/** Platform with two services of the same kind. */
const program =
  ({ services = ["payment-service", "ledger"], ...change }: Change = {}) =>
  (stack: TerraformStack) => {
    const auth = new KubernetesAuth(stack, "KubernetesAuth");
    const keyValue = new KeyValueEngine(stack, "KeyValue");
    const engine = new DatabaseEngine(stack, "Database");
    const database = PostgresDatabase.fromAttributes(stack, "ImportedDatabase", {
      engine,
      connectionName: "payments-db",
      database: "payments",
    });
    new Audit(stack, "Audit", {
      type: "file",
      path: "file",
      options: { file_path: change.auditFile ?? "stdout" },
    });
    for (const name of services) {
      const binding = new K8sAuthBinding(stack, name, {
        auth,
        serviceAccount: { namespace: "production", name },
        maxTtl: change.maxTtl,
      });
      keyValue.grantRead(binding, `${name}/*`);
      if (name === "payment-service") {
        const customStatements = change.creation
          ? { creation: [change.creation], revocation: ['DROP ROLE "{{name}}";'] }
          : undefined;
        const role = new DynamicPostgresRole(stack, "PaymentsRole", {
          database,
          roleName: "payment-service-role",
          customStatements,
        });
        role.grantCredentials(binding);
        change.byHand?.(stack, binding);
      }
    }
    new NetworkPolicyV1(stack, "Egress", {
      metadata: { name: "payment-service", namespace: "production" },
      spec: {
        podSelector: {},
        policyTypes: ["Egress"],
        egress: [{ to: [{ ipBlock: { cidr: change.egress ?? "10.0.0.0/16" } }], ports: [{ port: "5432" }] }],
      },
    });
  };

const PULL_REQUESTS: Readonly<Record<string, Change>> = {
  harmless: { services: ["payment-service", "ledger", "invoice"] },
  dangerous: {
    maxTtl: Duration.hours(48),
    auditFile: "/dev/null",
    egress: "0.0.0.0/0",
    creation: `CREATE ROLE "{{name}}" WITH SUPERUSER LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}';`,
    byHand: (stack, payments) => {
      payments.addCustomRule({
        path: "sys/policies/acl/*",
        capabilities: ["update", "sudo"],
        reason: "Support edits policies, see @example/support <b>#42</b>",
        allowSudo: true,
      });
      payments.addCustomRule({
        path: "secret/data/*",
        capabilities: ["read", "delete"],
        reason: "Debugging",
      });
      const role = payments.node.findChild("Resource") as unknown as {
        addOverride(path: string, value: unknown): void;
      };
      role.addOverride("bound_service_account_namespaces", ["production", "*"]);
      role.addOverride("audience", undefined);
      new Policy(stack, "Spare", { name: "spare", policy: 'path "*" { capabilities = ["sudo", "delete"] }' });
    },
  },
};

describe.each(Object.entries(PULL_REQUESTS))("the comment on a %s pull request", (name, change) => {
  const diff = accessDiff([platform(program())], [platform(program(change))]);

  it("is the golden one", () => {
    const file = join(__dirname, "golden", `${name}.md`);
    const comment = renderDiff(diff, "markdown");
    if (process.env.ACCESS_GOLDEN === "write") writeFileSync(file, comment);

    expect(comment).toBe(readFileSync(file, "utf8"));
  });

  it("says it in a terminal, and to a program", () => {
    expect(renderDiff(diff, "table")).toMatchSnapshot();
    expect(JSON.parse(renderDiff(diff, "json"))).toMatchObject({ verdict: verdictOf(diff) });
  });
});

describe("a pull request", () => {
  const verdict = (change: Change) =>
    verdictOf(accessDiff([platform(program())], [platform(program(change))]));

  it("is judged by its worst change", () => {
    expect(verdict({})).toBe("none");
    expect(verdict({ services: ["payment-service"] })).toBe("narrower");
    expect(verdict(PULL_REQUESTS.harmless)).toBe("wider");
    expect(verdict(PULL_REQUESTS.dangerous)).toBe("dangerous");
  });

  it("is told in one line when it changes no access", () => {
    const diff = accessDiff([platform(program())], [platform(program())]);

    expect(renderDiff(diff, "markdown")).toBe(
      "<!-- vault-platform access -->\n### Access to Vault: no change\n",
    );
    expect(renderDiff(diff, "table")).toBe("No change of access.");
  });

  it("is told once for environments to which it does the same", () => {
    const stacks = (change: Change) =>
      ["dev-config", "staging-config"].map((name) => platform(program(change), name));
    const comment = renderDiff(accessDiff(stacks({}), stacks(PULL_REQUESTS.harmless)), "markdown");

    expect(comment).toContain("**dev, staging**: 0 dangerous, 2 wider, 0 narrower");
  });

  it("stays short enough for a comment, however many it concerns", () => {
    const changes = Array.from({ length: 1000 }, (_, index): AccessChange => ({
      kind: "identity",
      direction: "wider",
      subject: `auth/kubernetes role service-${index}`,
      what: `+ ServiceAccount team/service-${index}`,
      labels: ["new identity"],
      details: ["production-config/Service/Resource"],
    }));
    const comment = renderDiff([{ environment: "production", changes, notes: [] }], "markdown");

    expect(comment.length).toBeLessThan(65_536);
    expect(comment).toContain("The details are too long for a comment");
    expect(comment).toContain("and 980 more rows in the JSON and the HTML report");
  });
});
