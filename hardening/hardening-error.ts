import type { Finding, Report } from "./report";

/** All findings that stop synthesis, so that you can fix them in one run. */
export class HardeningError extends Error {
  readonly #report: Report;

  constructor(report: Report) {
    const { errors } = report;
    const count = errors.length === 1 ? "1 problem" : `${errors.length} problems`;
    const lines = errors.map((finding) => `${finding.path}: ${describeFinding(finding)}`);
    super([`The hardening rules found ${count}; nothing was written:`, ...lines].join("\n  - "));
    this.name = "HardeningError";
    this.#report = report;
  }

  /** Report with all findings. It is not a field: Node would print the whole report below an uncaught error. */
  get report(): Report {
    return this.#report;
  }
}

/** Problem, rule and fix of a finding. */
export function describeFinding({ rule, problem }: Finding): string {
  return `${problem} (${rule.id}). ${rule.fix}`;
}
