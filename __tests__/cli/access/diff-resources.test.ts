import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { NetworkPolicyV1, type NetworkPolicyV1Spec } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import { Audit } from "@cdktf/provider-vault/lib/audit";
import {
  DatabaseSecretBackendRole,
  type DatabaseSecretBackendRoleConfig,
} from "@cdktf/provider-vault/lib/database-secret-backend-role";
import { Mount } from "@cdktf/provider-vault/lib/mount";
import {
  PkiSecretBackendRole,
  type PkiSecretBackendRoleConfig,
} from "@cdktf/provider-vault/lib/pki-secret-backend-role";
import type { TerraformStack } from "cdktf";
import { changesOf } from "./support/changes";

const nobody = () => undefined;

describe("credentials between two revisions", () => {
  const database = (change: Partial<DatabaseSecretBackendRoleConfig>) => (stack: TerraformStack) => {
    new DatabaseSecretBackendRole(stack, "Role", {
      backend: "database",
      name: "app",
      dbName: "payments",
      creationStatements: ["CREATE ROLE app;\nGRANT SELECT ON t TO app;"],
      defaultTtl: 3600,
      maxTtl: 86400,
      ...change,
    });
  };
  const pki = (change: Partial<PkiSecretBackendRoleConfig>) => (stack: TerraformStack) => {
    new PkiSecretBackendRole(stack, "Role", {
      backend: "pki",
      name: "app",
      allowedDomains: ["app.svc"],
      ...change,
    });
  };

  it.each<[string, Partial<DatabaseSecretBackendRoleConfig>, string]>([
    [
      "other SQL",
      { creationStatements: ["CREATE ROLE app;\nGRANT INSERT ON t TO app;"] },
      "wider: database database role app: SQL of creation_statements changed",
    ],
    [
      "the SQL of an administrator",
      { creationStatements: ["CREATE ROLE app SUPERUSER;"] },
      "wider: database database role app: SQL of creation_statements changed [database admin]",
    ],
    [
      "rights to hand on",
      { creationStatements: ["GRANT a TO b WITH ADMIN OPTION"] },
      "wider: database database role app: SQL of creation_statements changed [database admin]",
    ],
    ["a longer life", { maxTtl: 172800 }, "wider: database database role app: max_ttl: 1d -> 2d"],
    ["a shorter life", { defaultTtl: 600 }, "narrower: database database role app: default_ttl: 1h -> 10m"],
    [
      "the mount's life",
      { maxTtl: undefined },
      "wider: database database role app: max_ttl: 1d -> the mount's",
    ],
  ])("are made with %s", (_what, change, expected) => {
    expect(changesOf(database({}), database(change))).toEqual([`credentials ${expected}`]);
  });

  it("are of a new kind, or of one that is gone", () => {
    expect(changesOf(nobody, database({}))).toEqual([
      "credentials wider: database database role app: + credentials of a new kind",
    ]);
    expect(changesOf(database({}), nobody)).toEqual([
      "credentials narrower: database database role app: - credentials of this kind",
    ]);
  });

  it.each<[string, Partial<PkiSecretBackendRoleConfig>, string]>([
    [
      "another domain",
      { allowedDomains: ["app.svc", "web.svc"] },
      "wider: pki pki role app: + allowed_domains web.svc",
    ],
    [
      "any domain",
      { allowedDomains: ["*"] },
      "wider: pki pki role app: + allowed_domains *; - allowed_domains app.svc [wildcard]",
    ],
    [
      "any name",
      { allowAnyName: true },
      "wider: pki pki role app: allow_any_name: not set -> true [wildcard]",
    ],
    ["subdomains", { allowSubdomains: true }, "wider: pki pki role app: allow_subdomains: not set -> true"],
    ["another kind of key", { keyType: "rsa" }, "changed: pki pki role app: key_type: not set -> rsa"],
  ])("bear %s", (_what, change, expected) => {
    expect(changesOf(pki({}), pki(change))).toEqual([`credentials ${expected}`]);
  });
});

