import type { Finding, Report } from "./report";

/** Findings that stop synthesis, all of them, so that one run is enough to mend them. */
export class HardeningError extends Error {
  constructor(readonly report: Report) {
    const { errors } = report;
    const count = errors.length === 1 ? "1 problem" : `${errors.length} problems`;
    super(
      [`The hardening rules found ${count}; nothing was written:`, ...errors.map(describeFinding)].join(
        "\n  - ",
      ),
    );
    this.name = "HardeningError";
  }
}

/** One finding with what to do about it. */
export function describeFinding({ rule, path, problem }: Finding): string {
  return `${path}: ${problem} (${rule.id}). ${rule.fix}`;
}
