import type { App, TerraformStack } from "cdktf";
import { Testing } from "cdktf";
import { production } from "../../environments/production";
import { buildPlatform } from "../../stacks";
import { describeWithChart } from "../support/charts";
import { testWithTerraform } from "../support/terraform";

function layer(name: string, charts?: string): TerraformStack {
  const app = Testing.app() as App;
  buildPlatform(app, [{ ...production, ...(charts && { mirrors: { charts } }) }]);
  return app.node.findChild(`production-${name}`) as TerraformStack;
}

testWithTerraform(
  ["kubernetes", "vault"],
  "plans the config layer without a cluster and without Vault",
  (plan) => {
    const result = plan(layer("config"), { variables: { cluster_login: "false" } });
    expect(
      result.resources("vault_kubernetes_auth_backend_role").map(({ role_name: role }) => role),
    ).toContain("payment-service");
  },
);

testWithTerraform(["kubernetes", "helm"], "plans the workloads layer without a cluster", (plan) => {
  const result = plan(layer("workloads"));
  expect(result.resources("kubernetes_deployment_v1").map(({ metadata }) => metadata[0].name)).toEqual([
    "payment-service",
  ]);
});

describeWithChart("vault", "with the charts at hand", (charts) => {
  testWithTerraform(["kubernetes", "helm"], "plans the cluster layer without a cluster", (plan) => {
    const result = plan(layer("cluster", charts));
    expect(
      result
        .resources("helm_release")
        .map(({ name }) => name)
        .sort(),
    ).toEqual([
      "cert-manager",
      "external-secrets",
      "vault",
      "vault-alerts",
      "vault-certificate",
      "vault-pod-monitor",
    ]);
  });
});
