import { guardedKind, unsealKeysOf } from "../../analysis/aws/grave-actions";
import { awsModelOf } from "../readers/iam";
import { NOT_APPLICABLE, type Rule, judge } from "../rule";
import { forPlatform } from "../subjects";

/** Reports buckets of snapshots and of Terraform's state that no KMS key encrypts. */
export const bucketEncryption: Rule = {
  id: "bucket-encryption",
  level: "error",
  title: "Buckets of snapshots and state are encrypted by a key of KMS",
  item: "cloud",
  fix: "Add an aws_s3_bucket_server_side_encryption_configuration with aws:kms and your key, as PrivateBucket does.",
  source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html",
  check: forPlatform((platform) => {
    if (platform.resources("aws_s3_bucket").length === 0) return NOT_APPLICABLE;
    const model = awsModelOf(platform);
    const unsealKeys = unsealKeysOf(model);
    const guarded = model.targets.filter(
      (it) => it.kind === "bucket" && /^(snapshots|state)$/.test(guardedKind(it, unsealKeys)),
    );
    if (guarded.length === 0) return NOT_APPLICABLE;
    const configurations = model.of("aws_s3_bucket_server_side_encryption_configuration");
    return judge(
      guarded.flatMap(({ name, arn, block }) => {
        const isEncrypted = configurations.some(({ attributes, stack }) => {
          const bucket = model.names.resolve(String(attributes.bucket), stack);
          return (bucket === name || bucket === arn) && /aws:kms/.test(JSON.stringify(attributes.rule ?? ""));
        });
        return isEncrypted ? [] : [`no key of KMS encrypts the bucket ${block.name}`];
      }),
    );
  }),
};
