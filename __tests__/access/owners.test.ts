import { KubernetesAuthBackendRole } from "@cdktf/provider-vault/lib/kubernetes-auth-backend-role";
import { DatabaseSecretBackendRole } from "@cdktf/provider-vault/lib/database-secret-backend-role";
import { GithubTeam } from "@cdktf/provider-vault/lib/github-team";
import { IdentityGroup } from "@cdktf/provider-vault/lib/identity-group";
import { IdentityGroupAlias } from "@cdktf/provider-vault/lib/identity-group-alias";
import { Mount } from "@cdktf/provider-vault/lib/mount";
import { Policy } from "@cdktf/provider-vault/lib/policy";
import type { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { accessDiff } from "../../access/diff";
import { verdictOf } from "../../access/diff-summary";
import type { Facts } from "../../access/facts";
import { plain } from "../../access/markdown";
import { renderDiff } from "../../access/render-diff";
import { platform } from "./support/platform";

type Services = Readonly<Record<string, readonly string[]>>;

const rule = (path: string, ...capabilities: string[]) =>
  `path "${path}" { capabilities = ${JSON.stringify(capabilities.length > 0 ? capabilities : ["read"])} }\n`;

/** Platform with services, each with a database role and the paths that it reads. */
const platformOf =
  (services: Services, more: (stack: TerraformStack) => void = () => undefined) =>
  (stack: TerraformStack) => {
    new Mount(stack, "Kv", { path: "secret", type: "kv", options: { version: "2" } });
    new Mount(stack, "Database", { path: "database", type: "database" });
    for (const [name, paths] of Object.entries(services)) {
      const scope = new Construct(stack, name);
      const binding = new Construct(scope, "Binding");
      new Policy(binding, "Policy", { name, policy: paths.map((path) => rule(path)).join("") });
      new KubernetesAuthBackendRole(binding, "Resource", {
        roleName: name,
        boundServiceAccountNames: [name],
        boundServiceAccountNamespaces: ["production"],
        tokenPolicies: [name],
      });
      const role = new Construct(scope, "Role");
      new DatabaseSecretBackendRole(role, "Resource", {
        backend: "database",
        name: `${name}-reader`,
        dbName: "main",
        creationStatements: ["CREATE"],
      });
    }
    more(stack);
  };

const own = { "payment-service": ["secret/data/payment-service/*"], invoice: ["secret/data/invoice/*"] };
const teams: Facts = {
  suppressions: [],
  owners: [
    { path: "production-config/payment-service", service: "payment-service", team: "payments" },
    { path: "production-config/invoice", service: "invoice", team: "billing" },
    { path: "production-config/ledger", service: "ledger", team: "billing" },
  ],
};

const diff = (before: Services, after: Services, facts?: Facts) =>
  accessDiff(
    [platform(platformOf(before))],
    [platform(platformOf(after))],
    facts && { before: facts, after: facts, levels: new Map() },
  );
const table = (diffs: ReturnType<typeof diff>) => renderDiff(diffs, "table").replace(/ {2,}/g, " | ");

describe("the owner of secrets", () => {
  it("makes access of another team dangerous, and is named with those who had it", () => {
    const found = diff(
      own,
      { ...own, "payment-service": ["secret/data/payment-service/*", "secret/data/invoice/*"] },
      teams,
    );

    expect(verdictOf(found)).toBe("dangerous");
    expect(table(found)).toContain(
      "other owner | auth/kubernetes role payment-service (team payments) | secret/data/invoice/*: + read; " +
        "can read secrets of invoice (team billing); until now: invoice",
    );
  });

  it("is compared without teams if nothing names them", () => {
    const found = diff(own, { ...own, "payment-service": ["secret/data/invoice/app"] });

    expect(found[0].changes).toContainEqual(
      expect.objectContaining({
        labels: ["other owner"],
        concerns: { service: "invoice", objects: "secrets" },
      }),
    );
  });

  it("does not make access within a team dangerous", () => {
    const both = { ...own, ledger: ["secret/data/ledger/*"] };
    const found = diff(both, { ...both, ledger: ["secret/data/ledger/*", "secret/data/invoice/*"] }, teams);

    expect(verdictOf(found)).toBe("wider");
    expect(table(found)).toContain("can read secrets of invoice (team billing)");
  });

  it("is the only reader until now if no service is called like the secrets", () => {
    const before = { ...own, invoice: ["secret/data/vat/*"] };
    const found = diff(before, { ...before, "payment-service": ["secret/data/vat/*"] }, teams);

    expect(verdictOf(found)).toBe("dangerous");
    expect(table(found)).toContain("can read secrets of invoice (team billing); until now: invoice");
  });

  it("is not assumed for secrets that several services share, or that nobody reads yet", () => {
    const shared = ["secret/data/shared/*"];
    const before = { "payment-service": shared, invoice: shared };

    expect(verdictOf(diff(before, { ...before, ledger: shared }, teams))).toBe("wider");
    expect(verdictOf(diff(own, { ...own, invoice: shared }, teams))).toBe("wider");
  });

  it("is known for roles of a database", () => {
    const found = diff(own, { ...own, "payment-service": ["database/creds/invoice-reader"] }, teams);

    expect(verdictOf(found)).toBe("dangerous");
    expect(table(found)).toContain("can read database credentials of invoice (team billing)");
    expect(verdictOf(diff(own, { ...own, invoice: ["database/creds/invoice-reader"] }, teams))).toBe("wider");
  });

  it("leaves an ordinary new service without a dangerous label, with its grants in sight", () => {
    const found = diff(
      own,
      { ...own, ledger: ["secret/data/ledger/*", "database/creds/ledger-reader"] },
      teams,
    );

    expect(verdictOf(found)).toBe("wider");
    expect(table(found)).toContain(
      "auth/kubernetes role ledger (team billing) | secret/data/ledger/*: + read",
    );
  });

  it("applies to identities that are no services", () => {
    const people = (paths: readonly string[]) =>
      platformOf(own, (stack) => {
        new Policy(stack, "Support", { name: "support", policy: paths.map((path) => rule(path)).join("") });
        new GithubTeam(stack, "Team", { team: "support", policies: ["support"] });
      });
    const found = accessDiff(
      [platform(people(["cubbyhole/a"]))],
      [platform(people(["cubbyhole/a", "secret/data/invoice/a"]))],
    );

    expect(verdictOf(found)).toBe("dangerous");
  });
});

describe("the power of a login", () => {
  const group = (policy: string, alias: string) => (stack: TerraformStack) => {
    new Policy(stack, "Policy", { name: "group", policy });
    const made = new IdentityGroup(stack, "Group", { name: "group", type: "external", policies: ["group"] });
    new IdentityGroupAlias(stack, "Alias", { name: alias, mountAccessor: "accessor", canonicalId: made.id });
  };
  const change = (policy: string, from: string, to: string) =>
    accessDiff([platform(group(policy, from))], [platform(group(policy, to))]);

  it("makes another condition of a powerful login dangerous", () => {
    const found = change(rule("*", "create", "sudo"), "admins", "all-employees");

    expect(verdictOf(found)).toBe("dangerous");
    expect(found[0].changes.map(({ labels }) => labels)).toContainEqual(
      expect.arrayContaining(["powerful login"]),
    );
    expect(plain(renderDiff(found, "table"))).toContain("the login gives * (create, sudo)");
  });

  it("leaves another condition of an ordinary login without that label", () => {
    expect(verdictOf(change(rule("secret/data/app/*"), "a", "b"))).toBe("wider");
  });
});
