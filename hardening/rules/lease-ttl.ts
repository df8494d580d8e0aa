import { readable } from "../readers/seconds";
import { secondsOf } from "../readers/values";
import type { Rule } from "../rule";
import { forResources } from "../subjects";

/** Maximum TTL in seconds: 24 hours. */
const BOUND = 24 * 3600;

/** Reports database credentials that can be renewed for more than 24 hours. */
export const leaseTtl: Rule = {
  id: "lease-ttl",
  level: "warning",
  title: "Database credentials end within 24 hours",
  item: "short-lived",
  fix: "Set max_ttl to 24 hours or less.",
  source: "https://developer.hashicorp.com/vault/docs/concepts/lease",
  check: forResources(["vault_database_secret_backend_role"], ({ values: body }) => {
    const limit = secondsOf(body, "max_ttl");
    if (!limit)
      return ["max_ttl is not set, so that credentials can be renewed for 768h, Vault's own maximum"];
    return limit > BOUND ? [`credentials can be renewed for ${readable(limit)}`] : [];
  }),
};
