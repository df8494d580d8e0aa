/** Policies that Vault has or the bootstrap writes. */
export const FOREIGN_POLICIES: readonly string[] = [
  "root",
  "default",
  "terraform-deploy",
  "terraform-bootstrap",
];

/** Paths that no namespace of Vault Enterprise can have. */
export const RESERVED_NAMESPACES: readonly string[] = [
  "root",
  "sys",
  "audit",
  "auth",
  "cubbyhole",
  "identity",
];
