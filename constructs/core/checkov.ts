import { TerraformDataSource, TerraformElement, TerraformResource, type TerraformStack } from "cdktf";
import { anyText, checkArguments } from "./field";
import { construct } from "./fields";
import { received } from "./received";
import { ValidationError } from "./validation-error";

const METADATA = "checkov-suppression";

/** One Checkov check that does not apply to one resource or policy document of a stack. */
export interface CheckovSuppression {
  /** Name of the resource in Terraform, unique in its stack. */
  readonly resource: string;
  /** Id of the check, such as `CKV_AWS_145`. */
  readonly checkId: string;
  /** Reason why the check does not apply. */
  readonly reason: string;
}

/**
 * Records that one Checkov check does not apply to one resource or policy document, and why.
 *
 * Checkov reads no inline suppressions in Terraform JSON, and cdktf overwrites the `//` of data sources. The reason is
 * therefore kept on the construct. `npm run checkov` compares failed checks with `checkovSuppressions`.
 * @throws ValidationError if the id is not a Checkov id or the reason is empty
 */
export function suppressCheckov(
  target: TerraformResource | TerraformDataSource,
  checkId: string,
  reason: string,
): void {
  checkArguments("suppressCheckov", {
    target: [target, construct],
    checkId: [checkId, anyText.known()],
    reason: [reason, anyText.known()],
  });
  if (!/^CKV2?_[A-Z0-9]+_\d+$/.test(checkId)) {
    throw new ValidationError(
      target,
      `checkId must be one of checkov's, such as CKV_AWS_145, got ${received(checkId)}`,
    );
  }
  if (reason.trim() === "") {
    throw new ValidationError(target, `reason must say why ${checkId} does not apply, got an empty text`);
  }
  target.node.addMetadata(METADATA, { checkId, reason });
}

/**
 * All suppressions of one stack, for comparison with a scan of that stack alone.
 *
 * A `checkov --baseline` is not an alternative. For Terraform JSON, Checkov names the same resource `resource.x` in one
 * check and `aws_s3_bucket.x` in another. With a baseline, it also no longer reports which checks passed.
 */
export function checkovSuppressions(stack: TerraformStack): CheckovSuppression[] {
  return stack.node
    .findAll()
    .flatMap((construct) =>
      TerraformElement.isTerraformElement(construct)
        ? construct.node.metadata
            .filter(({ type }) => type === METADATA)
            .map(({ data }) => ({ resource: construct.friendlyUniqueId, ...data }))
        : [],
    );
}
