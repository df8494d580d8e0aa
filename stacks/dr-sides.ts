import { arnOf } from "../constructs/aws/arn";
import { partitionOf } from "../constructs/aws/region";
import type { DrHandoverLocation } from "../constructs/enterprise/dr-handover";
import { drNames, drRoleName } from "../platform/names";
import type { Environment } from "../platform/schema";

/** What DR replication means for one environment, derived from its own definition alone. */
export interface DrSide {
  readonly side: "primary" | "secondary";
  /** Id by which the primary knows the secondary: the name of its environment. */
  readonly secondaryId: string;
  /** The containers of the hand-over, which are the secondary's. */
  readonly location: DrHandoverLocation;
  readonly primaryRoleArn: string;
  readonly secondaryRoleArn: string;
}

/** @returns nothing where the environment replicates to none and from none */
export function drSideOf(environment: Environment): DrSide | undefined {
  const dr = environment.vault.enterprise?.dr;
  if (!dr) return undefined;
  const own = { name: environment.name, account: environment.aws.account };
  const primary = dr.side === "primary" ? own : dr.primary;
  // Both sides are in one partition: no role of one is known in another.
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
