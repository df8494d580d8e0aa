import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { JobV1 } from "@cdktf/provider-kubernetes/lib/job-v1";
import { AuthBackend } from "@cdktf/provider-vault/lib/auth-backend";
import { DataVaultPolicyDocument } from "@cdktf/provider-vault/lib/data-vault-policy-document";
import { GenericEndpoint } from "@cdktf/provider-vault/lib/generic-endpoint";
import { GithubTeam } from "@cdktf/provider-vault/lib/github-team";
import { IdentityEntity } from "@cdktf/provider-vault/lib/identity-entity";
import { IdentityEntityAlias } from "@cdktf/provider-vault/lib/identity-entity-alias";
import { IdentityEntityPolicies } from "@cdktf/provider-vault/lib/identity-entity-policies";
import { IdentityGroup } from "@cdktf/provider-vault/lib/identity-group";
import { IdentityGroupMemberEntityIds } from "@cdktf/provider-vault/lib/identity-group-member-entity-ids";
import { JwtAuthBackendRole } from "@cdktf/provider-vault/lib/jwt-auth-backend-role";
import { KubernetesAuthBackendRole } from "@cdktf/provider-vault/lib/kubernetes-auth-backend-role";
import { LdapAuthBackend } from "@cdktf/provider-vault/lib/ldap-auth-backend";
import { Policy } from "@cdktf/provider-vault/lib/policy";
import { TokenAuthBackendRole } from "@cdktf/provider-vault/lib/token-auth-backend-role";
import type { TerraformStack } from "cdktf";
import { accessMap, type IdentityAccess } from "../../access/access-map";
import { renderMap } from "../../access/render-map";
import { K8sAuthBinding } from "../../constructs/auth/k8s-auth-binding";
import { KubernetesAuth } from "../../constructs/auth/kubernetes-auth";
import { Duration } from "../../constructs/core/duration";
import { KeyValueEngine } from "../../constructs/engines/key-value-engine";
import { platform } from "./support/platform";

const mapOf = (build: (stack: TerraformStack) => void) => accessMap(platform(build));

/** Capabilities by path pattern of the only identity with a key of this ending. */
function accessOf(build: (stack: TerraformStack) => void, key: string): Record<string, readonly string[]> {
  const { access } = identityOf(build, key);
  return Object.fromEntries(access.map(({ pattern, permissions }) => [pattern, permissions.capabilities]));
}

function identityOf(build: (stack: TerraformStack) => void, key: string): IdentityAccess {
  const found = mapOf(build).identities.filter(({ identity }) => identity.key.endsWith(key));
  expect(found.map(({ identity }) => identity.key)).toHaveLength(1);
  return found[0];
}

const rule = (path: string, ...capabilities: string[]) =>
  `path "${path}" { capabilities = ${JSON.stringify(capabilities)} }\n`;

