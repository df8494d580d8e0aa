import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { TerraformStack, Testing } from "cdktf";
import { Seal } from "../../constructs/server/seal";
import { Tls } from "../../constructs/server/tls";
import { VaultHaCluster } from "../../constructs/server/vault-ha-cluster";
import type { VaultHaClusterProps } from "../../constructs/server/vault-ha-cluster-props";
import { CrdDeclaration } from "../../constructs/core/custom-resources";
import { OutboundProxy } from "../../constructs/core/outbound-proxy";
import { describeWithChart } from "../support/charts";
import { type Plan, testWithTerraform } from "../support/terraform";

type Block = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

describeWithChart("vault", "what the real chart makes of the values", (repository) => {
  const build = (props: Partial<VaultHaClusterProps> = {}) => {
    const stack = new TerraformStack(Testing.app(), "test");
    new KubernetesProvider(stack, "Kubernetes", {});
    new HelmProvider(stack, "Helm", { helmDriver: "configmap" });
    new VaultHaCluster(stack, "Vault", {
      seal: Seal.awsKms({ keyId: "alias/vault-unseal-key", region: "us-east-1", roleArn: "arn" }),
      tls: Tls.certManager({ kind: "ClusterIssuer", name: "ca", type: "ca" }),
      crds: CrdDeclaration.groups("cert-manager.io"),
      chart: { repository, version: "0.34.1" },
      zones: ["a", "b", "c"],
      ...props,
    });
    return stack;
  };
  const objects = (plan: Plan, kind: string): Block[] =>
    plan.rendered.vault.filter((object) => object.kind === kind);
  const named = (plan: Plan, kind: string, name: string): Block =>
    objects(plan, kind).find(({ metadata }) => metadata.name === name)!;

  testWithTerraform(["kubernetes", "helm"], "renders pull Secrets for all pods, and the proxy", (plan) => {
    const proxy = new OutboundProxy({ url: "http://proxy.example.com:3128" });
    const result = plan(build({ imagePullSecrets: ["registry-credentials"], proxy }), { render: ["vault"] });
    const pods = [named(result, "StatefulSet", "vault"), named(result, "Deployment", "vault-agent-injector")];
    for (const { spec } of pods) {
      expect(spec.template.spec.imagePullSecrets).toEqual([{ name: "registry-credentials" }]);
    }
    const [{ env }] = pods[0].spec.template.spec.containers;
    expect(env).toContainEqual({ name: "HTTPS_PROXY", value: "http://proxy.example.com:3128" });
    const noProxy = env.find(({ name }: Block) => name === "NO_PROXY").value.split(",");
    expect(noProxy).toEqual(
      expect.arrayContaining([".svc", ".vault-internal", "$(KUBERNETES_SERVICE_HOST)"]),
    );
  });

  testWithTerraform(["kubernetes", "helm"], "renders no disruption budget for one server", (plan) => {
    const result = plan(build({ replicas: 1, zones: [] }), { render: ["vault"] });
    expect(objects(result, "PodDisruptionBudget").map(({ metadata }) => metadata.name)).toEqual([
      "vault-agent-injector",
    ]);
  });

  testWithTerraform(["kubernetes", "helm"], "renders StatefulSet, Services, budgets and RBAC", (plan) => {
    const result = plan(build(), { render: ["vault"] });
    const set = named(result, "StatefulSet", "vault").spec;
    expect(set).toMatchObject({
      replicas: 3,
      updateStrategy: { type: "OnDelete" },
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
    });
    const pod = set.template.spec;
    const [vault, reload] = pod.containers;
    expect(pod.securityContext).toEqual({
      fsGroup: 1000,
      runAsGroup: 1000,
      runAsNonRoot: true,
      runAsUser: 100,
      seccompProfile: { type: "RuntimeDefault" },
    });
    expect(vault.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      readOnlyRootFilesystem: true,
    });
    expect(reload.name).toBe("reload-certificate");
    expect(pod.shareProcessNamespace).toBe(true);
    const env = Object.fromEntries(vault.env.map(({ name, value }: Block) => [name, value]));
    expect(env).toMatchObject({
      VAULT_ADDR: "https://127.0.0.1:8200",
      VAULT_API_ADDR: "https://$(VAULT_K8S_POD_NAME).vault-internal.vault.svc:8200",
      VAULT_CLUSTER_ADDR: "https://$(HOSTNAME).vault-internal:8201",
      VAULT_CACERT: "/vault/tls/ca.crt",
      AWS_REGION: "us-east-1",
    });
    const order = vault.env.map(({ name }: Block) => name);
    // Kubernetes only expands variables that were defined before.
    expect(order.indexOf("VAULT_K8S_POD_NAME")).toBeLessThan(order.indexOf("VAULT_API_ADDR"));
    expect(vault.readinessProbe.httpGet).toMatchObject({ port: 8200, scheme: "HTTPS" });
    expect(vault.livenessProbe.httpGet.path).toContain("sealedcode=204");
    expect(vault.ports).toContainEqual({ name: "metrics", containerPort: 8210 });
    expect(vault.volumeMounts.map(({ mountPath }: Block) => mountPath).sort()).toEqual([
      "/home/vault",
      "/tmp",
      "/vault/audit",
      "/vault/config",
      "/vault/data",
      "/vault/tls",
    ]);
    expect(
      set.volumeClaimTemplates.map(({ metadata, spec }: Block) => [
        metadata.name,
        spec.storageClassName,
        spec.resources.requests.storage,
      ]),
    ).toEqual([
      ["data", "gp3", "10Gi"],
      ["audit", "gp3", "10Gi"],
    ]);
    expect(pod.topologySpreadConstraints).toHaveLength(1);
    expect(pod.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution).toHaveLength(1);

    expect(
      objects(result, "Service")
        .map(({ metadata }) => metadata.name)
        .sort(),
    ).toEqual([
      "vault",
      "vault-active",
      "vault-agent-injector-svc",
      "vault-internal",
      "vault-standby",
      "vault-ui",
    ]);
    expect(named(result, "PodDisruptionBudget", "vault").spec.maxUnavailable).toBe(1);
    expect(named(result, "PodDisruptionBudget", "vault-agent-injector").spec.maxUnavailable).toBe(1);
    expect(named(result, "ClusterRoleBinding", "vault-server-binding").roleRef.name).toBe(
      "system:auth-delegator",
    );
    expect(named(result, "Role", "vault-discovery-role").rules[0].verbs).toEqual([
      "get",
      "watch",
      "list",
      "update",
      "patch",
    ]);
    const account = named(result, "ServiceAccount", "vault");
    expect(account.metadata.annotations).toEqual({ "eks.amazonaws.com/role-arn": "arn" });
  });

  testWithTerraform(["kubernetes", "helm"], "renders the server configuration unchanged", (plan) => {
    const stack = build();
    const { serverConfiguration } = stack.node.findChild("Vault") as VaultHaCluster;
    const config = named(plan(stack, { render: ["vault"] }), "ConfigMap", "vault-config").data;
    expect(config["extraconfig-from-values.hcl"].trim()).toBe(serverConfiguration.trim());
  });

  testWithTerraform(["kubernetes", "helm"], "limits the injector to client namespaces", (plan) => {
    const result = plan(build(), { render: ["vault"] });
    const [webhook] = named(result, "MutatingWebhookConfiguration", "vault-agent-injector-cfg").webhooks;
    expect(webhook).toMatchObject({
      failurePolicy: "Fail",
      namespaceSelector: { matchLabels: { "vault-platform/client": "true" } },
    });
    const injector = named(result, "Deployment", "vault-agent-injector").spec;
    expect(injector.replicas).toBe(2);
    expect(injector.template.spec.containers[0].securityContext.readOnlyRootFilesystem).toBe(true);
  });

  testWithTerraform(["kubernetes", "helm"], "probes with vault status under mutual TLS", (plan) => {
    const tls = Tls.certManager({ kind: "Issuer", name: "ca", type: "ca" }, { mutual: true });
    const [vault] = named(plan(build({ tls }), { render: ["vault"] }), "StatefulSet", "vault").spec.template
      .spec.containers;
    expect(vault.readinessProbe.exec.command.join(" ")).toContain("vault status");
    expect(vault.livenessProbe.exec.command.join(" ")).toContain("vault status");
  });

  testWithTerraform(["kubernetes", "helm"], "renders no anti-affinity for servers on one node", (plan) => {
    const result = plan(build({ allowServersOnOneNode: true }), { render: ["vault"] });
    expect(named(result, "StatefulSet", "vault").spec.template.spec).not.toHaveProperty("affinity");
  });
});
