import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import {
  DatabaseSecretBackendRole,
  type DatabaseSecretBackendRoleConfig,
} from "@cdktf/provider-vault/lib/database-secret-backend-role";
import {
  PkiSecretBackendRole,
  type PkiSecretBackendRoleConfig,
} from "@cdktf/provider-vault/lib/pki-secret-backend-role";
import type { TerraformStack } from "cdktf";
import { changesOf } from "./support/changes";

const nobody = () => undefined;

describe("access diff of credentials", () => {
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
  ])("reports a database role with %s", (_what, change, expected) => {
    expect(changesOf(database({}), database(change))).toEqual([`credentials ${expected}`]);
  });

  it("reports new and removed database roles", () => {
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
  ])("reports a PKI role with %s", (_what, change, expected) => {
    expect(changesOf(pki({}), pki(change))).toEqual([`credentials ${expected}`]);
  });
});

describe("access diff of rights outside Vault", () => {
  it("compares the statements of an AWS policy document that nothing refers to", () => {
    const document =
      (...actions: string[]) =>
      (stack: TerraformStack) => {
        new DataAwsIamPolicyDocument(stack, "Document", { statement: [{ actions, resources: ["*"] }] });
      };
    const subject = "aws_iam_policy_document production-config/Document";

    expect(changesOf(document("s3:GetObject"), document("s3:GetObject", "s3:PutObject"))).toEqual([
      `elsewhere wider: ${subject}: + Allow s3:PutObject on *`,
    ]);
    expect(changesOf(document("s3:GetObject"), document("s3:*"))).toEqual([
      `elsewhere wider: ${subject}: + Allow s3:* on * [wildcard]`,
    ]);
  });
});
