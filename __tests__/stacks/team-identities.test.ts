import { Acl } from "../../constructs/policy/acl";
import { parsePolicy } from "../../constructs/policy/vault-policy";
import { table } from "../../local/applier/table";
import { Synthesized } from "../support/synth";
import { policiesOfConfig } from "./support/config-policies";
import { teamStacks } from "./support/team-stacks";

const stacks = teamStacks("foundation", "config", "config-payments", "config-books");
const config = new Synthesized(stacks.config);
const policy = (name: string): string =>
  config.resources("vault_policy").find((it) => it.name === name)!.policy;

/** Paths of Vault's API that the resources of a stack write. */
function writtenBy(stack: string): string[] {
  const resources: [string, Record<string, Record<string, unknown>>][] = Object.entries(
    stacks[stack].resource,
  );
  return resources
    .flatMap(([type, all]) =>
      Object.values(all).flatMap((values) => {
        if (type === "vault_transit_secret_backend_key")
          return [`${values.backend}/keys/${values.name}`, `${values.backend}/keys/${values.name}/config`];
        if (!table[type]) throw new Error(`local/applier/table.ts must have ${type}, which ${stack} writes`);
        return [table[type].path(values)];
      }),
    )
    .sort();
}

describe.each([
  ["payments", "books"],
  ["books", "payments"],
])("the pipeline of the team %s", (team, other) => {
  const rules = parsePolicy(policy(`deploy-${team}`));

  test("reaches exactly the paths that the team's stack writes", () => {
    expect(rules.map(({ path }) => path).sort()).toEqual(writtenBy(`config-${team}`));
    for (const { capabilities } of rules)
      expect([...capabilities].sort()).toEqual(["create", "delete", "read", "update"]);
  });

  test("reaches nothing of the other team, the platform or secrets", () => {
    const acl = new Acl([{ name: team, rules }]);
    for (const path of [
      ...writtenBy(`config-${other}`),
      "sys/policies/acl/deploy",
      `sys/policies/acl/deploy-${team}`,
      "sys/mounts/secret",
      "secret/data/payment-service/config",
      "database/creds/payment-service-role",
      "database/config/payments-db",
      "pki/issue/payment-service",
      "transit/decrypt/payment-service",
      "auth/token/create",
    ])
      expect([path, acl.capabilities(path)]).toEqual([path, ["deny"]]);
  });

  test("logs in only from the team's GitHub environment on main, for an hour", () => {
    const role = config
      .resources("vault_jwt_auth_backend_role")
      .find((it) => it.role_name === `deploy-${team}`)!;
    expect(role).toMatchObject({
      bound_claims: {
        repository: "example/vault-platform",
        ref: "refs/heads/main",
        environment: `production-${team}`,
      },
      token_max_ttl: 3600,
    });
  });

  test("accesses only the state of the team's stack in AWS", () => {
    const foundation = new Synthesized(stacks.foundation);
    const trust = foundation.statements(`Deploy-${team}/Trust`);
    expect(JSON.stringify(trust)).toContain(`repo:example/vault-platform:environment:production-${team}`);
    const statements = foundation.statements(`Deploy-${team}/Permissions`);
    const objects = statements.flatMap(({ resources }) => resources as string[]);
    const state = `arn:aws:s3:::vault-platform-state-333333333333-us-west-2`;
    expect([...new Set(objects)].sort()).toEqual([
      "arn:aws:kms:us-west-2:333333333333:key/*",
      state,
      `${state}/production-config-${team}.tfstate`,
      `${state}/production-config-${team}.tfstate.tflock`,
    ]);
    const names = foundation.resources("aws_iam_role").map(({ name }) => name);
    expect(names).toContain(`production-vault-deploy-${team}`);
  });
});

test("creates only the identity deploy without teamIdentities", () => {
  expect(
    Object.keys(policiesOfConfig({ shards: "team" })).filter((name) => name.startsWith("deploy")),
  ).toEqual(["deploy"]);
});
