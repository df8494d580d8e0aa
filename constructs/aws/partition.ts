import { TerraformProvider, TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { isLiteral } from "../core/tokens";
import { type AwsPartition, partitionOf } from "./region";

/** Partition and provider of a construct. */
export interface PartitionProps {
  /**
   * Partition of the ARNs that the construct writes, such as `aws-us-gov`.
   * @default - the partition of the provider's region; aws if the provider does not name a region
   */
  readonly partition?: AwsPartition;
  /** Provider of the resources. @default - the stack's provider */
  readonly provider?: TerraformProvider;
}

/** Returns the partition of the ARNs that a construct writes. */
export function partitionAt(scope: IConstruct, { partition, provider }: PartitionProps = {}): AwsPartition {
  if (partition) return partition;
  const providers = provider ? [provider] : TerraformStack.of(scope).node.children.filter(isDefaultProvider);
  const { region } = (providers[0] ?? {}) as { readonly region?: string };
  return isLiteral(region) ? partitionOf(region) : "aws";
}

function isDefaultProvider(child: IConstruct): child is TerraformProvider {
  return child instanceof TerraformProvider && child.terraformResourceType === "aws" && !child.alias;
}
