import { isTrue, text } from "../readers/blocks";
import type { Rule } from "../rule";
import { forElements } from "../subjects";

/** Reports KMS keys without rotation. */
export const kmsRotation: Rule = {
  id: "kms-rotation",
  level: "warning",
  title: "Keys of AWS rotate",
  item: "cloud",
  fix: "Set enable_key_rotation = true. AWS keeps the earlier material, so everything stays readable.",
  source: "https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html",
  check: forElements(
    ({ block, type, body }) =>
      block === "resource" &&
      type === "aws_kms_key" &&
      /^(SYMMETRIC_DEFAULT|)$/.test(text(body.customer_master_key_spec) ?? ""),
    ({ body }) => (isTrue(body.enable_key_rotation) ? [] : ["enable_key_rotation is not true"]),
  ),
};
