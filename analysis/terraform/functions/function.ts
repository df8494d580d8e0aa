/**
 * Function of Terraform.
 * @returns undefined if the analysis cannot tell the result
 * @throws EvaluationError if Terraform would not accept the arguments
 */
export type TerraformFunction = (...args: readonly unknown[]) => unknown;

/** Functions by their names. */
export type Functions = Readonly<Record<string, TerraformFunction>>;
