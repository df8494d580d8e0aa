/** Policies that Vault has or that the bootstrap writes. */
export const FOREIGN_POLICIES: readonly string[] = [
  "root",
  "default",
  "terraform-deploy",
  "terraform-bootstrap",
];

/** Paths that a Vault Enterprise namespace cannot have. */
export const RESERVED_NAMESPACES: readonly string[] = [
  "root",
  "sys",
  "audit",
  "auth",
  "cubbyhole",
  "identity",
];
