import { TerraformDataSource, TerraformElement, TerraformResource, type TerraformStack } from "cdktf";
import { ValidationError } from "./validation-error";

const METADATA = "checkov-suppression";

interface Suppression {
  readonly checkId: string;
  readonly reason: string;
}

/** A baseline as `checkov --baseline` reads it; it ignores the reasons, which are for the reviewer. */
export interface CheckovBaseline {
  readonly failed_checks: {
    readonly file: string;
    readonly findings: {
      readonly resource: string;
      readonly check_ids: string[];
      readonly reasons: Record<string, string>;
    }[];
  }[];
}

/**
 * Says that one check of checkov does not apply to one resource or policy document, and why.
 *
 * Checkov reads no inline suppression in Terraform JSON, and cdktf overwrites the `//` of data sources, so the
 * reason is kept on the construct and handed to checkov by `checkovBaseline`.
 * @throws ValidationError when the id is not one of checkov's or the reason is empty
 */
export function suppressCheckov(
  target: TerraformResource | TerraformDataSource,
  checkId: string,
  reason: string,
): void {
  if (!/^CKV2?_[A-Z]+_\d+$/.test(checkId)) {
    throw new ValidationError(
      target,
      `checkId must be one of checkov's, such as CKV_AWS_145, got ${checkId}`,
    );
  }
  if (reason.trim() === "") {
    throw new ValidationError(target, `reason must say why ${checkId} does not apply, got an empty text`);
  }
  target.node.addMetadata(METADATA, { checkId, reason } satisfies Suppression);
}

/**
 * All suppressions of one stack. Checkov compares names of resources and not files, so each stack is scanned with
 * its own baseline: otherwise a suppression of one environment would hide a failure of another.
 */
export function checkovBaseline(stack: TerraformStack): CheckovBaseline {
  const findings = stack.node.findAll().flatMap((construct) => {
    if (!(construct instanceof TerraformElement)) return [];
    const suppressions = construct.node.metadata
      .filter(({ type }) => type === METADATA)
      .map(({ data }): Suppression => data);
    if (suppressions.length === 0) return [];
    return [
      {
        resource: nameInReports(construct),
        check_ids: suppressions.map(({ checkId }) => checkId).sort(),
        reasons: Object.fromEntries(suppressions.map(({ checkId, reason }) => [checkId, reason])),
      },
    ];
  });
  return { failed_checks: [{ file: "/cdk.tf.json", findings }] };
}

/** Checkov names a data source without its type when it reads Terraform JSON. */
function nameInReports(element: TerraformElement): string {
  const type = TerraformResource.isTerraformResource(element) ? element.terraformResourceType : "data";
  return `${type}.${element.friendlyUniqueId}`;
}
