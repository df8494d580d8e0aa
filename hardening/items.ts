/** Purpose of a rule. The first ten and the next four are the article's lists, in its order. */
export interface Item {
  /** Identifier, which rules refer to. */
  readonly id: string;
  /** List that contains the item. */
  readonly list: "checklist" | "anti-pattern" | "hardening";
  /** Title in reports. */
  readonly title: string;
  /** Id of the rule that decides whether the item is met or not applicable. @default - any rule of the item */
  readonly decidedBy?: string;
}

/**
 * All items, in the order of the reports.
 * @see https://developer.hashicorp.com/vault/docs/concepts/production-hardening
 */
export const ITEMS = [
  checklist("auto-unseal", "Auto-unseal configured with cloud KMS, no unseal key on disk", "auto-unseal"),
  checklist("tls", "TLS for all Vault communication, mTLS preferred", "tls-enabled"),
  checklist("audit", "Audit logging enabled and forwarded to a SIEM", "audit-devices"),
  checklist("root-token", "Root token revoked after the initial setup", "root-revocation"),
  checklist("namespaces", "Teams isolated (namespaces in Vault Enterprise)", "team-isolation"),
  checklist("disaster-recovery", "Disaster recovery across regions", "disaster-recovery"),
  checklist("backup", "Backup and restore tested with Raft snapshots", "backup-schedule"),
  checklist(
    "sentinel",
    "Organizational rules enforced (Sentinel in Vault Enterprise)",
    "organizational-rules",
  ),
  checklist("resource-limits", "Resource limits set on Vault's pods", "vault-resource-limits"),
  checklist("network-policies", "Network policies restrict which pods reach Vault", "network-policies"),
  antiPattern("secrets-in-images", "Secrets hardcoded in container images and their arguments"),
  antiPattern("secrets-in-environment", "Secrets in environment variables"),
  antiPattern("secrets-in-git", "Secrets committed to Git"),
  antiPattern("static-credentials", "Shared static credentials"),
  hardening("least-privilege", "Policies and bindings grant the least that works"),
  hardening("short-lived", "Tokens and leases end soon"),
  hardening("secrets-in-state", "No secret in Terraform's state"),
  hardening("kubernetes-secrets", "Kubernetes Secrets are encrypted and few read them"),
  hardening("databases", "Database credentials are verified, narrow and revocable"),
  hardening("cloud", "Keys cannot be destroyed, buckets are private, roles are narrow"),
  hardening("supply-chain", "Images and charts are pinned"),
  hardening("server", "Vault's servers and agents run restricted"),
] as const satisfies readonly Item[];

/** Id of an item. */
export type ItemId = (typeof ITEMS)[number]["id"];

function checklist<const Id extends string>(id: Id, title: string, decidedBy: string) {
  return { id, list: "checklist", title, decidedBy } as const;
}

function antiPattern<const Id extends string>(id: Id, title: string) {
  return { id, list: "anti-pattern", title } as const;
}

function hardening<const Id extends string>(id: Id, title: string) {
  return { id, list: "hardening", title } as const;
}
