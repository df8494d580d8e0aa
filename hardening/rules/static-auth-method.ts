import { text } from "../readers/blocks";
import { textOf } from "../readers/values";
import type { Rule } from "../rule";
import { forResources } from "../subjects";

/** Reports auth methods that rely on stored secrets. */
export const staticAuthMethod: Rule = {
  id: "static-auth-method",
  level: "warning",
  title: "No auth method rests on a secret that people or programs store",
  item: "static-credentials",
  fix: "Let people log in by OIDC and programs by their platform's identity.",
  source: "https://developer.hashicorp.com/vault/docs/auth",
  check: forResources(["vault_auth_backend"], ({ values: body }) => {
    const type = textOf(body, "type") ?? "";
    return ["userpass", "approle", "radius", "github"].includes(type)
      ? [`auth/${text(body.path) ?? type} is of type ${type}, whose secrets are stored and shared`]
      : [];
  }),
};
