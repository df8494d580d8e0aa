import type { Reason } from "./access-map";
import { formatDuration } from "../constructs/policy/durations";
import { placeOf } from "../analysis/terraform/sources";
import type { Constraints, Parameters } from "../constructs/policy/vault-policy";

/** Constraints on the capabilities of a rule, one statement each. */
export function describeConstraints(constraints: Constraints): string[] {
  const {
    requiredParameters = [],
    mfaMethods = [],
    controlGroup = [],
    minWrappingTtl,
    maxWrappingTtl,
  } = constraints;
  return [
    ...parameters("only with", constraints.allowedParameters),
    ...parameters("not with", constraints.deniedParameters),
    ...[...requiredParameters].sort().map((name) => `only with the parameter ${name}`),
    ...(minWrappingTtl ? [`wrapped for at least ${formatDuration(minWrappingTtl)}`] : []),
    ...(maxWrappingTtl ? [`wrapped for at most ${formatDuration(maxWrappingTtl)}`] : []),
    ...[...mfaMethods].sort().map((method) => `after MFA by ${method}`),
    ...[...controlGroup].sort().map((factor) => `after approval by ${factor}`),
  ];
}

function parameters(verb: string, values: Parameters = {}): string[] {
  const list = Object.keys(values)
    .sort()
    .map((name) => {
      const allowed = [...new Set(values[name].map((value) => JSON.stringify(value)))].sort();
      return allowed.length === 0 ? name : `${name} = ${allowed.join(" or ")}`;
    });
  return list.length > 0 ? [`${verb} ${list.join(", ")}`] : [];
}

/** Reasons for permissions: one line for each grant, or for each policy that was written as text. */
export function describeReasons(reasons: readonly Reason[]): string[] {
  return reasons.flatMap(({ policy, via, writtenBy, file: source, grants }) => {
    const by = via === undefined ? "" : ` by ${via}`;
    if (grants.length === 0) return [`policy ${policy}${by} [${placeOf({ writtenBy, file: source })}]`];
    return grants.map(({ reason, grantedBy, custom, file }) => {
      const where = placeOf({ writtenBy: grantedBy, file });
      return `${reason}${custom ? " (written by hand)" : ""}${by && `, policy ${policy}${by}`} [${where}]`;
    });
  });
}
