/** A part of Vault that Terraform configures; what a pipeline may read, and what nobody's pipeline needs. */
export interface IConfigured {
  /** Paths that Terraform reads to compare what is with what should be. */
  readonly configurationPaths: readonly string[];
  /** Paths that give out secrets, make use of them or destroy them. */
  readonly secretPaths: readonly string[];
  /** Paths that tell which secrets there are, and by which secrets are destroyed. @default - none */
  readonly inventoryPaths?: readonly string[];
}

/** What Terraform reads of an auth mount at a path without `auth/`. */
export function authConfigurationPaths(path: string): string[] {
  return [`sys/auth/${path}`, `auth/${path}/config`, `auth/${path}/config/*`, `auth/${path}/role/*`];
}
