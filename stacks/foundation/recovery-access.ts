import { arnOf } from "../../constructs/aws/arn";
import { SEAL_ACTIONS } from "../../constructs/aws/kms-auto-unseal";
import { type PolicyStatement, bucketArn, viaService } from "../../constructs/aws/policy-document";
import { partitionOf } from "../../constructs/aws/region";
import { platformNames } from "../../platform/names";
import type { Environment } from "../../platform/schema";
import { keyHasAlias } from "./key-alias";

/** What a recovery environment uses of the one that it stands by for, and never changes. */
export interface RecoveryAccess {
  readonly unseal: PolicyStatement;
  /** Finds, fetches and opens the copies of its snapshots. */
  readonly fetch: readonly PolicyStatement[];
}

/**
 * The keys are known by their aliases, because AWS chose their identifiers when the other foundation made them. Nobody but
 * the break-glass principal moves the unseal key's alias.
 * @returns nothing for an environment of its own
 */
export function recoveryAccessOf(environment: Environment): RecoveryAccess | undefined {
  const { account, region } = environment.aws;
  const { recovered, unsealKeyAlias } = platformNames(environment);
  if (!recovered) return undefined;
  const partition = partitionOf(region);
  const keys = arnOf({ partition, service: "kms", region, account, resource: "key/*" });
  const bucket = bucketArn(partition, recovered.snapshotBucket);
  return {
    unseal: {
      sid: "Unseal",
      actions: [...SEAL_ACTIONS],
      resources: [keys],
      condition: [keyHasAlias(unsealKeyAlias)],
    },
    fetch: [
      { sid: "FindLatestCopy", actions: ["s3:ListBucket"], resources: [bucket] },
      { sid: "FetchCopy", actions: ["s3:GetObject"], resources: [`${bucket}/*`] },
      {
        sid: "DecryptCopy",
        actions: ["kms:Decrypt"],
        resources: [keys],
        condition: [keyHasAlias(recovered.snapshotKeyAlias), viaService("s3", region)],
      },
    ],
  };
}
