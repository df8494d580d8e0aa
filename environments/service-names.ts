/** Role of the database engine that makes a service's users. */
export function databaseRoleName(service: string): string {
  return `${service}-role`;
}
