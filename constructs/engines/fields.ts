import { flag, object, oneOf, reference, text } from "../core/field";
import { duration, method } from "../core/fields";
import type { IDatabaseEngine } from "./database-engine";
import type { IKeyValueEngine, KeyValueGrantOptions } from "./key-value-engine";
import type { IPkiEngine } from "./pki-engine";
import type { IPostgresDatabase } from "./postgres-database";
import type { ITransitEngine } from "./transit-engine";

/** Field for a KV secrets engine. */
export const keyValueEngine = reference<IKeyValueEngine>(
  "a KV engine, such as a KeyValueEngine or KeyValueEngine.fromAttributes(...)",
  () => ({ path: text, pathReference: text, casRequired: flag, grantRead: method }),
);

/** Field for the options of the grant methods of a KV secrets engine. */
export const keyValueGrantOptions = object<KeyValueGrantOptions>(() => ({
  allowEverySecret: flag.optional(),
}));

/** Field for a database secrets engine. */
export const databaseEngine = reference<IDatabaseEngine>(
  "a database engine, such as a DatabaseEngine or DatabaseEngine.fromAttributes(...)",
  () => ({ path: text, pathReference: text, maxTtl: duration }),
);

/** Field for a PKI secrets engine. */
export const pkiEngine = reference<IPkiEngine>(
  "a PKI engine, such as a PkiEngine or PkiEngine.fromAttributes(...)",
  () => ({ path: text, pathReference: text, maxTtl: duration }),
);

/** Field for a transit secrets engine. */
export const transitEngine = reference<ITransitEngine>(
  "a transit engine, such as a TransitEngine or TransitEngine.fromAttributes(...)",
  () => ({ path: text, pathReference: text }),
);

/** Field for a PostgreSQL database. */
export const postgresDatabase = reference<IPostgresDatabase>(
  "a database, such as a PostgresDatabase or PostgresDatabase.fromAttributes(...)",
  () => ({
    connectionName: text,
    connectionReference: text,
    engine: databaseEngine,
    groupRole: method,
    allowRole: method,
    rotateUser: method,
  }),
);

/** Field for the access of PostgreSQL users. */
export const postgresAccess = oneOf("read-only", "read-write");

/** Field for the PostgreSQL group roles by access. Printed SQL creates them, so they must be known at synthesis. */
export const groupRoles = object<Readonly<Record<"read-only" | "read-write", string>>>(() => ({
  "read-only": text.known(),
  "read-write": text.known(),
}));
