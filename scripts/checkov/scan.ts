import { UserError } from "../../constructs/core/user-error";
import { run } from "../../cli/processes";
import type { Finding } from "./judge";

interface Summary {
  readonly parsing_errors?: number;
}

interface Report extends Summary {
  /** Missing if checkov has no check for any resource in the folder. */
  readonly results?: Record<"passed_checks" | "failed_checks", { check_id: string; resource: string }[]>;
  readonly summary?: Summary;
}

/**
 * Scans a folder with Terraform JSON, without network access.
 * @throws UserError when checkov could not read the folder: an empty result is not a pass
 */
export async function scan(checkov: string, folder: string): Promise<Finding[]> {
  const { code, stdout, stderr } = await run(checkov, [
    ...["--directory", folder, "--framework", "terraform_json"],
    ...["--output", "json", "--compact", "--skip-download"],
  ]);
  const report = parse(stdout);
  // Exit code 1 means that a check failed, which is also in the report.
  const { parsing_errors } = report?.summary ?? report ?? {};
  if (!report || parsing_errors !== 0 || ![0, 1].includes(code)) {
    throw new UserError(`checkov could not scan ${folder} (exit code ${code}):\n${(stdout + stderr).trim()}`);
  }
  const { passed_checks = [], failed_checks = [] } = report.results ?? {};
  return [
    ...passed_checks.map((record) => finding(record, true)),
    ...failed_checks.map((record) => finding(record, false)),
  ];
}

function parse(text: string): Report | undefined {
  try {
    return JSON.parse(text) as Report;
  } catch {
    return undefined;
  }
}

function finding({ check_id, resource }: { check_id: string; resource: string }, passed: boolean): Finding {
  return { checkId: check_id, resource: resource.slice(resource.lastIndexOf(".") + 1), passed };
}
