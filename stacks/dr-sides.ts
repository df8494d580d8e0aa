import { arnOf } from "../constructs/aws/arn";
import { partitionOf } from "../constructs/aws/region";
import type { DrHandoverLocation } from "../constructs/enterprise/dr-handover";
import { drNames, drRoleName } from "../platform/names";
import type { Environment } from "../platform/schema";

/** DR replication from the side of one environment, derived from its definition alone. */
export interface DrSide {
  /** Side of the environment. */
  readonly side: "primary" | "secondary";
  /** Id of the secondary at the primary: the name of the secondary's environment. */
  readonly secondaryId: string;
  /** Location of the hand-over's secrets, which belong to the secondary. */
  readonly location: DrHandoverLocation;
  /** ARN of the IAM role of the primary's Job. */
  readonly primaryRoleArn: string;
  /** ARN of the IAM role of the secondary's Job. */
  readonly secondaryRoleArn: string;
}

/** Derives the side of an environment. @returns undefined if it has no DR replication */
export function drSideOf(environment: Environment): DrSide | undefined {
  const dr = environment.vault.enterprise?.dr;
  if (!dr) return undefined;
  const own = { name: environment.name, account: environment.aws.account };
  const primary = dr.side === "primary" ? own : dr.primary;
  // Both sides are in one partition: a role of another partition does not exist here.
  const partition = partitionOf(environment.aws.region);
  const roleArn = ({ name, account }: { readonly name: string; readonly account: string }) =>
    arnOf({ partition, service: "iam", account, resource: `role/${drRoleName(name)}` });
  const secondary = dr.side === "primary" ? dr.secondary : { ...own, region: environment.aws.region };
  return {
    side: dr.side,
    secondaryId: secondary.name,
    location: {
      account: secondary.account,
      region: secondary.region,
      ...drNames(secondary.name),
    },
    primaryRoleArn: roleArn(primary),
    secondaryRoleArn: roleArn(secondary),
  };
}
