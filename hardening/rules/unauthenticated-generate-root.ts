import type { Rule } from "../rule";
import { forServers } from "../subjects";

/** Reports servers that start the generation of a root token without a login. */
export const unauthenticatedGenerateRoot: Rule = {
  id: "unauthenticated-generate-root",
  level: "error",
  title: "A new root token cannot be started without a login",
  item: "root-token",
  fix: "Take enable_unauthenticated_access out of the configuration as soon as the emergency is over.",
  source: "https://developer.hashicorp.com/vault/docs/configuration",
  check: forServers(({ configuration }) =>
    configuration.attributes.enable_unauthenticated_access === undefined
      ? []
      : ["the configuration has enable_unauthenticated_access"],
  ),
};
