export { type EnvironmentFacts, declareEnvironment } from "./environment-facts";
export { HardeningAspect, applyHardening, warningsOf } from "./hardening-aspect";
export { HardeningError } from "./hardening-error";
export { ITEMS, type Item, type ItemId } from "./items";
export { type ItemState, type State, itemStates } from "./item-states";
export type { Finding, PlatformReport, Report, RuleResult } from "./report";
export type { Level, Rule, Subject as RuleSubject, Verdict } from "./rule";
export { rules } from "./rules";
export { type Suppression, suppressRule } from "./suppression";
