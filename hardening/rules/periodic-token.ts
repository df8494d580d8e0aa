import { readable } from "../readers/seconds";
import { secondsOf } from "../readers/values";
import type { Rule } from "../rule";
import { forResources } from "../subjects";

/** Reports auth roles with periodic tokens, which can be renewed without limit. */
export const periodicToken: Rule = {
  id: "periodic-token",
  level: "warning",
  title: "No token can be renewed for ever",
  item: "short-lived",
  fix: "Set token_max_ttl instead of token_period, and let the workload log in again.",
  source: "https://developer.hashicorp.com/vault/docs/concepts/tokens#periodic-tokens",
  check: forResources(/^vault_\w+_auth_backend(_role)?$/, ({ values: body }) => {
    const period = secondsOf(body, "token_period");
    return period ? [`tokens are periodic: renewed every ${readable(period)}, they never end`] : [];
  }),
};
