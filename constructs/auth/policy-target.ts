/** A part of Vault that Terraform configures. Its paths are allowed or denied by access levels. */
export interface IPolicyTarget {
  /** Paths that Terraform reads to compare Vault with the CDK app. */
  readonly configurationPaths: readonly string[];
  /** Paths that return, use or destroy secrets. */
  readonly secretPaths: readonly string[];
  /** Paths that list secrets, and that can destroy them. @default - none */
  readonly inventoryPaths?: readonly string[];
}

/**
 * Paths that Terraform reads for an auth mount.
 * @param path without `auth/`
 */
export function authConfigurationPaths(path: string): string[] {
  return [`sys/auth/${path}`, `auth/${path}/config`, `auth/${path}/config/*`, `auth/${path}/role/*`];
}
