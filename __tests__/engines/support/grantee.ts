import { Construct } from "constructs";
import type { IGrantee, PolicyRule } from "../../../constructs/auth/policy-rule";
import { Duration } from "../../../constructs/core/duration";

/** Somebody who writes down what was granted. */
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

  /** Path and capabilities of the only rule. */
  get only(): [string, readonly string[]] {
    if (this.rules.length !== 1) throw new Error(`expected one rule, got ${this.rules.length}`);
    return [this.rules[0].path, this.rules[0].capabilities];
  }
}
