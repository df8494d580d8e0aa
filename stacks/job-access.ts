import { KvSecretV2 } from "@cdktf/provider-vault/lib/kv-secret-v2";
import { Construct } from "constructs";
import { K8sAuthBinding } from "../constructs/auth/k8s-auth-binding";
import type { IKubernetesAuth } from "../constructs/auth/kubernetes-auth";
import type { IGrantee } from "../constructs/auth/policy-rule";
import { Duration } from "../constructs/core/duration";
import type { IKeyValueEngine } from "../constructs/engines/key-value-engine";

export interface JobAccessProps {
  readonly auth: IKubernetesAuth;
  readonly keyValue: IKeyValueEngine;
  /** Namespace of the jobs. */
  readonly namespace: string;
  readonly serviceAccounts: { readonly backup: string; readonly drill: string };
  /** What the canary says, by which a restored copy is recognised: the name of the environment. */
  readonly canary: string;
}

/** Secret that a restored copy is tried with. It is none: everybody may know it. */
export const CANARY = "vault-platform/canary";

/** What the backup and the restore drill may do in Vault, each as long as one run lasts. */
export class JobAccess extends Construct {
  constructor(scope: Construct, id: string, props: JobAccessProps) {
    super(scope, id);
    const { auth, keyValue, namespace, serviceAccounts, canary } = props;
    const binding = (which: "Backup" | "Drill", name: string) =>
      new K8sAuthBinding(this, which, {
        auth,
        serviceAccount: { namespace, name },
        ttl: Duration.hours(1),
        maxTtl: Duration.hours(1),
      });

    const backup = binding("Backup", serviceAccounts.backup);
    backup.grant({
      path: "sys/storage/raft/snapshot",
      capabilities: ["read"],
      reason: "takes a snapshot of Vault's data, which stays sealed",
    });
    grantCounts(backup, auth);

    const drill = binding("Drill", serviceAccounts.drill);
    keyValue.grantRead(drill, CANARY);
    grantCounts(drill, auth);

    new KvSecretV2(this, "Canary", {
      mount: keyValue.pathReference,
      name: CANARY,
      dataJsonWo: JSON.stringify({ value: canary }),
      dataJsonWoVersion: 1,
    });
  }
}

/** Names of what there is, by whose number a copy is compared with the original. */
function grantCounts(grantee: IGrantee, auth: IKubernetesAuth): void {
  const paths = [
    ["sys/mounts", "read"],
    ["sys/auth", "read"],
    ["sys/policies/acl", "list"],
    [`auth/${auth.path}/role`, "list"],
  ] as const;
  for (const [path, capability] of paths) {
    grantee.grant({ path, capabilities: [capability], reason: "counts what there is" });
  }
}
