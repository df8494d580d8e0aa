import { z } from "zod";
import * as field from "./fields";

const vaultPath = z
  .string()
  .regex(/^[\w-]+(\/[\w-]+)*$/, "a path below the mount, such as payment-service/config");
const vaultKey = z.string().regex(/^[\w.-]+$/, "a key of a secret in Vault");

export const database = z.strictObject({
  name: field.name,
  host: field.hostName,
  port: z.number().int().min(1).max(65535, "a port from 1 to 65535").default(5432),
  database: z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/, "a PostgreSQL database name"),
  schemas: z
    .array(z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/, "a PostgreSQL schema name"))
    .min(1)
    .default(["public"]),
  /** Role that owns the tables, for those that are made later. */
  owner: z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/, "a PostgreSQL role name"),
  /** Certificates that sign the server's. @default - those that Vault's image trusts */
  caCertificate: field.caCertificate.optional(),
  /** Ranges in which the database is, where it is outside the cluster. @default - it is a Service of the cluster */
  ranges: z.array(field.cidr).default([]),
});

export const service = z.strictObject({
  name: field.name,
  namespace: field.name,
  team: field.name,
  /** How long a login lasts and how long it can be renewed. */
  token: z
    .strictObject({ ttl: field.duration.prefault("1h"), maxTtl: field.duration.prefault("24h") })
    .prefault({}),
  /** Prefixes below the `secret/` mount that the service reads. @default - its own name */
  reads: z
    .array(z.string().regex(/^[\w-]+(\/[\w-]+)*\/\*$/, "a prefix such as payment-service/*"))
    .optional(),
  database: z
    .strictObject({
      name: field.name,
      access: z.enum(["read-only", "read-write"]).default("read-only"),
      defaultTtl: field.duration.prefault("1h"),
      maxTtl: field.duration.prefault("24h"),
    })
    .optional(),
  /** Domains for which the service may have certificates issued. @default - none */
  certificates: z.array(field.hostName).default([]),
  /** A key of its own, with which Vault encrypts and decrypts for the service. @default false */
  encryptionKey: z.boolean().default(false),
  /** A Deployment whose pods get the secrets as files. @default - none: the team deploys by itself */
  deployment: z
    .strictObject({
      image: field.image,
      command: z.array(z.string()).min(1, "the program and its arguments"),
      port: z.number().int().min(1).max(65535, "a port from 1 to 65535").default(8080),
      replicas: z.number().int().min(1, "at least one replica").default(3),
      /** Variables that come from the keys of one KV secret. */
      config: z
        .strictObject({
          secret: vaultPath,
          variables: z
            .array(
              z.strictObject({
                name: z.string().regex(/^[A-Z][A-Z0-9_]*$/, "a variable name"),
                key: vaultKey,
              }),
            )
            .min(1, "at least one variable"),
        })
        .optional(),
    })
    .optional(),
  /** Kubernetes Secret in which External Secrets keeps credentials of the database, always new ones. @default - none */
  databaseSecret: field.name.optional(),
  /** Kubernetes Secrets that External Secrets keeps equal to Vault, by name. @default - none */
  secrets: z
    .array(
      z.strictObject({
        name: field.name,
        /** Path below the mount `secret`. */
        secret: vaultPath,
        /** Keys of the Kubernetes Secret and those in Vault that they come from. */
        keys: z
          .array(
            z.strictObject({
              name: z.string().regex(/^[\w.-]+$/, "a key of a Kubernetes Secret"),
              key: vaultKey,
            }),
          )
          .min(1, "at least one key"),
        refreshInterval: field.duration.prefault("5m"),
      }),
    )
    .default([]),
});