describe("the access map", () => {
  it("shows a workload's grants, and why it has them", () => {
    const { identity, access } = identityOf((stack) => {
      const auth = new KubernetesAuth(stack, "Auth");
      const keyValue = new KeyValueEngine(stack, "KeyValue");
      const binding = new K8sAuthBinding(stack, "Payments", {
        auth,
        serviceAccount: { namespace: "production", name: "payment-service" },
        maxTtl: Duration.hours(12),
      });
      keyValue.grantRead(binding, "payment-service/*");
    }, "payment-service");

    expect(identity).toMatchObject({
      key: "auth/kubernetes role payment-service",
      subject: "ServiceAccount production/payment-service",
      lifetime: { ttl: 3600, maxTtl: 43200, period: 0 },
      writtenBy: "production-config/Payments/Resource",
    });
    expect(access).toMatchObject([
      {
        pattern: "secret/data/payment-service/*",
        permissions: { capabilities: ["read"] },
        why: [
          {
            policy: "payment-service",
            writtenBy: "production-config/Payments/Policy/Resource",
            grants: [{ grantedBy: "production-config/KeyValue", custom: false, reason: expect.any(String) }],
          },
        ],
      },
    ]);
  });

  it("says what counts after Vault's precedence, and which rule has no effect", () => {
    const build = (stack: TerraformStack) => {
      new Policy(stack, "App", { name: "app", policy: rule("+/+/*", "read") + rule("+/*", "list") });
      new KubernetesAuthBackendRole(stack, "Role", {
        roleName: "app",
        boundServiceAccountNames: ["app"],
        boundServiceAccountNamespaces: ["a", "b"],
        tokenPolicies: ["app"],
      });
    };

    expect(identityOf(build, "app").access).toMatchObject([
      { pattern: "+/+/*", shadowedBy: "+/*" },
      { pattern: "+/*", permissions: { capabilities: ["list"] } },
    ]);
    expect(identityOf(build, "app").identity.subject).toBe("ServiceAccount a/app, b/app");
  });

  it("reads plain resources of every method, and policies in every form", () => {
    const build = (stack: TerraformStack) => {
      const document = new DataVaultPolicyDocument(stack, "Document", {
        rule: [{ path: "secret/data/ci/*", capabilities: ["read"] }],
      });
      const written = new Policy(stack, "Ci", { name: "ci", policy: document.hcl });
      new JwtAuthBackendRole(stack, "Jwt", {
        backend: "github",
        roleName: "ci",
        userClaim: "sub",
        boundClaims: { repository: "example/app", ref: "refs/heads/main,refs/heads/dev" },
        tokenPolicies: [written.name],
        tokenNoDefaultPolicy: true,
      });
      new GithubTeam(stack, "Team", { team: "ops", policies: ["ci"] });
      new TokenAuthBackendRole(stack, "Tokens", { roleName: "nomad", allowedPolicies: ["ci"] });
      new LdapAuthBackend(stack, "Ldap", { url: "ldaps://ldap.example.com", tokenPolicies: ["ci"] });
      new GenericEndpoint(stack, "User", {
        path: "auth/userpass/users/alice",
        dataJson: JSON.stringify({ policies: "typed, ci" }),
      });
      new GenericEndpoint(stack, "Typed", {
        path: "sys/policies/acl/typed",
        dataJson: JSON.stringify({ policy: rule("secret/data/alice", "update") }),
      });
    };
    const map = mapOf(build);

    expect(map.identities.map(({ identity }) => [identity.key, identity.subject])).toEqual([
      ["auth/userpass user alice", "user alice"],
      ["auth/github group ops", "group ops"],
      ["auth/github role ci", "ref refs/heads/dev or refs/heads/main, repository example/app"],
      ["auth/ldap mount everyone", "everyone who logs in there"],
      ["auth/token token role nomad", "tokens that are made by the role nomad"],
    ]);
    expect(map.identities.flatMap(({ unknown }) => unknown)).toEqual([]);
    expect(accessOf(build, "alice")).toEqual({
      "secret/data/alice": ["update"],
      "secret/data/ci/*": ["read"],
    });
    for (const { access } of map.identities) {
      expect(access.map(({ pattern }) => pattern)).toContain("secret/data/ci/*");
    }
    expect(map.identities[2].identity.policies).toEqual([{ name: "ci" }]);
  });

  it("gives entities the policies of their groups, and of the groups above", () => {
    const build = (stack: TerraformStack) => {
      const backend = new AuthBackend(stack, "Userpass", { type: "userpass" });
      for (const name of ["own", "added", "team", "company"]) {
        new Policy(stack, name, { name, policy: rule(`secret/data/${name}`, "read") });
      }
      const alice = new IdentityEntity(stack, "Alice", { name: "alice", policies: ["own"] });
      new IdentityEntityAlias(stack, "Alias", {
        name: "alice",
        canonicalId: alice.id,
        mountAccessor: backend.accessor,
      });
      new IdentityEntityPolicies(stack, "Added", { entityId: alice.id, policies: ["added"] });
      const team = new IdentityGroup(stack, "Team", { name: "team", policies: ["team"] });
      new IdentityGroupMemberEntityIds(stack, "Members", { groupId: team.id, memberEntityIds: [alice.id] });
      new IdentityGroup(stack, "Company", {
        name: "company",
        policies: ["company"],
        memberGroupIds: [team.id],
      });
    };

    expect(Object.keys(accessOf(build, "entity alice")).sort()).toEqual([
      "secret/data/added",
      "secret/data/company",
      "secret/data/own",
      "secret/data/team",
    ]);
    expect(Object.keys(accessOf(build, "group team"))).toEqual(["secret/data/team", "secret/data/company"]);
    const { identity, access } = identityOf(build, "entity alice");
    expect(identity.subject).toBe("entity alice, alice at auth/userpass");
    expect(access.find(({ pattern }) => pattern.endsWith("company"))?.why).toMatchObject([
      { via: "group company" },
    ]);
  });

  it("says so where nothing is known of a policy", () => {
    const map = mapOf((stack) => {
      new Policy(stack, "Broken", { name: "broken", policy: 'path "a" {' });
      new Policy(stack, "Elsewhere", { name: "elsewhere", policy: '${file("policy.hcl")}' });
      new KubernetesAuthBackendRole(stack, "Role", {
        roleName: "app",
        boundServiceAccountNames: ["app"],
        boundServiceAccountNamespaces: ["app"],
        tokenPolicies: ["broken", "elsewhere", "missing"],
      });
    });

    expect(map.identities[0].unknown).toMatchObject([
      { name: "broken", problem: "line 1: expected a name, got the end" },
      { name: "elsewhere", problem: "Terraform alone knows it" },
      { name: "missing", problem: "the code does not have it" },
    ]);
    expect(map.notes).toHaveLength(2);
    expect(renderMap([map], "table")).toContain("policy missing: the code does not have it");
  });

  it("shows what the bootstrap's job writes", () => {
    const build = (stack: TerraformStack) => {
      new ConfigMapV1(stack, "Scripts", {
        metadata: { name: "vault-bootstrap-scripts", namespace: "vault" },
        data: { "deploy-policy.hcl": rule("sys/mounts/*", "update"), "bootstrap-init.sh": "exit 0" },
      });
      const env = [
        { name: "NAMESPACE", value: "vault" },
        { name: "DEPLOY_SERVICE_ACCOUNT", value: "vault-terraform" },
      ];
      new JobV1(stack, "Job", {
        metadata: { name: "vault-bootstrap" },
        spec: { template: { metadata: {}, spec: { container: [{ name: "configure", env }] } } },
      });
    };

    expect(accessOf(build, "auth/terraform role deploy")).toEqual({ "sys/mounts/*": ["update"] });
    expect(identityOf(build, "deploy").identity.subject).toBe("ServiceAccount vault/vault-terraform");
    expect(mapOf(build).unattached).toEqual([]);
  });

  it("shows policies that no identity in the code has", () => {
    const map = mapOf((stack) => new Policy(stack, "Lone", { name: "lone", policy: rule("sys/*", "sudo") }));

    expect(map.unattached.map(({ identity }) => identity.subject)).toEqual(["whoever has the policy lone"]);
  });

  it("takes a policy that is written twice for both", () => {
    const map = mapOf((stack) => {
      new Policy(stack, "One", { name: "app", policy: rule("a", "read") });
      new Policy(stack, "Two", { name: "app", policy: rule("b", "read") });
    });

    expect(map.unattached[0].access.map(({ pattern }) => pattern)).toEqual(["a", "b"]);
    expect(map.notes).toEqual([expect.stringContaining("policy app is written twice")]);
  });

  it("knows the policy root", () => {
    const map = mapOf((stack) => new GithubTeam(stack, "Team", { team: "ops", policies: ["root"] }));

    expect(map.identities[0]).toMatchObject({ isRoot: true, unknown: [] });
    expect(renderMap([map], "table")).toMatch(/everything +root +policy root/);
  });

  it.each(["table", "markdown", "json"] as const)("is printed as %s", (format) => {
    const map = mapOf((stack) => {
      new Policy(stack, "App", {
        name: "app",
        policy: 'path "a|b/*" {\n capabilities = ["update"]\n required_parameters = ["<x>"]\n}',
      });
      new GithubTeam(stack, "Team", { team: "@ops", policies: ["app"] });
    });

    expect(renderMap([map], format)).toMatchSnapshot();
  });
});
