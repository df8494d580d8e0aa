import { vaultCommandsIn } from "../readers/programs";
import type { Element } from "../element";
import { madeElements } from "../readers/existence";
import { text } from "../readers/blocks";
import { type Pods, podsIn, programsOf } from "../readers/pods";
import { serversIn } from "../readers/servers";
import { NOT_APPLICABLE, type Rule, compliant, nonCompliant } from "../rule";
import { forPlatform } from "../subjects";

const REPLICATION = /\bsys\/replication\/dr\/(primary|secondary)\/enable\b/;

/** Reports servers that cannot be restored in another region. */
export const disasterRecovery: Rule = {
  id: "disaster-recovery",
  level: "warning",
  title: "Vault can be brought back in another region",
  item: "disaster-recovery",
  fix: "Set aws.replica and backup.replicate, or replication of Vault Enterprise, or accept the loss of the region.",
  source: "https://developer.hashicorp.com/vault/docs/enterprise/replication",
  check: forPlatform((platform) => {
    const isReplicated =
      madeElements(platform.resources("vault_generic_endpoint").filter(isReplication)).length > 0 ||
      podsIn(platform).some((pods) => pods.element.existence === "yes" && enablesReplication(pods));
    if (isReplicated) return compliant("disaster recovery replication of Vault Enterprise");
    if (serversIn(platform).length === 0) return NOT_APPLICABLE;
    const missing = [
      ...(madeElements(platform.resources("aws_kms_replica_key")).length > 0
        ? []
        : ["the unseal key has no replica"]),
      ...(madeElements(platform.resources("aws_s3_bucket_replication_configuration")).length > 0
        ? []
        : ["snapshots are not copied"]),
    ];
    return missing.length > 0
      ? nonCompliant(`${missing.join(" and ")} in another region`)
      : compliant("Community edition: snapshots and the unseal key in a second region");
  }),
};

function isReplication({ body }: Element): boolean {
  return REPLICATION.test(text(body.path) ?? "");
}

function enablesReplication(pods: Pods): boolean {
  return (
    REPLICATION.test(programsOf(pods)) &&
    vaultCommandsIn(pods).some(
      ([command, ...words]) => command === "write" && words.some((it) => REPLICATION.test(it)),
    )
  );
}
