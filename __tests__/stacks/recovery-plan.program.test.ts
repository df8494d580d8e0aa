import { type App, type TerraformStack, Testing } from "cdktf";
import { drProduction } from "../../environments/dr-production";
import { production } from "../../environments/production";
import type { EnvironmentDefinition } from "../../platform/schema";
import { buildPlatform } from "../../stacks";
import { describeWithChart } from "../support/charts";
import { testWithTerraform } from "../support/terraform";

function layer(name: string, recovery: EnvironmentDefinition): TerraformStack {
  const app = Testing.app() as App;
  buildPlatform(app, [production, recovery]);
  return app.node.findChild(`dr-production-${name}`) as TerraformStack;
}

testWithTerraform(
  ["kubernetes", "vault"],
  "plans the config layer of a recovery environment without Vault",
  (plan) => {
    const serving = { ...drProduction, recovers: { environment: "production", isActive: true } };
    const result = plan(layer("config", serving), { variables: { cluster_login: "false" } });
    expect(result.resources("vault_mount").map(({ path }) => path)).toContain("secret");
  },
);

describeWithChart("vault", "with the charts at hand", (charts) => {
  testWithTerraform(
    ["kubernetes", "helm"],
    "plans the cluster layer of a standby without a cluster",
    (plan) => {
      const result = plan(layer("cluster", { ...drProduction, mirrors: { charts } }));
      expect(result.resources("kubernetes_cron_job_v1").map(({ metadata }) => metadata[0].name)).toContain(
        "vault-restore",
      );
    },
  );
});
