import type { IGrantee, PolicyRule } from "./policy-rule";

/** Result of a grant method. */
export interface Grant {
  /** Construct that received the rules. */
  readonly grantee: IGrantee;
  /** Rules that were added to the policy of the grantee, in order. */
  readonly rules: readonly PolicyRule[];
}

/** Adds rules to the policy of a grantee. */
export function grantRules(grantee: IGrantee, ...rules: readonly PolicyRule[]): Grant {
  for (const rule of rules) grantee.grant(rule);
  return { grantee, rules };
}

/**
 * Records the rules that a function adds to the policy of a grantee.
 * @param add adds the rules to the grantee that it receives
 */
export function recordGrant(grantee: IGrantee, add: (recorder: IGrantee) => void): Grant {
  const recorder = new Recorder(grantee);
  add(recorder);
  return { grantee, rules: recorder.rules };
}

class Recorder implements IGrantee {
  readonly rules: PolicyRule[] = [];

  constructor(private readonly grantee: IGrantee) {}

  get node() {
    return this.grantee.node;
  }

  get tokenMaxTtl() {
    return this.grantee.tokenMaxTtl;
  }

  get isPeriodic() {
    return this.grantee.isPeriodic;
  }

  grant(rule: PolicyRule): void {
    this.grantee.grant(rule);
    this.rules.push(rule);
  }
}