describe("the network between two revisions", () => {
  const policy = (spec: NetworkPolicyV1Spec) => (stack: TerraformStack) => {
    new NetworkPolicyV1(stack, "Policy", { metadata: { name: "vault", namespace: "vault" }, spec });
  };
  const closed: NetworkPolicyV1Spec = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };
  const peers = (egress: NetworkPolicyV1Spec["egress"]) => policy({ ...closed, egress });
  const labels = (name: string) => ({ matchLabels: { name } });

  it.each<[string, NetworkPolicyV1Spec["egress"], string]>([
    [
      "pods of the namespace",
      [{ to: [{ podSelector: labels("db") }], ports: [{ port: "5432" }] }],
      "+ to pods name=db at 5432/TCP",
    ],
    [
      "another namespace",
      [{ to: [{ namespaceSelector: labels("db") }] }],
      "+ to all pods in namespaces name=db at any port [cross-namespace]",
    ],
    [
      "all namespaces",
      [{ to: [{ namespaceSelector: {} }] }],
      "+ to all pods in all namespaces at any port [wildcard, cross-namespace]",
    ],
    [
      "a range",
      [
        {
          to: [{ ipBlock: { cidr: "10.0.0.0/8", except: ["10.1.0.0/16"] } }],
          ports: [{ port: "1", endPort: 9, protocol: "UDP" }],
        },
      ],
      "+ to 10.0.0.0/8 but 10.1.0.0/16 at 1-9/UDP",
    ],
    ["everywhere", [{ to: [{ ipBlock: { cidr: "0.0.0.0/0" } }] }], "+ to 0.0.0.0/0 at any port [wildcard]"],
    ["anyone", [{ ports: [{ port: "443" }] }], "+ to anyone at 443/TCP [wildcard]"],
  ])("reaches %s", (_what, egress, expected) => {
    expect(changesOf(policy(closed), peers(egress))).toEqual([
      `network wider: network policy vault/vault: ${expected}`,
    ]);
    expect(changesOf(peers(egress), policy(closed))).toEqual([
      `network narrower: network policy vault/vault: ${expected.replace("+ ", "- ").replace(/ \[.*/, "")}`,
    ]);
  });

  it("is open where a policy is gone, or one of its directions", () => {
    expect(changesOf(policy(closed), nobody)).toEqual([
      "network wider: network policy vault/vault: - the policy: pods that no other one selects are open [wildcard]",
    ]);
    expect(changesOf(policy(closed), policy({ ...closed, policyTypes: ["Ingress"] }))).toEqual([
      "network wider: network policy vault/vault: - Egress: that direction is open for pods that no other policy selects [wildcard]",
    ]);
  });

  it("concerns other pods", () => {
    expect(changesOf(policy(closed), policy({ ...closed, podSelector: labels("db") }))).toEqual([
      "network changed: network policy vault/vault: all pods -> pods name=db",
    ]);
  });
});

describe("what a change destroys", () => {
  const audit =
    (filePath: string, preventDestroy = false) =>
    (stack: TerraformStack) => {
      new Audit(stack, "Audit", {
        type: "file",
        options: { file_path: filePath },
        lifecycle: { preventDestroy },
      });
    };
  const mount =
    (type: string, path = "secret", disableRemount?: boolean) =>
    (stack: TerraformStack) => {
      const made = new Mount(stack, "Kv", { path, type });
      if (disableRemount) made.addOverride("disable_remount", true);
    };

  it("is an audit device, since any of its settings replaces it", () => {
    const what =
      "destruction changed: vault_audit vault_audit.Audit: replaced, because of options: the audit device";

    expect(changesOf(audit("/a"), audit("/b"))).toEqual([
      expect.stringMatching(`^${what}.*stands \\[destroys\\]$`),
    ]);
    expect(changesOf(audit("/a"), audit("/b", true))).toEqual([
      expect.stringContaining("(prevent_destroy stops the apply) [destroys]"),
    ]);
  });

  it("is a mount with all that it holds", () => {
    const what = "all that the mount holds: its secrets, keys and roles, and every lease [destroys]";

    expect(changesOf(mount("kv"), nobody)).toEqual([
      `destruction changed: vault_mount secret: destroyed: ${what}`,
    ]);
    expect(changesOf(mount("kv"), mount("generic"))).toEqual([
      `destruction changed: vault_mount secret: replaced, because of type: ${what}`,
    ]);
  });

  it("is no mount that only moves, unless it may not", () => {
    expect(changesOf(mount("kv"), mount("kv", "other"))).toEqual([]);
    expect(changesOf(mount("kv", "secret", true), mount("kv", "other", true))).toHaveLength(1);
  });

  it("is a key", () => {
    const key = (multiRegion: boolean) => (stack: TerraformStack) =>
      void new KmsKey(stack, "Key", { multiRegion });

    expect(changesOf(key(false), key(true))).toEqual([
      expect.stringMatching(
        /^destruction changed: aws_kms_key aws_kms_key.Key: replaced, because of multi_region: .*Vault itself/,
      ),
    ]);
  });

  it("is nothing that gets another address", () => {
    const moved = (stack: TerraformStack) => {
      const made = new Mount(stack, "Other", { path: "secret", type: "kv" });
      stack.addOverride("moved", [{ from: "vault_mount.Kv", to: `vault_mount.${made.friendlyUniqueId}` }]);
    };

    expect(changesOf(mount("kv"), moved)).toEqual([]);
  });
});
