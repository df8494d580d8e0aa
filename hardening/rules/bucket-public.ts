import { type Element, refersTo } from "../element";
import { isReference, isTrue, text } from "../readers/blocks";
import type { Selection } from "../../analysis/aws/iam-policy";
import { type ElementPolicy, isForEverybody, judgePolicies, policiesIn } from "../readers/iam";
import type { Rule } from "../rule";
import { all, forElements, forResources } from "../subjects";

const BLOCKS = ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"];

/** Reports S3 buckets with public access. */
export const bucketPublic: Rule = {
  id: "bucket-public",
  level: "error",
  title: "No bucket is open to the public",
  item: "cloud",
  fix: "Add an aws_s3_bucket_public_access_block with all four switches, as PrivateBucket does.",
  source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
  check: all(
    forResources(["aws_s3_bucket"], (bucket) =>
      isBlocked(bucket) ? [] : ["public access to the bucket is not blocked"],
    ),
    forResources(["aws_s3_bucket_public_access_block", "aws_s3_account_public_access_block"], ({ body }) =>
      BLOCKS.filter((name) => !isTrue(body[name])).map((name) => `${name} is not true`),
    ),
    forResources(["aws_s3_bucket", "aws_s3_bucket_acl"], ({ body }) =>
      /^(public-|authenticated-read)/.test(text(body.acl) ?? "") ? [`the ACL is ${text(body.acl)}`] : [],
    ),
    forElements(
      (element) => policiesIn(element).some(isOfBucket),
      (element) =>
        judgePolicies(policiesIn(element).filter(isOfBucket), (it) =>
          isForEverybody(it) ? [`a policy allows everybody ${actionsText(it.actions)}`] : [],
        ),
    ),
  ),
};

function isOfBucket({ kind, policy }: ElementPolicy): boolean {
  const isOfS3 = ({ values }: Selection) => values.some((it) => /^(s3:|\*)/i.test(it));
  return (
    kind === "bucket" ||
    (kind === "document" &&
      policy.statements.some(({ actions, principals }) => principals && isOfS3(actions)))
  );
}

function actionsText({ isNot, values }: Selection): string {
  return isNot ? `everything but ${values.join(", ")}` : values.join(", ");
}

function isBlocked(bucket: Element): boolean {
  const { platform, body } = bucket;
  const ofAccount = platform.resources("aws_s3_account_public_access_block").length > 0;
  return (
    ofAccount ||
    platform
      .resources("aws_s3_bucket_public_access_block")
      .some(
        ({ body: it }) =>
          refersTo(it.bucket, bucket) || (!isReference(it.bucket) && it.bucket === body.bucket),
      )
  );
}
