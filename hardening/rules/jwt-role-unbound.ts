import { blockOf, textOf, textsOf } from "../readers/values";
import type { Rule } from "../rule";
import { forResources } from "../subjects";

/**
 * Claims that every token of an issuer can have, or every repository, project and tenant of it. They narrow a role that
 * other claims bind, and bind nothing by themselves.
 */
const COMMON = [
  "iss",
  "aud",
  "azp",
  "typ",
  "exp",
  "iat",
  "nbf",
  "jti",
  "ref",
  "ref_type",
  "ref_protected",
  "base_ref",
  "head_ref",
  "sha",
  "event_name",
  "environment",
  "environment_protected",
  "workflow",
  "runner_environment",
  "repository_visibility",
  "deployment_tier",
  "pipeline_source",
  "email_verified",
  "tid",
  "hd",
];

/** Reports JWT auth roles that are not bound to exact claims. */
export const jwtRoleUnbound: Rule = {
  id: "jwt-role-unbound",
  level: "error",
  title: "JWT roles are bound to exact claims that one subject, group or repository has",
  item: "least-privilege",
  fix: "Bind subject or claims without wildcards, as GithubAuthRole does: else everybody of the issuer logs in.",
  source: "https://developer.hashicorp.com/vault/docs/auth/jwt#bound-claims",
  check: forResources(["vault_jwt_auth_backend_role"], ({ values: body }) => {
    const claims = blockOf(body, "bound_claims");
    const names = Object.keys(claims).filter((name) => claims[name] !== null);
    const values = new Map(names.map((name) => [name, textsOf(claims, name)]));
    const own = names.filter((name) => !COMMON.includes(name.replace(/^\//, "")));
    const empty = own.filter((name) => values.get(name)!.every((value) => value.trim() === ""));
    const globs = names.filter((name) => values.get(name)!.some((value) => /[*?]/.test(value)));
    const isSubject = Boolean(textOf(body, "bound_subject"));
    return [
      ...(names.length === 0 && !isSubject ? ["the role is bound to neither a subject nor claims"] : []),
      ...(names.length > 0 && own.length === 0 && !isSubject
        ? [`the role is bound to ${names.join(" and ")} alone, which others of the issuer have too`]
        : []),
      ...empty.map((name) => `the claim ${name} is compared with nothing`),
      ...(globs.length > 0 && textOf(body, "bound_claims_type") === "glob" ? globs : []).map(
        (claim) => `the claim ${claim} is compared by a pattern`,
      ),
    ];
  }),
};
