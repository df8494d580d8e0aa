import { type App, type TerraformStack, Testing } from "cdktf";
import { drProduction } from "../../environments/dr-production";
import { production } from "../../environments/production";
import type { EnvironmentDefinition } from "../../platform/schema";
import { buildPlatform } from "../../stacks";
import { moved } from "../support/regions";
import { testWithTerraform } from "../support/terraform";

function stackOf(name: string, regions: Readonly<Record<string, string>>): TerraformStack {
  const app = Testing.app() as App;
  const definitions: EnvironmentDefinition[] = [production, drProduction];
  buildPlatform(
    app,
    definitions.map((it) => moved(it, regions)),
  );
  return app.node.findChild(name) as TerraformStack;
}

describe.each([
  ["us-gov-west-1", "us-gov-east-1", "aws-us-gov"],
  ["cn-north-1", "cn-northwest-1", "aws-cn"],
])("in %s, with copies in %s", (region, replica, partition) => {
  const regions = { "us-east-1": region, "us-west-2": replica };

  for (const name of ["production-foundation", "dr-production-foundation", "account-333333333333"]) {
    testWithTerraform(["aws"], `plans ${name} with ARNs of the partition only`, (plan) => {
      const result = plan(stackOf(name, regions));
      const arns = JSON.stringify(result.resources("aws_iam_role")).match(/arn:[\w-]+/g) ?? [];
      expect(new Set(arns)).toEqual(new Set(name.startsWith("account") ? [] : [`arn:${partition}`]));
      expect(result.resources("aws_kms_key").length).toBeGreaterThan(0);
    });
  }
});
