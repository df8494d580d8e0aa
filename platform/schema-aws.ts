import { z } from "zod";
import * as field from "./fields";

const replication = z.strictObject({
  /** Region of the key's replica and of the snapshots' copy. */
  region: field.region,
});

const awsFields = z.strictObject({
  account: field.account,
  region: field.region,
  /** Region of the account's state bucket; the same for all environments of an account. @default - region */
  stateRegion: field.region.optional(),
  /** Alias of the unseal key. @default alias/vault-unseal-key */
  unsealKeyAlias: field
    .text(/^alias\/(?!aws\/)[\w/-]+$/, "a KMS alias that starts with alias/ and not with alias/aws/")
    .default("alias/vault-unseal-key"),
  /** The one principal that may delete, disable or re-assign the unseal key. */
  breakGlassPrincipal: field.principal,
  /** One principal per recovery share; each reads its own share and no other. */
  recoveryCustodians: z
    .array(field.principal)
    .length(5, "five principals, one per recovery share")
    .refine(
      (list) => new Set(list).size === list.length,
      "five different principals: one who holds two shares counts twice",
    ),
  /** Makes the unseal key multi-Region and copies every snapshot. @default - one region */
  replica: replication.optional(),
});

export const aws = awsFields.transform((value) => ({ ...value, stateRegion: stateRegionOf(value) }));

/** Region of the state bucket; also of a definition that has problems, in which no default is filled in here. */
export function stateRegionOf(aws: { readonly region: string; readonly stateRegion?: string }): string {
  return aws.stateRegion ?? aws.region;
}
