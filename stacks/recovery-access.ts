import { SEAL_ACTIONS } from "../constructs/aws/kms-auto-unseal";
import type { PolicyStatement } from "../constructs/aws/policy-document";
import { platformNames } from "../environments/names";
import type { Environment } from "../environments/schema";
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
  const keys = `arn:aws:kms:${region}:${account}:key/*`;
  const bucket = `arn:aws:s3:::${recovered.snapshotBucket}`;
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
        condition: [
          keyHasAlias(recovered.snapshotKeyAlias),
          { test: "StringEquals", variable: "kms:ViaService", values: [`s3.${region}.amazonaws.com`] },
        ],
      },
    ],
  };
}
