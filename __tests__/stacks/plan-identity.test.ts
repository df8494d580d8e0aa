import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { type IdentityAccess, accessMap } from "../../access/access-map";
import { type Environment, type Resource, readSynthesized } from "../../analysis/terraform/synthesized";
import type { VaultCapability } from "../../constructs/policy/vault-policy";
import { whoCan } from "../../access/who-can";
import { production } from "../../environments/production";
import type { EnvironmentDefinition } from "../../platform/schema";
import { buildPlatform } from "../../stacks";
import { namespaced } from "./support/team-namespaces";

// A pull request's identity runs unreviewed code. These tests therefore check the input of Terraform and Vault instead
// of the constructs that create it.

const [first] = production.services!;
const environment = synthesize({ ...production, services: [{ ...first, encryptionKey: true }] });
const map = accessMap(environment);
const namespacedMap = accessMap(synthesize(namespaced));

function synthesize(definition: EnvironmentDefinition): Environment {
  const outdir = mkdtempSync(join(tmpdir(), "plan-identity-"));
  try {
    const app = new App({ outdir });
    buildPlatform(app, [definition]);
    app.synth();
    return readSynthesized(outdir, "production")[0];
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

const resources = (type: RegExp) => environment.resources.filter((it) => type.test(it.type));
const text = (value: unknown) => JSON.stringify(value);
const list = (value: unknown) => [value].flat().filter(Boolean) as Record<string, unknown>[];

describe.each([
  ["where teams share the root namespace", map, ""],
  ["in the root namespace, where teams have one each", namespacedMap, ""],
  ["in the namespace of a team", namespacedMap, "teams/payments/"],
])("in Vault, %s,", (_, map, prefix) => {
  const isPlan = ({ identity }: IdentityAccess) =>
    identity.mount === "auth/github" && identity.name === "plan";
  const plan = map.identities.find(isPlan)!;

  const planCan = (capability: VaultCapability, path: string) =>
    whoCan([map], capability, prefix + path).can.some(({ of }) => isPlan(of));

  test("gives a pull request the identity plan only, with known policies", () => {
    const admitted = map.identities.filter(({ identity }) =>
      text(identity.bindings).includes(":pull_request"),
    );
    expect(admitted).toEqual([plan]);
    expect(plan.isRoot).toBe(false);
    expect(plan.unknown).toEqual([]);
    expect(plan.identity.lifetime.period).toBe(0);
  });

  test("has no capabilities but read, list and sudo", () => {
    expect(planCan("read", "sys/mounts")).toBe(true);
    const capabilities = plan.access.flatMap(({ permissions }) => permissions.capabilities);
    // Vault requires sudo to read some paths.
    expect([...new Set(capabilities)].sort()).toEqual(["deny", "list", "read", "sudo"]);
  });

  test.each([
    "secret/data/payment-service/config",
    "secret/data/vault-platform/canary",
    "secret/data/new/and/deep",
    "secret/subkeys/payment-service/config",
    "database/creds/payment-service-role",
    "database/static-creds/any",
    "pki/issue/payment-service",
    "pki/sign/payment-service",
    "transit/decrypt/payment-service",
    "transit/export/encryption-key/payment-service",
    "transit/backup/payment-service",
    "sys/storage/raft/snapshot",
    "sys/raw/core/keyring",
    "auth/token/create",
    "sys/policies/acl/plan",
    "auth/github/role/plan",
  ])("gets no secret, credential or change from %s", (path) => {
    const capabilities: VaultCapability[] =
      path.startsWith("sys/policies") || path.startsWith("auth/github")
        ? ["create", "update", "patch", "delete", "sudo"]
        : ["create", "read", "update", "patch", "delete", "list"];
    expect(capabilities.filter((capability) => planCan(capability, path))).toEqual([]);
  });

  test("reads the roles of every auth mount that a plan compares", () => {
    const here = map.identities.filter(
      ({ identity }) => identity.namespace === prefix.slice(0, -1) && identity.kind === "role",
    );
    const mounts = new Set(here.map(({ identity }) => identity.mount));
    // Created by the bootstrap, so no plan compares it.
    mounts.delete("auth/terraform");
    expect(mounts).toContain("auth/kubernetes");
    if (!prefix) expect([...mounts]).toEqual(expect.arrayContaining(["auth/github", "auth/oidc"]));
    for (const mount of mounts) expect([mount, planCan("read", `${mount}/role/x`)]).toEqual([mount, true]);
  });

  test("has none of the capabilities on engines that workloads and jobs have", () => {
    const granted = map.identities
      .filter(({ identity }) => identity.mount === "auth/kubernetes")
      .filter(({ identity }) => identity.namespace === prefix.slice(0, -1))
      .flatMap(({ access }) => access)
      .filter(({ pattern }) => !pattern.startsWith("sys/"))
      .flatMap(({ pattern, permissions }) =>
        permissions.capabilities
          .filter((capability) => capability !== "deny")
          .map((capability) => [capability, pattern.replace(/[*+]/g, "x")] as const),
      );
    expect(granted.length).toBeGreaterThan(4);
    expect(granted.filter(([capability, path]) => planCan(capability, path))).toEqual([]);
  });
});

describe("in Kubernetes", () => {
  const GROUP = "vault-platform:plan";
  const bindings = resources(/^kubernetes_(cluster_)?role_binding(_v1)?$/).filter(({ attributes }) =>
    list(attributes.subject).some(({ name }) => name === GROUP),
  );
  const nameOf = (object: unknown) => list(object)[0].name;
  const roleOf = ({ attributes }: Resource) =>
    resources(/^kubernetes_(cluster_)?role(_v1)?$/).find(
      (role) => nameOf(role.attributes.metadata) === nameOf(attributes.role_ref),
    )!;
  const rules = bindings.flatMap((binding) => list(roleOf(binding).attributes.rule));

  test("maps the role to one group, and associates no EKS policy with it", () => {
    const entries = resources(/^aws_eks_access_entry$/).filter(({ writtenBy }) =>
      writtenBy.includes("/Plan/"),
    );
    expect(entries.map(({ attributes }) => attributes.kubernetes_groups)).toEqual([[GROUP]]);
    const associations = resources(/^aws_eks_access_policy_association$/);
    expect(associations.map(({ writtenBy }) => writtenBy)).toEqual([
      "production-foundation/Deploy/ClusterAdmin",
    ]);
    expect(bindings.length).toBeGreaterThan(3);
  });

  test("reads no Secrets, tokens, pods or logs", () => {
    expect(rules.length).toBeGreaterThan(10);
    for (const { verbs, resources: kinds, api_groups: groups } of rules) {
      expect(verbs).toEqual(["get", "list", "watch"]);
      expect([kinds, groups].flat()).not.toContain("*");
      expect(text(kinds)).not.toMatch(/secret|token|pods|exec|log|proxy|impersonat/i);
    }
  });

  test("binds no role to a group of all users", () => {
    const all = resources(/^kubernetes_(cluster_)?role_binding(_v1)?$/);
    expect(text(all.map(({ attributes }) => attributes.subject))).not.toMatch(
      /system:(authenticated|unauthenticated|masters|serviceaccounts)/,
    );
  });

  test("creates no Secret", () => {
    expect(resources(/^kubernetes_secret/)).toEqual([]);
  });
});

describe("in AWS", () => {
  const documents = resources(/^aws_iam_policy_document$/);
  const [permissions] = documents.filter(({ writtenBy }) => writtenBy.endsWith("/Plan/Permissions"));
  const statements = list(permissions.attributes.statement);
  const actions = statements.flatMap(({ actions: all }) => all as string[]);

  test("lets a pull request assume the role plan only", () => {
    const trusting = documents.filter(({ attributes }) => text(attributes).includes(":pull_request"));
    expect(trusting.map(({ writtenBy }) => writtenBy)).toEqual(["production-foundation/Plan/Trust"]);
  });

  test("attaches one policy to the role", () => {
    const attached = resources(/^aws_iam_role_policy(_attachment)?$/).filter(({ body }) =>
      text(body.role).includes("aws_iam_role.Plan_"),
    );
    expect(attached).toHaveLength(1);
    expect(text(attached[0].body.policy)).toContain(permissions.address);
  });

  test("reads settings, and values only from the environment's states", () => {
    const verbs = new Set(actions.map((action) => /^\w+:(Describe|Get|List)?/.exec(action)![1] ?? action));
    expect([...verbs].sort()).toEqual(["Describe", "Get", "List", "kms:Decrypt"]);
    const reading = (pattern: RegExp) => statements.filter(({ actions: all }) => pattern.test(text(all)));
    expect(actions.filter((action) => action.includes("*"))).toEqual(["s3:GetBucket*"]);
    expect(text(actions)).not.toMatch(/GetSecretValue|GetParameter|sts:|GetToken|Put|Delete|Create|Update/);
    expect(reading(/s3:GetObject/).map(({ resources: of }) => of)).toEqual([
      ["arn:aws:s3:::vault-platform-state-333333333333-us-west-2/production-*"],
    ]);
    expect(reading(/kms:Decrypt/).map(({ condition }) => condition)).toEqual([
      [
        {
          test: "ForAnyValue:StringEquals",
          variable: "kms:ResourceAliases",
          values: [expect.stringContaining("state")],
        },
      ],
    ]);
  });
});
