import { TerraformDataSource, TerraformElement, TerraformResource, type TerraformStack } from "cdktf";
import { anyText, checkArguments } from "./field";
import { construct } from "./fields";
import { received } from "./received";
import { ValidationError } from "./validation-error";

const METADATA = "checkov-suppression";

/** One check of checkov that does not apply to one resource or policy document of a stack. */
export interface CheckovSuppression {
  /** The resource's name in Terraform, unique in its stack. */
  readonly resource: string;
  readonly checkId: string;
  readonly reason: string;
}

/**
 * Says that one check of checkov does not apply to one resource or policy document, and why.
 *
 * Checkov reads no inline suppression in Terraform JSON, and cdktf overwrites the `//` of data sources, so the
 * reason is kept on the construct. `npm run checkov` compares what failed with `checkovSuppressions`.
 * @throws ValidationError when the id is not one of checkov's or the reason is empty
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
 * All suppressions of one stack, to be compared with a scan of that stack alone.
 *
 * There is no `checkov --baseline` of them: for Terraform JSON checkov names the same resource `resource.x` in one
 * check and `aws_s3_bucket.x` in another, and with a baseline it no longer tells which checks passed.
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
