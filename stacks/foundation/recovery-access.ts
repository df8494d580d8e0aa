import { arnOf } from "../../constructs/aws/arn";
import { SEAL_ACTIONS } from "../../constructs/aws/kms-auto-unseal";
import { type PolicyStatement, bucketArn, viaService } from "../../constructs/aws/policy-document";
import { partitionOf } from "../../constructs/aws/region";
import { platformNames } from "../../platform/names";
import type { Environment } from "../../platform/schema";
import { keyHasAlias } from "./key-alias";

/** Access of a recovery environment to resources of the original. It never changes them. */
export interface RecoveryAccess {
  /** Allows use of the unseal key. */
  readonly unseal: PolicyStatement;
  /** Allows to find, fetch and decrypt the copies of the original's snapshots. */
  readonly fetch: readonly PolicyStatement[];
}

/**
 * Derives the access of a recovery environment. Conditions match the keys by alias, because AWS chose their identifiers
 * when the original's foundation created them. Only the break-glass principal can move the alias of the unseal key.
 * @returns undefined if the environment recovers no other
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
