import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { TerraformStack, Testing } from "cdktf";
import { CaBundle } from "../../constructs/server/ca-bundle";
import { EncryptedStorageClass } from "../../constructs/server/encrypted-storage-class";
import { NetworkPolicies } from "../../constructs/network/network-policies";
import { PipelineAccess } from "../../constructs/jobs/pipeline-access";
import { vaultAt } from "../../constructs/server/vault";
import { VaultNamespace } from "../../constructs/server/vault-namespace";
import { WorkloadEgressPolicy } from "../../constructs/network/workload-egress-policy";
import { CrdDeclaration } from "../../constructs/core/custom-resources";
import { exampleCa } from "../../environments/shared";
import { testWithTerraform } from "../support/terraform";

testWithTerraform(
  ["helm", "kubernetes"],
  "plans the constructs around Vault with real providers, without a cluster",
  (plan) => {
    const stack = new TerraformStack(Testing.app(), "test");
    new KubernetesProvider(stack, "Kubernetes", { host: "https://127.0.0.1:1" });
    new HelmProvider(stack, "Helm", { kubernetes: { host: "https://127.0.0.1:1" }, helmDriver: "configmap" });
    const namespace = new VaultNamespace(stack, "Namespace");
    new EncryptedStorageClass(stack, "StorageClass");
    const policies = new NetworkPolicies(stack, "NetworkPolicies", {
      namespace: "vault",
      controlPlane: ["10.30.0.0/20"],
      databases: [{ name: "payments-db", host: "payments-db.production.svc", port: 5432 }],
    });
    new WorkloadEgressPolicy(stack, "Egress", {
      namespace: "production",
      podLabels: { app: "payment-service" },
      vault: vaultAt(),
    });
    const certificates = CaBundle.ofCertificates(stack, "Certificates", {
      certificates: [exampleCa],
      namespaces: ["vault"],
    });
    const trustManager = CaBundle.byTrustManager(stack, "TrustManager", {
      namespace: "vault",
      secretName: "vault-ca",
      crds: CrdDeclaration.groups("trust.cert-manager.io"),
    });
    const access = new PipelineAccess(stack, "Access", { namespace: "vault" });
    for (const it of [policies, certificates, trustManager, access]) it.node.addDependency(namespace);

    const { resources, rendered } = plan(stack, { render: ["vault-ca-bundle"] });
    expect(resources("kubernetes_network_policy_v1")).toHaveLength(9);
    expect(resources("kubernetes_namespace_v1")[0].metadata[0].name).toBe("vault");
    const [denyAll] = resources("kubernetes_network_policy_v1").filter(
      ({ metadata }) => metadata[0].name === "deny-all",
    );
    expect(denyAll.spec[0]).toMatchObject({
      egress: [],
      ingress: [],
      pod_selector: [{ match_expressions: [], match_labels: null }],
      policy_types: ["Ingress", "Egress"],
    });
    expect(resources("kubernetes_config_map_v1")[0].data).toEqual({ "ca.crt": exampleCa });
    expect(rendered["vault-ca-bundle"].map(({ kind }) => kind)).toEqual(["Bundle"]);
  },
);
