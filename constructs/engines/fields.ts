import { flag, object, oneOf, reference, text } from "../core/field";
import { duration, method } from "../core/fields";
import type { IDatabaseEngine } from "./database-engine";
import type { IKeyValueEngine, KeyValueGrantOptions } from "./key-value-engine";
import type { IPkiEngine } from "./pki-engine";
import type { IPostgresDatabase } from "./postgres-database";
import type { ITransitEngine } from "./transit-engine";

export const keyValueEngine = reference<IKeyValueEngine>(
  "a KV engine, such as a KeyValueEngine or KeyValueEngine.fromAttributes(...)",
  () => ({ path: text, pathReference: text, casRequired: flag, grantRead: method }),
);

export const keyValueGrantOptions = object<KeyValueGrantOptions>(() => ({
  allowEverySecret: flag.optional(),
}));

export const databaseEngine = reference<IDatabaseEngine>(
  "a database engine, such as a DatabaseEngine or DatabaseEngine.fromAttributes()",
  () => ({ path: text, pathReference: text, maxTtl: duration }),
);

export const pkiEngine = reference<IPkiEngine>(
  "a PKI engine, such as a PkiEngine or PkiEngine.fromAttributes()",
  () => ({ path: text, pathReference: text, maxTtl: duration }),
);

export const transitEngine = reference<ITransitEngine>(
  "a transit engine, such as a TransitEngine or TransitEngine.fromAttributes()",
  () => ({ path: text, pathReference: text }),
);

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

export const postgresAccess = oneOf("read-only", "read-write");

/** Names of PostgreSQL roles by what they may do; the SQL that makes them is printed. */
export const groupRoles = object<Readonly<Record<"read-only" | "read-write", string>>>(() => ({
  "read-only": text.known(),
  "read-write": text.known(),
}));
