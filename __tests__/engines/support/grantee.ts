import { Construct } from "constructs";
import type { IGrantee, PolicyRule } from "../../../constructs/auth/policy-rule";
import { Duration } from "../../../constructs/core/duration";

/** Grantee that records its rules. */
export class Grantee extends Construct implements IGrantee {
  readonly rules: PolicyRule[] = [];

  constructor(
    scope: Construct,
    id = "Grantee",
    readonly tokenMaxTtl = Duration.hours(24),
    readonly isPeriodic = false,
  ) {
    super(scope, id);
  }

  grant(rule: PolicyRule): void {
    this.rules.push(rule);
  }

  /** Path and capabilities of the only rule. @throws Error if there is not exactly one */
  get only(): [string, readonly string[]] {
    if (this.rules.length !== 1) throw new Error(`expected one rule, got ${this.rules.length}`);
    return [this.rules[0].path, this.rules[0].capabilities];
  }
}
