/**
 * Role of the database engine that makes a service's users in one of its databases.
 * @param alias of the database, where the service has others
 */
export function databaseRoleName(service: string, alias?: string): string {
  return alias === undefined ? `${service}-role` : `${service}-${alias}-role`;
}

/** Name of the file with a service's credentials of one of its databases. */
export function databaseFileName(alias?: string): string {
  return alias === undefined ? "db" : `db-${alias}`;
}

/** Variables of that file and the parts of the credentials that they hold. */
export function databaseVariables(alias?: string): Readonly<Record<string, string>> {
  const prefix = alias === undefined ? "" : `${alias.toUpperCase().replaceAll("-", "_")}_`;
  return { [`${prefix}DB_USERNAME`]: "username", [`${prefix}DB_PASSWORD`]: "password" };
}

/** Names of what a service has in Kubernetes besides what has the service's own name. */
export function serviceNames(service: string) {
  return {
    /** Network policy of its pods. */
    egressPolicy: `${service}-egress`,
    /** Helm release, in the service's namespace. */
    release: `vault-${service}`,
    /** ClusterSecretStore. */
    store: `vault-${service}`,
    /** Role and RoleBinding by which External Secrets requests tokens of the ServiceAccount. */
    tokenRole: `${service}-token`,
  };
}

/** Password policy of all users that Vault makes in databases. */
export const DATABASE_PASSWORDS = "database";
