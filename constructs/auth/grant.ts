import type { IGrantee, PolicyRule } from "./policy-rule";

/** Rules that a grant method added to the policy of a grantee. */
export class Grant {
  /** Adds rules to the policy of a grantee. Grant methods of your own constructs can return the result. */
  static add(grantee: IGrantee, ...rules: readonly PolicyRule[]): Grant {
    return Grant.record(grantee, (recorder) => rules.forEach((rule) => recorder.grant(rule)));
  }

  /**
   * Records the rules that a function adds to the policy of a grantee.
   * @param add adds the rules to the grantee that it receives
   */
  static record(grantee: IGrantee, add: (recorder: IGrantee) => void): Grant {
    const recorder = new Recorder(grantee);
    add(recorder);
    return new Grant(grantee, recorder.rules);
  }

  private constructor(
    /** Construct that received the rules. */
    readonly grantee: IGrantee,
    /** Rules that were added, in order. */
    readonly rules: readonly PolicyRule[],
  ) {}
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
