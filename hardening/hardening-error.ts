import type { Finding, Report } from "./report";

/** Findings that stop synthesis, all of them, so that one run is enough to mend them. */
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

  /** Not a field: Node would print all of it below an error that nobody catches. */
  get report(): Report {
    return this.#report;
  }
}

/** What was found, by which rule, and what to do about it. */
export function describeFinding({ rule, problem }: Finding): string {
  return `${problem} (${rule.id}). ${rule.fix}`;
}
