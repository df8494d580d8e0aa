import type { IConstruct } from "constructs";
import { NameRule } from "../core/name-rule";
import { received } from "../core/received";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import type { IPostgresDatabase } from "./postgres-database";

/**
 * Checks the name of a PostgreSQL role. PostgreSQL would cut a long name without an error.
 * @throws ValidationError for a name of more than 63 bytes, and for a name that PostgreSQL reserves
 */
export function requirePostgresRole(scope: IConstruct, property: string, name: string | undefined): void {
  requirePostgresName(scope, property, name);
  const rule = NameRule.POSTGRES_ROLE;
  if (isLiteral(name) && !rule.hasForm(name)) {
    throw new ValidationError(scope, `${property} must be ${rule.allowed}, got ${received(name)}`);
  }
}

/**
 * Checks the length of a name in PostgreSQL.
 * @throws ValidationError for a name of more than 63 bytes
 */
export function requirePostgresName(scope: IConstruct, property: string, name: string | undefined): void {
  const { most } = NameRule.POSTGRES_ROLE;
  if (isLiteral(name) && NameRule.POSTGRES_ROLE.excess(name) > 0) {
    const bytes = Buffer.byteLength(name);
    throw new ValidationError(
      scope,
      `${property} must be at most ${most} bytes, got ${received(name)}, which has ${bytes}: PostgreSQL would cut it`,
    );
  }
}

/**
 * Checks that readers and writers of a database are two PostgreSQL roles, and that both differ from other roles.
 * @param others further roles by their properties, such as Vault's own user
 * @throws ValidationError for names that are too long, reserved, or the same
 */
export function requireGroupRoles(
  scope: IConstruct,
  database: Pick<IPostgresDatabase, "groupRole">,
  others: Readonly<Record<string, string>> = {},
): void {
  const readers = database.groupRole("read-only");
  const writers = database.groupRole("read-write");
  requirePostgresRole(scope, "the role of readers", readers);
  requirePostgresRole(scope, "the role of writers", writers);
  if (isLiteral(readers) && readers === writers) {
    throw new ValidationError(
      scope,
      `readers and writers must be two roles of PostgreSQL, got ${received(readers)} for both`,
    );
  }
  for (const [property, name] of Object.entries(others)) {
    if (!isLiteral(name) || ![readers, writers].includes(name)) continue;
    throw new ValidationError(
      scope,
      `${property} must differ from the roles of readers and writers, got ${received(name)}`,
    );
  }
}
