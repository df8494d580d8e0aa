import { block } from "../readers/blocks";
import type { Rule } from "../rule";
import { forResources } from "../subjects";

/** Reports KMS keys that a plan can destroy, or with a short deletion window. */
export const kmsDeletion: Rule = {
  id: "kms-deletion",
  level: "error",
  title: "A key cannot be destroyed by a plan, and 30 days remain to take a deletion back",
  item: "cloud",
  fix: "Set deletion_window_in_days = 30 and lifecycle prevent_destroy; without its key Vault's data is lost for good.",
  source: "https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html",
  check: forResources(["aws_kms_key", "aws_kms_replica_key", "aws_kms_external_key"], ({ body }) => {
    const days = body.deletion_window_in_days;
    return [
      ...(typeof days === "number" && days < 30 ? [`the key is gone ${days} days after its deletion`] : []),
      ...(block(body.lifecycle).prevent_destroy === true ? [] : ["a plan may destroy the key"]),
    ];
  }),
};
