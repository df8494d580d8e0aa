import { testDangerous } from "../support/matrix";
import type { Production } from "../support/production";

const meta = (name: string, namespace?: string) => ({ name, ...(namespace && { namespace }) });

const manifest =
  (kind: string, apiVersion: string, body: object, name = "extra") =>
  (production: Production) =>
    production.add("kubernetes_manifest", {
      manifest: { apiVersion, kind, metadata: meta(name, "vault"), ...body },
    });

describe("access diff of production: namespaces and admission", () => {
  const labels = (production: Production, name = "Namespace_9B63B8C8") =>
    production.resource("kubernetes_namespace_v1", name).metadata.labels as Record<string, string>;

  testDangerous([
    [
      "Pod Security of Vault is privileged",
      (production) => (labels(production)["pod-security.kubernetes.io/enforce"] = "privileged"),
      "Pod Security restricted -> privileged",
    ],
    [
      "no Pod Security for the services",
      (production) => delete labels(production, "Namespace-production")["pod-security.kubernetes.io/enforce"],
      "Pod Security",
    ],
    [
      "the namespace of Vault is gone",
      (production) => production.remove("kubernetes_namespace_v1", "Namespace_9B63"),
      "destroys",
    ],
    [
      "a webhook changes objects",
      (production) =>
        production.add("kubernetes_mutating_webhook_configuration_v1", { metadata: meta("extra") }),
      "changes other objects",
    ],
    [
      "a webhook sees objects",
      (production) =>
        production.add("kubernetes_validating_webhook_configuration_v1", { metadata: meta("extra") }),
      "extra",
    ],
    [
      "another server answers for the API",
      (production) => production.add("kubernetes_api_service_v1", { metadata: meta("v1.example.com") }),
      "v1.example.com",
    ],
    [
      "a certificate for a user of the cluster",
      (production) =>
        production.add("kubernetes_certificate_signing_request_v1", {
          metadata: meta("extra"),
          spec: {
            request: "pem",
            signer_name: "kubernetes.io/kube-apiserver-client",
            usages: ["client auth"],
          },
          auto_approve: true,
        }),
      "CertificateSigningRequest extra",
    ],
    [
      "a new kind of objects",
      manifest("CustomResourceDefinition", "apiextensions.k8s.io/v1", {}),
      "kubernetes_manifest",
    ],
    [
      "a policy of admission",
      manifest("ValidatingAdmissionPolicy", "admissionregistration.k8s.io/v1", {}),
      "kubernetes_manifest",
    ],
    [
      "a network policy of a plugin",
      manifest("CiliumNetworkPolicy", "cilium.io/v2", { spec: {} }),
      "kubernetes_manifest",
    ],
    [
      "a volume that is a folder of the node",
      (production) =>
        production.add("kubernetes_persistent_volume_v1", {
          metadata: meta("extra"),
          spec: { persistent_volume_source: { host_path: { path: "/" } } },
        }),
      "kubernetes_persistent_volume",
    ],
    [
      "labels of a namespace by a resource of their own",
      (production) =>
        production.add("kubernetes_labels", {
          api_version: "v1",
          kind: "Namespace",
          metadata: meta("vault"),
          labels: { "pod-security.kubernetes.io/enforce": "privileged" },
        }),
      "kubernetes_labels",
    ],
    [
      "a store of secrets for all namespaces",
      manifest("ClusterSecretStore", "external-secrets.io/v1", {
        spec: { provider: { vault: { auth: { kubernetes: { role: "payment-service" } } } } },
      }),
      "kubernetes_manifest",
    ],
    [
      "a manifest that only Terraform knows",
      (production) => production.add("kubernetes_manifest", { manifest: "${var.x}" }),
      "only Terraform knows",
    ],
  ]);
});
