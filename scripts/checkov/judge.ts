import type { CheckovSuppression } from "../../constructs/core/checkov";
import type { CheckList } from "./checks";

/** Result of one check for one resource. */
export interface Finding {
  readonly checkId: string;
  /** The resource's name in Terraform, without checkov's type prefix. */
  readonly resource: string;
  readonly passed: boolean;
}

/** One scanned stack with the suppressions of its constructs. */
export interface Scan {
  readonly stack: string;
  readonly findings: readonly Finding[];
  readonly suppressions: readonly CheckovSuppression[];
}

/** The scan of all bad examples. */
export interface ExampleScan {
  readonly findings: readonly Finding[];
  /** Name of the resource that must fail, by check. */
  readonly targets: Readonly<Record<string, string>>;
}

/** Evaluates the scans of the stacks. @returns one line per problem; empty if there is none */
export function judgeStacks(scans: readonly Scan[], claimed: CheckList): string[] {
  const atWork = new Set(scans.flatMap(({ findings }) => findings.map(({ checkId }) => checkId)));
  return [
    ...scans.flatMap(judgeStack),
    ...Object.keys(claimed)
      .filter((checkId) => !atWork.has(checkId))
      .map((checkId) => `${checkId} is claimed, but looked at nothing in any stack`),
  ];
}

function judgeStack({ stack, findings, suppressions }: Scan): string[] {
  const same = (a: { checkId: string; resource: string }) => (b: typeof a) =>
    a.checkId === b.checkId && a.resource === b.resource;
  const failed = findings.filter(({ passed }) => !passed);
  return [
    ...failed
      .filter((finding) => !suppressions.some(same(finding)))
      .map(({ checkId, resource }) => `${stack}: ${resource} fails ${checkId}`),
    // An unnecessary suppression would hide a later failure.
    ...suppressions
      .filter((suppression) => !failed.some(same(suppression)))
      .map(
        ({ checkId, resource }) => `${stack}: ${resource} suppresses ${checkId}, which does not fail there`,
      ),
  ];
}

/**
 * Evaluates the scan of the bad examples.
 * @returns one line per error in the lists of claimed and not covered checks
 */
export function judgeExamples(
  { findings, targets }: ExampleScan,
  claimed: CheckList,
  notCovered: CheckList,
): string[] {
  const fails = (checkId: string) =>
    findings.some((it) => !it.passed && it.checkId === checkId && it.resource === targets[checkId]);
  return [
    ...Object.keys(claimed)
      .filter((checkId) => !fails(checkId))
      .map((checkId) => `${checkId} is claimed, but its bad example passes`),
    ...Object.keys(notCovered)
      .filter(fails)
      .map((checkId) => `${checkId} is listed as not covered, but sees its bad example: claim it`),
  ];
}
