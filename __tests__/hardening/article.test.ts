import { CronJobV1 } from "@cdktf/provider-kubernetes/lib/cron-job-v1";
import { DeploymentV1 } from "@cdktf/provider-kubernetes/lib/deployment-v1";
import { Manifest } from "@cdktf/provider-kubernetes/lib/manifest";
import { Release } from "@cdktf/provider-helm/lib/release";
import { Audit } from "@cdktf/provider-vault/lib/audit";
import { DatabaseSecretBackendConnection } from "@cdktf/provider-vault/lib/database-secret-backend-connection";
import { DatabaseSecretBackendRole } from "@cdktf/provider-vault/lib/database-secret-backend-role";
import { KubernetesAuthBackendRole } from "@cdktf/provider-vault/lib/kubernetes-auth-backend-role";
import { Mount } from "@cdktf/provider-vault/lib/mount";
import { Policy } from "@cdktf/provider-vault/lib/policy";
import { VaultProvider } from "@cdktf/provider-vault/lib/provider";
import { TerraformStack, Testing } from "cdktf";
import { evaluate } from "../../hardening/evaluate";
import { resource } from "./support/plain";

/** Stack that follows the article step by step, with plain constructs. */
class ArticleStack extends TerraformStack {
  constructor() {
    super(Testing.app(), "article");
    this.steps();
    this.backup();
  }

  private steps(): void {
    const set = {
      "server.ha.enabled": "true",
      "server.ha.replicas": "3",
      "server.ha.raft.enabled": "true",
      "server.dataStorage.size": "10Gi",
      "server.auditStorage.enabled": "true",
    };
    new Release(this, "Vault", {
      name: "vault",
      namespace: "vault",
      repository: "https://helm.releases.hashicorp.com",
      chart: "vault",
      set: Object.entries(set).map(([name, value]) => ({ name, value })),
    });
    resource(
      "terraform_data",
      {
        provisioner: [
          {
            "local-exec": {
              command: "kubectl exec vault-0 -- vault operator init -format=json > vault-init.json",
            },
          },
        ],
      },
      "Init",
    )(this);
    new VaultProvider(this, "Provider", { address: "http://127.0.0.1:8200", token: "root" });
    new Policy(this, "Policy", {
      name: "payment-service",
      policy: [
        'path "secret/data/payment-service/*" { capabilities = ["read"] }',
        'path "database/creds/payment-service-role" { capabilities = ["read"] }',
        'path "pki/issue/payment-service" { capabilities = ["create", "update"] }',
      ].join("\n"),
    });
    new KubernetesAuthBackendRole(this, "Role", {
      roleName: "payment-service",
      boundServiceAccountNames: ["payment-service"],
      boundServiceAccountNamespaces: ["production"],
      tokenPolicies: ["payment-service"],
      tokenTtl: 3600,
    });
    new Mount(this, "Database", { path: "database", type: "database" });
    new DatabaseSecretBackendConnection(this, "Connection", {
      backend: "database",
      name: "payments-db",
      allowedRoles: ["payment-service-role"],
      postgresql: {
        connectionUrl:
          "postgresql://{{username}}:{{password}}@payments-db.production.svc:5432/payments?sslmode=require",
        username: "vault_admin",
        password: "initial-setup-password",
      },
    });
    new DatabaseSecretBackendRole(this, "DatabaseRole", {
      backend: "database",
      name: "payment-service-role",
      dbName: "payments-db",
      creationStatements: [
        "CREATE ROLE \"{{name}}\" WITH LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}'; GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO \"{{name}}\";",
      ],
      revocationStatements: [
        'REVOKE ALL ON ALL TABLES IN SCHEMA public FROM "{{name}}"; DROP ROLE IF EXISTS "{{name}}";',
      ],
      defaultTtl: 3600,
      maxTtl: 86400,
    });
    new DeploymentV1(this, "PaymentService", {
      metadata: { name: "payment-service", namespace: "production" },
      spec: {
        template: {
          metadata: {},
          spec: {
            container: [
              {
                name: "payment-service",
                image: "myorg/payment-service:v1.2.3",
                command: ["/bin/sh", "-c"],
                args: ["source /vault/secrets/config && source /vault/secrets/db && /app/payment-service"],
                resources: { limits: { cpu: "500m", memory: "256Mi" } },
              },
            ],
          },
        },
      },
    });
    new Manifest(this, "Store", {
      manifest: {
        apiVersion: "external-secrets.io/v1beta1",
        kind: "ClusterSecretStore",
        metadata: { name: "vault-backend" },
        spec: {
          provider: { vault: { server: "http://vault.vault.svc:8200", path: "secret", version: "v2" } },
        },
      },
    });
    new Audit(this, "File", { type: "file", options: { file_path: "/vault/audit/audit.log" } });
    new Audit(this, "Syslog", { type: "syslog", options: { tag: "vault", facility: "AUTH" } });
  }

  private backup(): void {
    new CronJobV1(this, "Backup", {
      metadata: { name: "vault-backup", namespace: "vault" },
      spec: {
        schedule: "0 2 * * *",
        jobTemplate: {
          metadata: {},
          spec: {
            template: {
              metadata: {},
              spec: {
                container: [
                  {
                    name: "backup",
                    image: "hashicorp/vault:1.15",
                    command: [
                      "/bin/sh",
                      "-c",
                      "vault operator raft snapshot save /tmp/vault.snap\naws s3 cp /tmp/vault.snap s3://my-vault-backups/vault.snap",
                    ],
                    env: [
                      { name: "VAULT_ADDR", value: "http://vault-active.vault.svc:8200" },
                      {
                        name: "VAULT_TOKEN",
                        valueFrom: { secretKeyRef: { name: "vault-backup-token", key: "token" } },
                      },
                    ],
                  },
                ],
              },
            },
          },
        },
      },
    });
  }
}

const { errors, warnings } = evaluate(new ArticleStack().node.root);
const found = [...errors, ...warnings].map(({ rule, path }) => `${rule.id} ${path.replace("article/", "")}`);

test("finds exactly the article's open problems", () => {
  expect([...new Set(found)].sort()).toEqual([
    "audit-prevent-destroy File",
    "audit-prevent-destroy Syslog",
    "audit-shipping Vault",
    "audit-syslog Syslog",
    "auto-unseal Vault",
    "chart-pinned Vault",
    "cluster-secrets-encryption Vault",
    "database-custom-sql DatabaseRole",
    "database-grants DatabaseRole",
    "database-password-hash Connection",
    "database-password-in-state Connection",
    "database-root-rotation Connection",
    "database-sslmode Connection",
    "disaster-recovery Vault",
    "eso-api-version Store",
    "eso-shared-store Store",
    "injector-fail-open Vault",
    "instance-metadata Vault",
    "kubernetes-role-audience Role",
    "mutual-tls Vault",
    "network-policies Vault",
    "plaintext-vault-address Backup",
    "plaintext-vault-address Store",
    "pod-resource-limits Backup",
    "policy-target Policy",
    "raft-retry-join Vault",
    "restore-drill Vault",
    "root-revocation Vault",
    "static-vault-token Backup",
    "tls-enabled Vault",
    "token-ttl Role",
    "unseal-keys-on-disk Init",
    "vault-image-programs Backup",
    "vault-pod-hardening Vault",
    "vault-provider-token Provider",
    "vault-resource-limits Vault",
  ]);
});

test("keeps the database password out of the findings", () => {
  const told = [...errors, ...warnings].map(({ problem }) => problem).join("\n");
  expect(told).not.toContain("initial-setup-password");
});
