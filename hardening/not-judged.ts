/**
 * A value, script or configuration that a rule needs and cannot read. The rule then has no result, which is an error.
 * Readers throw it, so that no rule can take an unknown value for a missing one.
 */
export class NotJudged extends Error {}
