import type { Environment } from "../analysis/terraform/synthesized";

/** Tags that conditions of policies read. */
export interface ConditionTags {
  /** Returns true if a condition reads the tag. @param tag key @default - several tags with unknown keys */
  readonly includes: (tag: string | undefined) => boolean;
}

/** Condition keys of AWS with the key of a tag, and logins of Vault that read a tag. */
const TAG = /(?:Principal|Resource|Request|Object)Tag\/([^"\\]*)|"role_tag"/gi;

const cache = new WeakMap<Environment, ConditionTags>();

/**
 * Tags in the conditions of an environment's policies. AWS ignores the case of condition keys.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export function conditionTags(environment: Environment): ConditionTags {
  const known = cache.get(environment);
  if (known) return known;
  const keys = environment.blocks.flatMap(({ body }) =>
    [...JSON.stringify({ ...body, "//": undefined }).matchAll(TAG)].map(([, key]) => key?.toLowerCase()),
  );
  const readsAny = keys.some((key) => key === undefined || /[*?{]/.test(key));
  const found: ConditionTags = {
    includes: (tag) => keys.length > 0 && (readsAny || tag === undefined || keys.includes(tag.toLowerCase())),
  };
  cache.set(environment, found);
  return found;
}
