import { KvSecretV2 } from "@cdktf/provider-vault/lib/kv-secret-v2";
import { Construct } from "constructs";
import { K8sAuthBinding } from "../../constructs/auth/k8s-auth-binding";
import type { IKubernetesAuth } from "../../constructs/auth/kubernetes-auth";
import type { PolicyRule } from "../../constructs/auth/policy-rule";
import { backupRules } from "../../constructs/jobs/backup-cron-job";
import { restoreRules } from "../../constructs/jobs/disaster-restore";
import { drillRules } from "../../constructs/jobs/restore-drill";
import { ROLLOUT_RULES } from "../../constructs/jobs/rollout";
import { Duration } from "../../constructs/core/duration";
import type { IKeyValueEngine } from "../../constructs/engines/key-value-engine";
import { suppressRule } from "../../hardening/suppression";
import { CANARY, type PlatformNames } from "../../platform/names";

export interface JobAccessProps {
  readonly auth: IKubernetesAuth;
  readonly keyValue: IKeyValueEngine;
  /** Namespace of the jobs. */
  readonly namespace: string;
  readonly serviceAccounts: Pick<
    PlatformNames["serviceAccounts"],
    "backup" | "drill" | "restore" | "rollout" | "drReplication"
  >;
  /** What the canary says, by which a restored copy is recognised: the environment whose data it is. */
  readonly canary: string;
  /** What this side of DR replication may do. @default - there is none */
  readonly drRules?: readonly PolicyRule[];
}

/** What the jobs of Vault's namespace may do in Vault, each as long as one run lasts. */
export class JobAccess extends Construct {
  constructor(scope: Construct, id: string, props: JobAccessProps) {
    super(scope, id);
    const { auth, keyValue, namespace, serviceAccounts, canary, drRules } = props;
    const bind = (job: string, name: string, rules: readonly PolicyRule[]) => {
      const binding = new K8sAuthBinding(this, job, {
        auth,
        serviceAccount: { namespace, name },
        ttl: Duration.hours(1),
        maxTtl: Duration.hours(1),
      });
      for (const rule of rules) binding.grant(rule);
      return binding;
    };
    bind("Backup", serviceAccounts.backup, backupRules({ auth }));
    bind("Drill", serviceAccounts.drill, drillRules({ auth, keyValue }));
    bind("Restore", serviceAccounts.restore, restoreRules({ auth, keyValue }));
    const rollout = bind("Rollout", serviceAccounts.rollout, ROLLOUT_RULES);
    suppressRule(rollout, "policy-sudo", "the active server has to hand over before it is replaced");
    if (drRules) {
      const replication = bind("DrReplication", serviceAccounts.drReplication, drRules);
      suppressRule(replication, "policy-sudo", "Vault gives tokens for secondaries to nobody else");
    }

    new KvSecretV2(this, "Canary", {
      mount: keyValue.pathReference,
      name: CANARY,
      dataJsonWo: JSON.stringify({ value: canary }),
      dataJsonWoVersion: 1,
      // So that those who plan need not read it.
      disableRead: true,
    });
  }
}
