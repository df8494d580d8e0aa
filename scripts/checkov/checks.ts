/** What the project says of one check: what it holds here, or why it cannot fail on what is synthesized. */
export type CheckList = Readonly<Record<string, string>>;

/**
 * Checks that are claimed: each is seen at work on the synthesized stacks, and fails on its bad example in
 * `bad-examples.ts` in the same run.
 */
export const CLAIMED: CheckList = {
  CKV_AWS_7: "keys rotate",
  CKV_AWS_227: "keys are enabled",
  CKV2_AWS_64: "keys have a policy of their own",
  CKV_AWS_18: "buckets log their accesses",
  CKV_AWS_19: "buckets encrypt by an algorithm that S3 knows",
  CKV_AWS_20: "no bucket is readable by the public through an ACL",
  CKV_AWS_21: "buckets keep versions",
  CKV_AWS_53: "buckets block public ACLs",
  CKV_AWS_54: "buckets block public policies",
  CKV_AWS_55: "buckets ignore public ACLs",
  CKV_AWS_56: "buckets restrict public access",
  CKV_AWS_57: "no bucket is writable by the public through an ACL",
  CKV_AWS_144: "buckets are copied to another region",
  CKV_AWS_145: "buckets encrypt under a customer key",
  CKV_AWS_300: "uploads that were not finished are removed",
  CKV2_AWS_6: "buckets have a public access block",
  CKV2_AWS_61: "buckets have a lifecycle",
  CKV2_AWS_62: "buckets notify somebody",
  CKV_AWS_1: "no policy document allows all actions on all resources",
  CKV_AWS_49: "no policy document allows all actions",
  CKV_AWS_107: "no policy document exposes credentials",
  CKV_AWS_108: "no policy document lets data out without constraint",
  CKV_AWS_109: "no policy document gives permissions management without constraint",
  CKV_AWS_110: "no policy document lets its holder raise his own rights",
  CKV_AWS_111: "no policy document allows writes without constraint",
  CKV_AWS_283: "no policy document admits every AWS principal",
  CKV_AWS_356: "no policy document has * as resource of actions that could be narrowed",
  CKV_AWS_358: "GitHub workflows are told apart by safe claims",
  CKV_AWS_149: "secrets are encrypted under a customer key",
  CKV2_AWS_57: "secrets rotate by themselves",
};

const READS_JSON =
  "reads policies that are written as JSON; here each is a reference to a policy document, which";

/**
 * Checks that cannot fail on what is synthesized, whatever is wrong with it. Their bad examples show that too: once
 * a newer checkov sees them, the run says that the check can be claimed.
 */
export const NOT_COVERED: CheckList = {
  CKV_AWS_33: `${READS_JSON} CKV_AWS_283 reads`,
  CKV_AWS_60: `${READS_JSON} CKV_AWS_283 reads`,
  CKV_AWS_61: `${READS_JSON} no check reads for this; the tests of the policy documents do`,
  CKV_AWS_62: `${READS_JSON} CKV_AWS_1 reads`,
  CKV_AWS_63: `${READS_JSON} CKV_AWS_49 reads`,
  CKV_AWS_70: `${READS_JSON} CKV_AWS_283 reads`,
  CKV_AWS_93: `${READS_JSON} no check reads for this; the tests of the policy documents do`,
  CKV_AWS_143:
    "reads an argument of the bucket that the AWS provider deprecates; object lock is a resource of its own here, which the tests of the snapshot bucket read",
  CKV_AWS_286: `${READS_JSON} CKV_AWS_110 reads`,
  CKV_AWS_287: `${READS_JSON} CKV_AWS_107 reads`,
  CKV_AWS_288: `${READS_JSON} CKV_AWS_108 reads`,
  CKV_AWS_289: `${READS_JSON} CKV_AWS_109 reads`,
  CKV_AWS_290: `${READS_JSON} CKV_AWS_111 reads`,
  CKV_AWS_355: `${READS_JSON} CKV_AWS_356 reads`,
  CKV2_AWS_40:
    "reads only statements that spell out the effect Allow, which is the default and left out here; the tests of the policy documents look for such statements",
};
