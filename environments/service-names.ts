/** Role of the database engine that makes a service's users. */
export function databaseRoleName(service: string): string {
  return `${service}-role`;
}

/** Password policy of all users that Vault makes in databases. */
export const DATABASE_PASSWORDS = "database";
