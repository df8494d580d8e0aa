/** What a rule is for. The first ten and the four after them are the article's own lists, in its order. */
export interface Item {
  readonly id: string;
  readonly list: "checklist" | "anti-pattern" | "hardening";
  readonly title: string;
}

/** @see https://developer.hashicorp.com/vault/docs/concepts/production-hardening */
export const ITEMS = [
  checklist("auto-unseal", "Auto-unseal configured with cloud KMS, no unseal key on disk"),
  checklist("tls", "TLS for all Vault communication, mTLS preferred"),
  checklist("audit", "Audit logging enabled and forwarded to a SIEM"),
  checklist("root-token", "Root token revoked after the initial setup"),
  checklist("namespaces", "Teams isolated (namespaces in Vault Enterprise)"),
  checklist("disaster-recovery", "Disaster recovery across regions"),
  checklist("backup", "Backup and restore tested with Raft snapshots"),
  checklist("sentinel", "Organizational rules enforced (Sentinel in Vault Enterprise)"),
  checklist("resource-limits", "Resource limits set on Vault's pods"),
  checklist("network-policies", "Network policies restrict which pods reach Vault"),
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

export type ItemId = (typeof ITEMS)[number]["id"];

function checklist<const Id extends string>(id: Id, title: string) {
  return { id, list: "checklist", title } as const;
}

function antiPattern<const Id extends string>(id: Id, title: string) {
  return { id, list: "anti-pattern", title } as const;
}

function hardening<const Id extends string>(id: Id, title: string) {
  return { id, list: "hardening", title } as const;
}
