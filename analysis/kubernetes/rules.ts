import { type Block, type KnownTexts, blocks, hasUnknownBlocks, knownTexts } from "./values";

/** Rule of a Role or ClusterRole. */
export interface Rule {
  /** Verbs, or `*`. */
  readonly verbs: KnownTexts;
  /** API groups, or `*`. */
  readonly apiGroups: KnownTexts;
  /** Resources and subresources, or `*`. */
  readonly resources: KnownTexts;
  /** Names of the objects; an empty list stands for all. */
  readonly resourceNames: KnownTexts;
  /** URLs, some of them with a `*` at the end. */
  readonly nonResourceURLs: KnownTexts;
  /** True if the rule may not be in force. @default false */
  readonly isPerhaps?: boolean;
}

const ANYTHING: KnownTexts = { values: [], isComplete: false };
const UNKNOWN: Rule = {
  verbs: ANYTHING,
  apiGroups: ANYTHING,
  resources: ANYTHING,
  resourceNames: ANYTHING,
  nonResourceURLs: ANYTHING,
};

/** Rules of a role. An expression among them counts as a rule of which nothing is known. */
export function rulesOf(value: unknown): Rule[] {
  return [...blocks(value).map(ruleOf), ...(hasUnknownBlocks(value) ? [UNKNOWN] : [])];
}

function ruleOf(rule: Block): Rule {
  return {
    verbs: knownTexts(rule.verbs),
    apiGroups: knownTexts(rule.apiGroups),
    resources: knownTexts(rule.resources),
    resourceNames: knownTexts(rule.resourceNames),
    nonResourceURLs: knownTexts(rule.nonResourceURLs),
  };
}

/** Returns true if each part of a rule is known. */
export function isKnown({ isPerhaps, ...rule }: Rule): boolean {
  return !isPerhaps && Object.values(rule).every(({ isComplete }) => isComplete);
}
