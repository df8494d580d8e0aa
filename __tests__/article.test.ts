/**
 * Values of the article that this platform implements ("HashiCorp Vault on Kubernetes: production secrets management").
 * If the platform deviates from the article, the test states the value and the reason.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { production } from "../environments/production";
import { writePlatform } from "./support/platform";

type Block = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

// The article's cluster has three servers; production has five.
const app = writePlatform([{ ...production, vault: { ...production.vault, replicas: 3 } }]);

const stack = (layer: string): Block =>
  JSON.parse(readFileSync(join(app.outdir, "stacks", `production-${layer}`, "cdk.tf.json"), "utf8")).resource;
const [foundation, cluster, config, workloads] = ["foundation", "cluster", "config", "workloads"].map(stack);
const all = (resources: Block | undefined): Block[] => Object.values(resources ?? {});
const only = (resources: Block, wanted: (it: Block) => boolean = () => true): Block => {
  const found = all(resources).filter(wanted);
  if (found.length !== 1) throw new Error(`expected one, got ${found.length}`);
  return found[0];
};
const release = (layer: Block, name: string) => only(layer.helm_release, (it) => it.name === name);
const values = (layer: Block, name: string): Block => parse(release(layer, name).values[0]);

describe("Step 1: Vault by Helm, with KMS", () => {
  const vault = values(cluster, "vault");
  const server: string = vault.server.ha.raft.config;

  test.each([
    ["chart hashicorp/vault", release(cluster, "vault").chart, "vault"],
    ["repository", release(cluster, "vault").repository, "https://helm.releases.hashicorp.com"],
    ["--namespace vault", release(cluster, "vault").namespace, "vault"],
    [
      "kubectl create namespace vault",
      all(cluster.kubernetes_namespace_v1).some((it) => it.metadata.name === "vault"),
      true,
    ],
    ["server.ha.enabled", vault.server.ha.enabled, true],
    ["server.ha.replicas", vault.server.ha.replicas, 3],
    ["server.ha.raft.enabled", vault.server.ha.raft.enabled, true],
    ["server.dataStorage.size", vault.server.dataStorage.size, "10Gi"],
    ["server.dataStorage.storageClass", vault.server.dataStorage.storageClass, "gp3"],
    ["server.auditStorage.enabled", vault.server.auditStorage.enabled, true],
    ["server.auditStorage.size", vault.server.auditStorage.size, "10Gi"],
    ["injector.enabled", vault.injector.enabled, true],
    ["ui.enabled", vault.ui.enabled, true],
    ["the storage class is there", only(cluster.kubernetes_storage_class_v1).metadata.name, "gp3"],
  ])("%s", (_what, received, expected) => expect(received).toBe(expected));

  test("seals with awskms in region us-east-1, by alias/vault-unseal-key, which the foundation creates", () => {
    expect(server).toContain('region     = "us-east-1"\n  kms_key_id = "alias/vault-unseal-key"');
    expect(all(foundation.aws_kms_alias).map(({ name }) => name)).toContain("alias/vault-unseal-key");
  });

  test("creates five share containers in Secrets Manager and sets the recovery threshold to three", () => {
    const environment = JSON.stringify(all(cluster.kubernetes_job_v1));
    expect(environment).toContain('"RECOVERY_THRESHOLD","value":"3"');
    expect(all(foundation.aws_secretsmanager_secret)).toHaveLength(5);
  });

  test("joins the three servers by https through retry_join, where the article joins them by hand", () => {
    expect(server.match(/leader_api_addr +=/g)).toHaveLength(3);
    expect(server).toContain('"https://vault-0.vault-internal:8200"');
    expect(server).not.toContain("http://");
  });
});

describe("Step 2: Kubernetes authentication and least privilege", () => {
  test("mounts auth/kubernetes, with the API server's Service as its host", () => {
    const kubernetes = only(config.vault_auth_backend, (it) => it.type === "kubernetes");
    expect(kubernetes.path).toBe("kubernetes");
    expect(only(config.vault_kubernetes_auth_backend_config).kubernetes_host).toBe(
      "https://kubernetes.default.svc",
    );
  });

  test("writes the policy payment-service with the article's three paths", () => {
    expect(only(config.vault_policy, (it) => it.name === "payment-service").policy)
      .toBe(`path "secret/data/payment-service/*" {
  capabilities = ["read"]
}
path "database/creds/payment-service-role" {
  capabilities = ["read"]
}
path "pki/issue/payment-service" {
  capabilities = ["create", "update"]
}
`);
  });

  test("binds the role payment-service to one ServiceAccount, for 1h, and adds an audience", () => {
    expect(
      only(config.vault_kubernetes_auth_backend_role, (it) => it.role_name === "payment-service"),
    ).toMatchObject({
      bound_service_account_names: ["payment-service"],
      bound_service_account_namespaces: ["production"],
      token_policies: [expect.stringMatching(/vault_policy.*payment-service.*\.name/)],
      token_ttl: 3600,
      audience: "vault",
    });
  });

  test("creates the PKI mount and role that the policy names, which the article lacks", () => {
    expect(
      all(config.vault_mount)
        .map(({ path }) => path)
        .sort(),
    ).toEqual(["database", "pki", "pki-root", "secret", "transit"]);
    expect(only(config.vault_pki_secret_backend_role).name).toBe("payment-service");
  });
});

describe("Step 3: dynamic database credentials", () => {
  const connection = only(config.vault_database_secret_backend_connection);
  const role = only(config.vault_database_secret_backend_role);

  test("configures payments-db with the article's user and role, and sslmode verify-full", () => {
    expect(connection).toMatchObject({
      name: "payments-db",
      allowed_roles: ["payment-service-role"],
      postgresql: {
        connection_url:
          "postgresql://{{username}}:{{password}}@payments-db.production.svc:5432/payments?sslmode=verify-full",
        username: "vault_admin",
      },
    });
  });

  test("takes the initial password from a variable and rotates it", () => {
    expect(connection.postgresql.password_wo).toContain("var.payments_db_initial_password");
    expect(connection.postgresql).not.toHaveProperty("password");
    expect(only(config.vault_generic_endpoint).path).toMatch(/rotate-root/);
  });

  test("limits payment-service-role to default_ttl 1h and max_ttl 24h", () => {
    expect(role).toMatchObject({ name: "payment-service-role", default_ttl: 3600, max_ttl: 86400 });
  });

  test("creates logins with password and expiry, and grants by a group role", () => {
    const sql: string = role.creation_statements.join("\n");
    expect(sql).toContain(
      `CREATE ROLE "{{name}}" WITH LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}'`,
    );
    expect(sql).toContain('IN ROLE "payments_app_rw"');
    expect(role.revocation_statements.join("\n")).toContain("DROP ROLE");
  });
});

describe("Step 4: secrets injected into pods", () => {
  const { spec, metadata } = only(workloads.kubernetes_deployment_v1);
  const pod = spec.template.spec;
  const annotations: Record<string, string> = spec.template.metadata.annotations;
  const annotation = (name: string) => annotations[`vault.hashicorp.com/${name}`];
  const [container] = pod.container;

  test.each([
    ["name", metadata.name, "payment-service"],
    ["namespace", metadata.namespace, "production"],
    ["replicas", spec.replicas, "3"],
    ["label app", spec.template.metadata.labels.app, "payment-service"],
    ["serviceAccountName", pod.service_account_name, "payment-service"],
    ["agent-inject", annotation("agent-inject"), "true"],
    ["role", annotation("role"), "payment-service"],
    ["secret config", annotation("agent-inject-secret-config"), "secret/data/payment-service/config"],
    ["secret db", annotation("agent-inject-secret-db"), "database/creds/payment-service-role"],
    ["agent-cache-enable", annotation("agent-cache-enable"), "true"],
    ["agent-cache-listener-port", annotation("agent-cache-listener-port"), "8200"],
    ["image", container.image, "myorg/payment-service:v1.2.3"],
    ["container port", container.port[0].container_port, 8080],
    ["limits", container.resources.limits, { cpu: "500m", memory: "256Mi" }],
    ["requests", container.resources.requests, { cpu: "100m", memory: "128Mi" }],
    ["shell", container.command, ["/bin/sh", "-c"]],
  ])("%s", (_what, received, expected) => expect(received).toEqual(expected));

  test.each(["STRIPE_API_KEY", "WEBHOOK_SECRET"])("exports %s in the config template", (variable) => {
    expect(annotation("agent-inject-template-config")).toContain(`export ${variable}="{{`);
  });

  test.each(["DB_USERNAME", "DB_PASSWORD"])("exports %s in the db template", (variable) => {
    expect(annotation("agent-inject-template-db")).toContain(`export ${variable}="{{`);
  });

  test("reads both files by `.`, the POSIX name of source, before it starts the program", () => {
    expect(container.args).toEqual([
      '. /vault/secrets/config &&\n. /vault/secrets/db &&\nexec "$@"',
      "sh",
      "/app/payment-service",
    ]);
  });
});

describe("Step 5: External Secrets", () => {
  const resources = all(workloads.helm_release).flatMap((it) => parse(it.values[0]).resources as Block[]);
  const kind = (name: string) => resources.find((it) => it.kind === name)!;

  test("creates a ClusterSecretStore on the KV engine, with v1 and https in place of v1beta1 and http", () => {
    expect(kind("ClusterSecretStore")).toMatchObject({
      apiVersion: "external-secrets.io/v1",
      spec: {
        provider: {
          vault: {
            server: "https://vault.vault.svc:8200",
            path: "secret",
            version: "v2",
            auth: { kubernetes: { mountPath: "kubernetes" } },
          },
        },
      },
    });
  });

  test("reads as payment-service for the namespace production only, where the article reads everything", () => {
    const { spec } = kind("ClusterSecretStore");
    expect(spec.conditions).toEqual([{ namespaces: ["production"] }]);
    expect(spec.provider.vault.auth.kubernetes).toMatchObject({
      role: "payment-service",
      serviceAccountRef: { name: "payment-service", audiences: ["vault"] },
    });
  });

  test("creates the ExternalSecret payment-service-secrets, refreshed every 5m, with both keys", () => {
    expect(kind("ExternalSecret")).toMatchObject({
      apiVersion: "external-secrets.io/v1",
      metadata: { name: "payment-service-secrets", namespace: "production" },
      spec: {
        refreshInterval: "5m",
        target: { name: "payment-service-secrets", creationPolicy: "Owner" },
        data: [
          {
            secretKey: "stripe-api-key",
            remoteRef: { key: "secret/data/payment-service/config", property: "stripe_api_key" },
          },
          {
            secretKey: "webhook-secret",
            remoteRef: { key: "secret/data/payment-service/config", property: "webhook_secret" },
          },
        ],
      },
    });
  });
});

describe("Step 6: audit", () => {
  test("enables a file audit device at /vault/audit/audit.log in the bootstrap", () => {
    const scripts = only(cluster.kubernetes_config_map_v1, (it) => "bootstrap-configure.sh" in it.data).data;
    expect(scripts["bootstrap-configure.sh"]).toContain("/vault/audit/audit.log");
    expect(scripts["bootstrap-configure.sh"]).toContain("vault audit enable");
  });

  test("adds a socket audit device with a shipper sidecar, where the article has syslog", () => {
    expect(only(config.vault_audit)).toMatchObject({
      type: "socket",
      options: { socket_type: "unix", address: "/vault/audit-socket/shipper.sock" },
    });
    expect(JSON.stringify(cluster.helm_release)).toContain("audit-shipper");
  });
});

describe("Backups", () => {
  const backup = only(cluster.kubernetes_cron_job_v1, (it) => it.metadata.name === "vault-backup");
  const text = JSON.stringify(backup);

  test("runs daily at two, by the ServiceAccount vault-backup in namespace vault", () => {
    expect(backup.metadata.namespace).toBe("vault");
    expect(backup.spec.schedule).toBe("0 2 * * *");
    expect(text).toMatch(
      /"service_account_name":"\$\{kubernetes_service_account_v1\.Backup_Pod_ServiceAccount/,
    );
    expect(all(cluster.kubernetes_service_account_v1).map((it) => it.metadata.name)).toContain(
      "vault-backup",
    );
  });

  test("saves and inspects the snapshot with vault, and uploads it with aws", () => {
    const scripts = only(cluster.kubernetes_config_map_v1, (it) => "backup-save.sh" in it.data).data;
    expect(scripts["backup-save.sh"]).toContain("operator raft snapshot save");
    expect(scripts["backup-save.sh"]).toContain("operator raft snapshot inspect");
    expect(scripts["backup-upload.sh"]).toMatch(/aws s3(api)? /);
    expect(text).toContain("aws-cli");
  });

  test("connects by https and stores no token", () => {
    expect(text).toContain("https://vault-active.vault.svc:8200");
    expect(text).not.toContain("VAULT_TOKEN");
    expect(text).not.toContain("secret_key_ref");
  });

  test("schedules a restore drill", () => {
    expect(all(cluster.kubernetes_cron_job_v1).map((it) => it.metadata.name)).toContain(
      "vault-restore-drill",
    );
  });
});
