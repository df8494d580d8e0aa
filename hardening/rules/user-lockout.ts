import { blocksOf } from "../readers/hcl";
import { isOn } from "../readers/values";
import type { Rule } from "../rule";
import { all, forContainers, forServers } from "../subjects";

/** Reports servers that do not lock users after failed logins. */
export const userLockout: Rule = {
  id: "user-lockout",
  level: "error",
  title: "Vault locks users after failed logins",
  item: "server",
  fix: "Leave user lockout on; UserLockout sets its thresholds.",
  source: "https://developer.hashicorp.com/vault/docs/concepts/user-lockout",
  check: all(
    forServers(({ configuration }) =>
      blocksOf(configuration, "user_lockout")
        .filter((stanza) => isOn(stanza.attributes, "disable_lockout"))
        .map(({ labels }) => `user lockout is off for ${labels[0] ?? "all"} methods`),
    ),
    forContainers(({ variables }) =>
      variables
        .filter(({ name, value }) => name === "VAULT_DISABLE_USER_LOCKOUT" && isOn({ [name]: value }, name))
        .map(({ name }) => `${name} is on`),
    ),
  ),
};
