import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { TerraformStack, Testing } from "cdktf";
import { Duration } from "../../constructs/core/duration";
import { ClusterSecretStore } from "../../constructs/delivery/cluster-secret-store";
import { ExternalSecret } from "../../constructs/delivery/external-secret";
import { InjectedDeployment } from "../../constructs/delivery/injected-deployment";
import { VaultDynamicSecret } from "../../constructs/delivery/vault-dynamic-secret";
import { VaultIssuer } from "../../constructs/delivery/vault-issuer";
import { WorkloadServiceAccount } from "../../constructs/delivery/workload-service-account";
import { testWithTerraform } from "../support/terraform";
import { crds, identity, vault } from "./support/delivery";

const TEXT =
  '{{ with secret "a/b" }}${HOME} %{ if x } "quotes"\n\ttabs, Grüße, 日本語, \\ and $& {{ .Data.a }}{{ end }}\n';

function workloads(): TerraformStack {
  const stack = new TerraformStack(Testing.app(), "workloads");
  new KubernetesProvider(stack, "Kubernetes", { host: "https://127.0.0.1:1" });
  new HelmProvider(stack, "Helm", { kubernetes: { host: "https://127.0.0.1:1" } });
  const serviceAccount = new WorkloadServiceAccount(stack, "ServiceAccount", { identity });
  const service = new InjectedDeployment(stack, "Service", {
    vault,
    identity,
    image: "myorg/payment-service:v1.2.3",
    command: ["/app/payment-service", "--label=${x}%{y}"],
  });
  service.injection.addKeyValue("config", {
    path: "payment-service/config",
    variables: { STRIPE_API_KEY: "stripe_api_key", WEBHOOK_SECRET: "webhook_secret" },
  });
  service.injection.addDatabaseCredentials("db", {
    role: "payment-service-role",
    leaseTtl: Duration.hours(1),
  });
  service.injection.addPkiCertificate("tls", {
    role: "payment-service",
    commonName: "payment-service.production.svc",
  });
  service.injection.addSecret("text", {
    path: "a/b",
    template: TEXT,
    command: 'echo "${HOME}" %{x} || true',
  });
  const store = new ClusterSecretStore(stack, "Store", { vault, identity, name: "vault-backend", crds });
  const secrets = new ExternalSecret(stack, "Secrets", {
    store,
    name: "payment-service-secrets",
    path: "payment-service/config",
    keys: { "stripe-api-key": "stripe_api_key", "webhook-secret": "webhook_secret" },
    crds,
  });
  const database = new VaultDynamicSecret(stack, "Database", {
    vault,
    identity,
    name: "payment-service-db",
    role: "payment-service-role",
    leaseTtl: Duration.hours(1),
    crds,
  });
  const issuer = new VaultIssuer(stack, "Issuer", {
    vault,
    identity,
    role: "payment-service",
    caBundleSecret: { name: "vault-ca", key: "ca.crt" },
    crds,
  });
  for (const it of [service, secrets, database, issuer]) it.node.addDependency(serviceAccount);
  secrets.node.addDependency(store);
  return stack;
}

testWithTerraform(
  ["helm", "kubernetes"],
  "plans all workloads without a cluster or a Vault and keeps text unchanged",
  (plan) => {
    const releases = [
      "vault-backend",
      "payment-service-secrets",
      "payment-service-db",
      "vault-payment-service",
    ];
    const { resources, rendered } = plan(workloads(), { render: releases });
    const [{ template }] = resources("kubernetes_deployment_v1")[0].spec;
    const [{ annotations }] = template[0].metadata;
    expect(annotations).toMatchObject({
      "vault.hashicorp.com/agent-inject-template-text": TEXT,
      "vault.hashicorp.com/agent-inject-command-text": 'echo "${HOME}" %{x} || true',
      "vault.hashicorp.com/agent-inject-command-db":
        "pid=$(pidof payment-service) && kill -TERM $pid || true",
    });
    expect(JSON.parse(annotations["vault.hashicorp.com/agent-json-patch"])).toHaveLength(3);
    expect(template[0].spec[0].container[0].args).toEqual([
      '. /vault/secrets/config &&\n. /vault/secrets/db &&\nexec "$@"',
      "sh",
      "/app/payment-service",
      "--label=${x}%{y}",
    ]);
    expect(resources("kubernetes_pod_disruption_budget_v1")).toHaveLength(1);
    expect(resources("kubernetes_service_account_v1")).toHaveLength(1);
    const kinds = Object.entries(rendered).map(([name, objects]) => [
      name,
      objects.map(({ kind }) => kind).sort(),
    ]);
    expect(Object.fromEntries(kinds)).toEqual({
      "vault-backend": ["ClusterSecretStore"],
      "payment-service-secrets": ["ExternalSecret"],
      "payment-service-db": ["ExternalSecret", "VaultDynamicSecret"],
      "vault-payment-service": ["Issuer"],
    });
  },
);
