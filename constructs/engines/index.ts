export {
  DatabaseEngine,
  type DatabaseEngineAttributes,
  type DatabaseEngineProps,
  type IDatabaseEngine,
} from "./database-engine";
export {
  type CustomStatements,
  DynamicPostgresRole,
  type DynamicPostgresRoleProps,
} from "./dynamic-postgres-role";
export {
  type IKeyValueEngine,
  KeyValueEngine,
  type KeyValueEngineAttributes,
  type KeyValueEngineProps,
  type KeyValueGrantOptions,
  KeyValueGrants,
} from "./key-value-engine";
export { KeyValueSecret, type KeyValueSecretProps } from "./key-value-secret";
export { PkiAuthority, type PkiAuthorityProps } from "./pki-authority";
export {
  type ExistingPkiEngineProps,
  type IPkiEngine,
  PkiEngine,
  type PkiEngineAttributes,
  type PkiEngineProps,
} from "./pki-engine";
export { PkiRole, type PkiRoleProps } from "./pki-role";
export { type IPostgresDatabase, PostgresDatabase } from "./postgres-database";
export type {
  GroupRoles,
  PostgresDatabaseAttributes,
  PostgresDatabaseProps,
} from "./postgres-database-props";
export { type PostgresAccess, type PostgresSetup, setupSql } from "./postgres-sql";
export type { SecretMountProps } from "./secret-mount";
export { StaticPostgresRole, type StaticPostgresRoleProps } from "./static-postgres-role";
export {
  type ITransitEngine,
  TransitEngine,
  type TransitEngineAttributes,
  type TransitEngineProps,
} from "./transit-engine";
export { TransitKey, type TransitKeyProps } from "./transit-key";
