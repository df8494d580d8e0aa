import { z } from "zod";
import * as field from "./fields";

const replication = z.strictObject({
  region: field.region,
});

const awsFields = z.strictObject({
  account: field.account,
  region: field.region,
  stateRegion: field.region.optional(),
  unsealKeyAlias: field
    .text(/^alias\/(?!aws\/)[\w/-]+$/, "a KMS alias that starts with alias/ and not with alias/aws/")
    .default("alias/vault-unseal-key"),
  breakGlassPrincipal: field.principal,
  recoveryCustodians: z
    .array(field.principal)
    .length(5, "five principals, one per recovery share")
    .refine(
      (list) => new Set(list).size === list.length,
      "five different principals: one who holds two shares counts twice",
    ),
  replica: replication.optional(),
});

/** Schema of `AwsDefinition`. */
export const aws = awsFields.transform((value) => ({ ...value, stateRegion: stateRegionOf(value) }));

/** Region of the state bucket. It also works for an invalid definition, in which the default is not filled in. */
export function stateRegionOf(aws: { readonly region: string; readonly stateRegion?: string }): string {
  return aws.stateRegion ?? aws.region;
}
