import { blocksOf } from "../readers/hcl";
import type { Rule } from "../rule";
import { forServers } from "../subjects";

/** Reports Raft servers that do not join their cluster automatically. */
export const raftRetryJoin: Rule = {
  id: "raft-retry-join",
  level: "error",
  title: "Servers join their cluster by themselves",
  item: "server",
  fix: "Add a retry_join stanza for each server, as VaultHaCluster does.",
  source: "https://developer.hashicorp.com/vault/docs/configuration/storage/raft#retry_join-stanza",
  check: forServers(({ configuration, replicas }) =>
    replicas > 1 &&
    blocksOf(configuration, "storage").some(
      (storage) => storage.labels[0] === "raft" && blocksOf(storage, "retry_join").length === 0,
    )
      ? ["the servers have no retry_join: somebody has to join each of them by hand, again after each loss"]
      : [],
  ),
};
