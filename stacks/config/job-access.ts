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

/** Properties of `JobAccess`. */
export interface JobAccessProps {
  /** Auth mount at which the jobs log in. */
  readonly auth: IKubernetesAuth;
  /** Secrets engine with the canary. */
  readonly keyValue: IKeyValueEngine;
  /** Namespace of the jobs. */
  readonly namespace: string;
  /** ServiceAccounts of the jobs. */
  readonly serviceAccounts: Pick<
    PlatformNames["serviceAccounts"],
    "backup" | "drill" | "restore" | "rollout" | "drReplication"
  >;
  /** Value of the canary, which identifies a restored copy: the environment from which the data originates. */
  readonly canary: string;
  /** Policy rules for this side of DR replication. @default - none: no DR replication */
  readonly drRules?: readonly PolicyRule[];
}

/** Vault access of the jobs in Vault's namespace. Each login is valid for one run, at most an hour. */
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
    const backup = bind("Backup", serviceAccounts.backup, backupRules({ auth }));
    suppressRule(
      backup,
      "workload-privileges",
      "the backup saves snapshots; they stay sealed by the unseal key",
    );
    bind("Drill", serviceAccounts.drill, drillRules({ auth, keyValue }));
    bind("Restore", serviceAccounts.restore, restoreRules({ auth, keyValue }));
    const rollout = bind("Rollout", serviceAccounts.rollout, ROLLOUT_RULES);
    for (const rule of ["policy-sudo", "workload-privileges"]) {
      suppressRule(rollout, rule, "the active server has to hand over before it is replaced");
    }
    if (drRules) {
      const replication = bind("DrReplication", serviceAccounts.drReplication, drRules);
      for (const rule of ["policy-sudo", "workload-privileges"]) {
        suppressRule(replication, rule, "Vault gives tokens for secondaries to nobody else");
      }
    }

    new KvSecretV2(this, "Canary", {
      mount: keyValue.pathReference,
      name: CANARY,
      dataJsonWo: JSON.stringify({ value: canary }),
      dataJsonWoVersion: 1,
      // A plan then needs no read access to it.
      disableRead: true,
    });
  }
}
