import { block, isReference, text, texts } from "../readers/blocks";
import type { Rule } from "../rule";
import { forResources } from "../subjects";

/** Reports JWT auth roles that are not bound to exact claims. */
export const jwtRoleUnbound: Rule = {
  id: "jwt-role-unbound",
  level: "error",
  title: "JWT roles are bound to exact claims",
  item: "least-privilege",
  fix: "Bind subject or claims without wildcards, as GithubAuthRole does: else everybody of the issuer logs in.",
  source: "https://developer.hashicorp.com/vault/docs/auth/jwt#bound-claims",
  check: forResources(["vault_jwt_auth_backend_role"], ({ body }) => {
    const claims = block(body.bound_claims);
    const subject = text(body.bound_subject);
    const globs = Object.entries(claims).filter(([, value]) => texts(value).some((it) => /[*?]/.test(it)));
    const isOpen = Object.keys(claims).length === 0 && !subject && !isReference(body.bound_claims);
    return [
      ...(isOpen ? ["the role is bound to neither a subject nor claims"] : []),
      ...(body.bound_claims_type === "glob" ? globs : []).map(
        ([claim]) => `the claim ${claim} is compared by a pattern`,
      ),
    ];
  }),
};
