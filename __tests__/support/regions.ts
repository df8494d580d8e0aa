import { AwsRegion } from "../../constructs/aws/region";
import type { EnvironmentDefinition } from "../../platform/schema";

/**
 * Copy of a definition in other regions. Zones, copies, hosts of EKS and principals move along.
 * @param regions new region by old region; all new regions are in one partition
 */
export function moved(
  definition: EnvironmentDefinition,
  regions: Readonly<Record<string, string>>,
): EnvironmentDefinition {
  const [first] = Object.values(regions);
  const { partition, dnsSuffix } = AwsRegion.find(first)!;
  const known = new RegExp(Object.keys(regions).join("|"), "g");
  const text = JSON.stringify(definition)
    .replace(known, (region) => regions[region])
    .replaceAll("arn:aws:", `arn:${partition}:`)
    .replace(/(?<=\beks\.[\w-]+\.|\beks\.)amazonaws\.com/g, dnsSuffix);
  return JSON.parse(text) as EnvironmentDefinition;
}

/** Copy of a single-region definition in another region. */
export function inRegion(definition: EnvironmentDefinition, region: string): EnvironmentDefinition {
  return moved(definition, { [definition.aws.region]: region });
}

/** Copy of a definition in AWS GovCloud. */
export function govCloud(definition: EnvironmentDefinition): EnvironmentDefinition {
  return moved(definition, { "us-east-1": "us-gov-west-1", "us-west-2": "us-gov-east-1" });
}
