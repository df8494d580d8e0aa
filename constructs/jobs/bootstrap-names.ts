/** Names of the objects that the bootstrap creates in Vault and Kubernetes. Later logins use them. */
export const bootstrapNames = {
  /** Auth mount (without `auth/`) that Terraform logs in to. */
  authPath: "terraform",
  /** Auth role of Terraform. */
  deployRole: "deploy",
  /** Auth role with which a repeated bootstrap verifies its work. */
  checkRole: "bootstrap",
  /** ServiceAccount with which Terraform logs in to Vault. */
  deployServiceAccount: "vault-terraform",
  /** Audience of ServiceAccount tokens for Vault. */
  audience: "vault",
  /** Path of the first audit device. */
  auditPath: "bootstrap-file",
} as const;
