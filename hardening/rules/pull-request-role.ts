import type { Element } from "../element";
import { denies, writes } from "../readers/policies";
import { policiesHeldBy, policyNamesOf } from "../readers/policy-holders";
import { blockOf, textOf, textsOf } from "../readers/values";
import type { Rule } from "../rule";
import { forElements } from "../subjects";

/** Reports roles that pull requests can log in to and that can change something. */
export const pullRequestRole: Rule = {
  id: "pull-request-role",
  level: "error",
  title: "Roles that workflows of pull requests can log in to only read",
  item: "least-privilege",
  fix: "Bind the role to a branch or to an environment with approval, or give it policies that only read.",
  source: "https://docs.github.com/en/actions/concepts/security/openid-connect",
  check: forElements(
    (element) =>
      element.block === "resource" && element.type === "vault_jwt_auth_backend_role" && admits(element),
    (element) => {
      if (policyNamesOf(element).includes("root"))
        return ["a workflow of a pull request gets the policy root"];
      return policiesHeldBy(element).flatMap(({ name, paths }) => {
        const writing = paths.find((rule) => writes(rule) && !denies(rule));
        return writing ? [`policy ${name} lets a workflow of a pull request write ${writing.path}`] : [];
      });
    },
  ),
};

/** Returns true if a token of a pull request has the claims that the role requires. */
function admits({ values: body }: Element): boolean {
  const claims = blockOf(body, "bound_claims");
  const values = (name: string) =>
    (claims[name] === undefined ? [] : textsOf(claims, name)).flatMap((it) => it.split(","));
  const subjects = [...values("sub"), textOf(body, "bound_subject") ?? ""].filter(Boolean);
  const isGithub =
    subjects.some((subject) => subject.startsWith("repo:")) ||
    Object.keys(claims).some((name) => /^repository(_id|_owner|_owner_id)?$/.test(name));
  if (!isGithub) return false;
  // A condition that a pull request does not meet keeps it out.
  const conditions: readonly (readonly [readonly string[], RegExp])[] = [
    [subjects, /:pull_request$|:\*$|^\*$/i],
    [values("event_name"), /^pull_request(_target)?$|\*/],
    [values("ref"), /^refs\/pull\/|\*/],
    [values("environment"), /\*/],
    [values("job_workflow_ref"), /@refs\/pull\/|\*/],
  ];
  return conditions.every(
    ([required, met]) => required.length === 0 || required.some((value) => met.test(value)),
  );
}
