import { readable } from "../readers/seconds";
import { secondsOf } from "../readers/values";
import type { Rule } from "../rule";
import { forResources } from "../subjects";

/** Maximum TTL in seconds: 24 hours. */
const BOUND = 24 * 3600;

/** Reports auth roles with tokens that can be renewed for more than 24 hours. */
export const tokenTtl: Rule = {
  id: "token-ttl",
  level: "warning",
  title: "Tokens end within 24 hours",
  item: "short-lived",
  fix: "Set token_max_ttl to 24 hours or less.",
  source: "https://developer.hashicorp.com/vault/docs/concepts/production-hardening",
  check: forResources(/^vault_\w+_auth_backend_role$/, ({ values: body }) => {
    // The rule periodic-token covers periodic tokens.
    if (secondsOf(body, "token_period")) return [];
    const limit = secondsOf(body, "token_explicit_max_ttl") || secondsOf(body, "token_max_ttl");
    if (!limit)
      return ["token_max_ttl is not set, so that tokens can be renewed for 768h, Vault's own maximum"];
    return limit > BOUND ? [`tokens can be renewed for ${readable(limit)}`] : [];
  }),
};
