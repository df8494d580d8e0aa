/** Names of what the bootstrap makes in Vault, by which everything after it logs in. */
export const bootstrapNames = {
  /** Auth mount (without `auth/`) that Terraform logs in to. */
  authPath: "terraform",
  /** Role of Terraform. */
  deployRole: "deploy",
  /** Role by which the bootstrap checks its own work when it runs again. */
  checkRole: "bootstrap",
  /** ServiceAccount that Terraform acts as. */
  deployServiceAccount: "vault-terraform",
  /** What tokens for Vault are made for. */
  audience: "vault",
  /** The first audit device. */
  auditPath: "bootstrap-file",
} as const;
