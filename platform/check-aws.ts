import { parsePrincipal } from "../constructs/aws/arn";
import { AwsRegion, partitionOf } from "../constructs/aws/region";
import type { Check, Path } from "./check";
import { rolePrefixOf } from "./names";
import type { Environment } from "./schema";

const copies: readonly Check[] = [
  ({ backup, aws }, report) => {
    if (backup.replicate && !aws.replica) {
      report(["backup", "replicate"], true, "false, or a region in aws.replica to copy snapshots to");
    }
  },
  ({ aws: { replica, region } }, report) => {
    if (replica?.region === region) {
      report(["aws", "replica", "region"], region, "another region than aws.region");
    }
  },
  ({ recovers, aws: { replica } }, report) => {
    if (recovers && replica) {
      const allowed = `nothing: the key is that of ${recovers.environment}, which has its replica here`;
      report(["aws", "replica"], replica, allowed);
    }
  },
];

/** Requires a region of the same partition: its accounts, roles and keys do not exist in another one. */
function samePartition(path: Path, regionOf: (environment: Environment) => string | undefined): Check {
  return (environment, report) => {
    const region = regionOf(environment);
    const partition = partitionOf(environment.aws.region);
    if (region === undefined || partitionOf(region) === partition) return;
    report(path, region, `a region of the partition ${partition}, as ${environment.aws.region} is`);
  };
}

const partitions: readonly Check[] = [
  samePartition(["aws", "replica", "region"], ({ aws }) => aws.replica?.region),
  samePartition(["aws", "stateRegion"], ({ aws }) => aws.stateRegion),
  samePartition(["vault", "enterprise", "dr", "secondary", "region"], ({ vault: { enterprise } }) =>
    enterprise?.dr?.side === "primary" ? enterprise.dr.secondary.region : undefined,
  ),
];

/**
 * Requires a principal of this account. IAM policies and the audit log of another account are out of reach here. The
 * key policy would also lock out a break-glass principal of another account.
 */
function principal(path: Path, arnOf: (environment: Environment) => string | undefined): readonly Check[] {
  return [
    (environment, report) => {
      const { account, region } = environment.aws;
      const arn = arnOf(environment);
      const parts = arn === undefined ? undefined : parsePrincipal(arn);
      if (!parts) return;
      const partition = partitionOf(region);
      if (parts.partition !== partition) {
        report(path, arn, `a principal of the partition ${partition}, which ${region} (aws.region) is in`);
      } else if (parts.account !== account) {
        report(path, arn, `a principal of the account ${account} (aws.account)`);
      }
    },
    // Pipelines may change roles with the prefix of the environment.
    (environment, report) => {
      const prefix = rolePrefixOf(environment.name);
      const arn = arnOf(environment);
      if (arn?.includes(`:role/${prefix}`)) {
        const allowed = `a role whose name does not start with ${prefix}: pipelines change the trust of those`;
        report(path, arn, allowed);
      }
    },
  ];
}

const principals: readonly Check[] = [
  ...principal(["aws", "breakGlassPrincipal"], ({ aws }) => aws.breakGlassPrincipal),
  ...[0, 1, 2, 3, 4].flatMap((index) =>
    principal(["aws", "recoveryCustodians", index], ({ aws }) => aws.recoveryCustodians[index]),
  ),
];

const zones: readonly Check[] = [
  ({ kubernetes, aws: { region } }, report) => {
    if (kubernetes.zones.every((zone) => zone.slice(0, -1) === region)) return;
    report(["kubernetes", "zones"], kubernetes.zones, `zones of ${region} (aws.region), such as ${region}a`);
  },
  ({ kubernetes, vault: { replicas } }, report) => {
    if (new Set(kubernetes.zones).size === 2 && replicas > 1) {
      const allowed =
        "one zone or at least three: one of two has the majority of the servers, and its loss stops Vault";
      report(["kubernetes", "zones"], kubernetes.zones, allowed);
    }
  },
];

/**
 * Requires a host of an EKS cluster in the environment's region. Keys, roles and access entries of another region would
 * not match the cluster. EKS host names contain the region.
 */
function eksHost(field: "oidcProvider" | "apiServer"): Check {
  return ({ kubernetes, aws }, report) => {
    const region = AwsRegion.find(aws.region);
    const hostname = /^(?:https:\/\/)?([^/:]+)/.exec(kubernetes[field])?.[1].toLowerCase() ?? "";
    if (kubernetes.distribution !== "eks" || !region || !AwsRegion.isHost(hostname)) return;
    if (!region.hasHost(hostname)) {
      const allowed = `that of a cluster in ${region.name} (aws.region)`;
      report(["kubernetes", field], kubernetes[field], allowed);
    }
  };
}

/** Checks that compare AWS fields with each other and with the cluster. */
export const awsChecks: readonly Check[] = [
  ...copies,
  ...partitions,
  ...principals,
  ...zones,
  eksHost("oidcProvider"),
  eksHost("apiServer"),
];
