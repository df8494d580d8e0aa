import { testDangerous, testNamed } from "../support/matrix";
import type { Production } from "../support/production";

const chart = (production: Production, name = "Vault_2") => production.resource("helm_release", name);
const config = (production: Production, change: (text: string) => string) =>
  production.release("Vault_2", ({ server }) => {
    const after = change(server.ha.raft.config as string);
    if (after === server.ha.raft.config) throw new Error("the edit changes nothing");
    server.ha.raft.config = after;
  });

describe("access diff of production: charts", () => {
  testDangerous([
    [
      "another repository",
      (production) => (chart(production).repository = "https://charts.example.com"),
      "charts.example.com",
    ],
    [
      "a repository without encryption",
      (production) => (chart(production).repository = "http://helm.releases.hashicorp.com"),
      "http://helm.releases.hashicorp.com",
    ],
    ["another chart", (production) => (chart(production, "CertManager").chart = "other"), "other"],
    [
      "a program after rendering",
      (production) => (chart(production).postrender = { binary_path: "./evil" }),
      "postrender",
    ],
    [
      "a new chart",
      (production) =>
        production.add("helm_release", { name: "x", chart: "x", repository: "https://charts.example.com" }),
      "charts.example.com",
    ],
    ["no proof of the chart", [(p) => (chart(p).verify = true), (p) => (chart(p).verify = false)], "verify"],
    [
      "a password for the repository",
      (production) => (chart(production).repository_password = "x"),
      "repository_password",
    ],
    [
      "Vault in development mode",
      (production) => production.release("Vault_2", ({ server }) => (server.dev = { enabled: true })),
      "server.dev",
    ],
    [
      "Vault in development mode by an argument",
      (production) => production.release("Vault_2", ({ server }) => (server.extraArgs = "-dev")),
      "server.extraArgs",
    ],
    [
      "an Ingress of the chart",
      (production) => production.release("Vault_2", ({ server }) => (server.ingress = { enabled: true })),
      "server.ingress",
    ],
    [
      "a value of the chart by set",
      (production) => (chart(production).set = [{ name: "server.ingress.enabled", value: "true" }]),
      "server.ingress.enabled",
    ],
    [
      "a container beside Vault",
      (production) =>
        production.release("Vault_2", ({ server }) =>
          server.extraContainers.push({ name: "evil", image: "evil:1" }),
        ),
      "server.extraContainers",
    ],
    [
      "a container before Vault",
      (production) =>
        production.release(
          "Vault_2",
          ({ server }) => (server.extraInitContainers = [{ name: "evil", image: "evil:1" }]),
        ),
      "server.extraInitContainers",
    ],
    [
      "a Service of the chart on every node",
      (production) => production.release("Vault_2", ({ server }) => (server.service = { type: "NodePort" })),
      "server.service.type",
    ],
    [
      "a Service of the chart for the world",
      (production) => production.release("Vault_2", ({ ui }) => (ui.serviceType = "LoadBalancer")),
      "ui.serviceType",
    ],
    [
      "secrets of Vault as volumes of any pod",
      (production) => production.release("Vault_2", ({ csi }) => (csi.enabled = true)),
      "csi.enabled",
    ],
    [
      "no volume for the data of Vault",
      (production) => production.release("Vault_2", ({ server }) => (server.dataStorage.enabled = false)),
      "server.dataStorage.enabled",
      "destroys",
    ],
    [
      "volumes that go with their pods",
      (production) =>
        production.release(
          "Vault_2",
          ({ server }) => (server.persistentVolumeClaimRetentionPolicy.whenDeleted = "Delete"),
        ),
      "persistentVolumeClaimRetentionPolicy",
      "destroys",
    ],
    [
      "another image of Vault",
      (production) => production.release("Vault_2", ({ server }) => (server.image.repository = "evil/vault")),
      "server.image.repository",
    ],
    [
      "another image of the agents",
      (production) =>
        production.release("Vault_2", ({ injector }) => (injector.agentImage.repository = "evil/vault")),
      "injector.agentImage.repository",
    ],
    [
      "another script beside Vault",
      (production) =>
        production.release(
          "Vault_2",
          ({ server }) => (server.extraContainers[0].command = ["sh", "-c", "curl evil"]),
        ),
      "server.extraContainers",
    ],
    [
      "a variable with a token of Vault",
      (production) =>
        production.release("Vault_2", ({ server }) => (server.extraEnvironmentVars.VAULT_TOKEN = "x")),
      "server.extraEnvironmentVars.VAULT_TOKEN",
    ],
    [
      "another ServiceAccount of AWS for Vault",
      (production) =>
        production.release(
          "Vault_2",
          ({ server }) =>
            (server.serviceAccount.annotations["eks.amazonaws.com/role-arn"] =
              "arn:aws:iam::999999999999:role/x"),
        ),
      "server.serviceAccount.annotations",
    ],
    [
      "Vault on the network of the node",
      (production) => production.release("Vault_2", ({ server }) => (server.hostNetwork = true)),
      "server.hostNetwork",
    ],
    [
      "privileges for Vault",
      (production) =>
        production.release(
          "Vault_2",
          ({ server }) => (server.statefulSet.securityContext.container.allowPrivilegeEscalation = true),
        ),
      "server.statefulSet.securityContext",
    ],
    [
      "another seal",
      (production) => config(production, (text) => text.replace("awskms", "transit")),
      "server.ha.raft.config",
    ],
    [
      "another key for the seal",
      (production) => config(production, (text) => text.replace("alias/vault-unseal-key", "alias/other")),
      "server.ha.raft.config",
    ],
    [
      "an older TLS",
      (production) => config(production, (text) => text.replaceAll("tls13", "tls12")),
      "server.ha.raft.config",
    ],
    [
      "no TLS",
      (production) =>
        config(production, (text) => text.replace('listener "tcp" {', 'listener "tcp" {\n  tls_disable = 1')),
      "server.ha.raft.config",
    ],
    [
      "raw storage by the API",
      (production) => config(production, (text) => `raw_storage_endpoint = true\n${text}`),
      "server.ha.raft.config",
    ],
    [
      "plugins from a folder",
      (production) => config(production, (text) => `plugin_directory = "/tmp"\n${text}`),
      "server.ha.raft.config",
    ],
    [
      "another cluster to join",
      (production) =>
        config(production, (text) =>
          text.replace("https://vault-0.vault-internal:8200", "https://evil.example"),
        ),
      "server.ha.raft.config",
    ],
    [
      "addresses of clients by a header",
      (production) =>
        config(production, (text) =>
          text.replace(
            'listener "tcp" {',
            'listener "tcp" {\n  x_forwarded_for_authorized_addrs = "0.0.0.0/0"',
          ),
        ),
      "server.ha.raft.config",
    ],
    [
      "the injector for all namespaces",
      (production) =>
        production.release("Vault_2", ({ injector }) => delete injector.webhook.namespaceSelector),
      "injector.webhook",
    ],
    [
      "tokens of any ServiceAccount for External Secrets",
      (production) =>
        production.release("ExternalSecrets_A", ({ rbac }) => (rbac.serviceAccountTokenCreate = true)),
      "rbac.serviceAccountTokenCreate",
    ],
    [
      "a store of secrets for all namespaces",
      (production) =>
        production.release(
          "production-payment-service",
          ({ resources }) => delete resources[0].spec.conditions,
        ),
      "vault-payment-service",
    ],
    [
      "a store of secrets with another role",
      (production) =>
        production.release(
          "production-payment-service",
          ({ resources }) => (resources[0].spec.provider.vault.auth.kubernetes.role = "vault-backup"),
        ),
      "vault-payment-service",
    ],
    ["the chart of Vault is gone", (production) => production.remove("helm_release", "Vault_2"), "destroys"],
  ]);

  testNamed([
    [
      "a larger volume for the data of Vault",
      (production) => production.release("Vault_2", ({ server }) => (server.dataStorage.size = "20Gi")),
      "server.dataStorage.size",
    ],
    [
      "a certificate of Vault by another issuer",
      (production) =>
        production.release("Vault_Certificate", ({ resources }) => {
          for (const it of resources) if (it.spec.issuerRef) it.spec.issuerRef.name = "other";
        }),
      "Certificate",
    ],
    [
      "another name of the cluster of Vault",
      (production) => config(production, (text) => text.replace('"vault"', '"vault-production"')),
      "server.ha.raft.config",
    ],
    [
      "alerts of Vault are fewer",
      (production) =>
        production.release("Monitoring_Alerts", ({ resources }) => resources[0].spec.groups.pop()),
      "vault-alerts",
    ],
    [
      "log lines in another format",
      (production) => production.release("Vault_2", ({ server }) => (server.logFormat = "standard")),
      "server.logFormat",
    ],
  ]);
});
