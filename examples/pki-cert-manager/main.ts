import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { VaultProvider } from "@cdktf/provider-vault/lib/provider";
import { App, TerraformStack } from "cdktf";
import { K8sAuthBinding, KubernetesAuth } from "cdktf-vault-platform/auth";
import { VaultHaCluster } from "cdktf-vault-platform/server";
import { CrdDeclaration, CustomResources, Duration } from "cdktf-vault-platform/core";
import { VaultIssuer, workloadIdentity } from "cdktf-vault-platform/delivery";
import { PkiEngine, PkiRole } from "cdktf-vault-platform/engines";

const app = new App();
const name = "orders";
const namespace = "production";
const host = `${name}.${namespace}.svc`;

// In Vault, with the platform's certificate authority: the names for which the service may request certificates.
const config = new TerraformStack(app, "pki-config");
new VaultProvider(config, "Vault", {});
const certificates = new PkiRole(config, "Certificates", {
  engine: PkiEngine.fromAttributes(config, "Pki"),
  roleName: name,
  allowedDomains: [host],
  maxTtl: Duration.days(3),
});
const orders = new K8sAuthBinding(config, "Orders", {
  auth: KubernetesAuth.fromAttributes(config, "KubernetesAuth"),
  serviceAccount: { name, namespace },
});
certificates.grantSign(orders);

// In the cluster: cert-manager logs in to Vault as the service's ServiceAccount and keeps the certificate in a Secret.
const workloads = new TerraformStack(app, "pki-workloads");
workloads.addDependency(config);
new KubernetesProvider(workloads, "Kubernetes", {});
new HelmProvider(workloads, "Helm", {});
const crds = CrdDeclaration.groups("cert-manager.io");
const { issuerName } = new VaultIssuer(workloads, "Issuer", {
  vault: VaultHaCluster.fromAttributes(workloads, "Vault"),
  identity: workloadIdentity({ service: name, namespace }),
  role: name,
  caBundleSecret: { name: "orders-vault-ca", key: "ca.crt" },
  crds,
});
new CustomResources(workloads, "Certificate", {
  namespace,
  crds,
  resources: [
    {
      apiVersion: "cert-manager.io/v1",
      kind: "Certificate",
      metadata: { name },
      spec: {
        secretName: `${name}-tls`,
        dnsNames: [host],
        duration: "24h0m0s",
        privateKey: { algorithm: "ECDSA", rotationPolicy: "Always" },
        issuerRef: { kind: "Issuer", name: issuerName },
      },
    },
  ],
});

app.synth();
