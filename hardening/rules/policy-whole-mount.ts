import { denies } from "../readers/policies";
import type { Rule } from "../rule";
import { forPolicies } from "../subjects";

/** First segments of system paths, which the rule policy-wildcard covers. */
const SYSTEM = ["sys", "auth", "identity", "cubbyhole"];
/** Words of engines' APIs that precede the name of a secret, a role or a key. */
const BEFORE_NAMES = ["data", "creds", "static-creds", "issue", "sign", "decrypt"];

/** Reports policies that grant access to secrets that they do not name. */
export const policyWholeMount: Rule = {
  id: "policy-whole-mount",
  level: "warning",
  title:
    "Policies name the secrets of a mount that they give, at least by the first whole part of their name",
  item: "least-privilege",
  fix: "Name a prefix below the mount, such as payment-service/*.",
  source: "https://developer.hashicorp.com/vault/docs/concepts/policies",
  check: forPolicies(({ paths }) =>
    paths
      .filter((rule) => !denies(rule))
      .flatMap(({ path, target }) => {
        const problem = problemOf(target.path);
        return problem === undefined ? [] : [`${path} ${problem}`];
      }),
  ),
};

function problemOf(path: string): string | undefined {
  const segments = path.split("/");
  if (SYSTEM.includes(segments[0]) || segments.length < 2 || /[*+]/.test(segments[0])) return undefined;
  const word = segments.findIndex((segment, index) => index > 0 && BEFORE_NAMES.includes(segment));
  // In `secret/+/app/*`, the wildcard stands for the word.
  const start = word > 0 ? word + 1 : segments[1] === "+" && segments.length > 2 ? 2 : 1;
  const [first, ...rest] = segments.slice(start);
  if (first === undefined || !/^\+$|\*$/.test(first)) return undefined;
  if (first !== "+" && first !== "*")
    return `is every secret of the mount whose name starts with ${first.slice(0, -1)}`;
  const isAll = rest.every((segment) => segment === "+" || segment === "*");
  return isAll ? "is every secret of the mount" : "reaches below every name of the mount";
}
