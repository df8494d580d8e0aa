import { z } from "zod";
import * as field from "./fields";

const vaultKey = field.text(/^[\w.-]{1,253}$/, "a key of a secret in Vault");

const sqlName = (what: string) => field.text(/^[a-z_][a-z0-9_]{0,62}$/, what);

/** Alias of a database. `db-` and the alias are the name of a file, which may have 41 characters. */
const databaseAlias = field.text(
  /^[a-z]([a-z0-9-]{0,36}[a-z0-9])?$/,
  "a lower-case DNS label of at most 38 characters, such as ledger",
);

/** Port of the agent's cache in each pod. */
const CACHE_PORT = 8200;

/** Requires unique names: of two entries with one name, only the later would count. */
const named: [(list: readonly { readonly name: string }[]) => boolean, string] = [
  (list) => new Set(list.map((it) => it.name)).size === list.length,
  "a name for each that no other has",
];

/** Schema of `DatabaseDefinition`. */
export const database = z.strictObject({
  name: field.name,
  host: field.host,
  port: field.port.default(5432),
  database: sqlName("a PostgreSQL database name"),
  schemas: z.array(sqlName("a PostgreSQL schema name")).min(1, "at least one schema").default(["public"]),
  owner: sqlName("a PostgreSQL role name"),
  adminUser: sqlName("a PostgreSQL role name").default("vault_admin"),
  caCertificate: field.caCertificates.optional(),
  ranges: z.array(field.cidr).default([]),
  targetPort: field.port.optional(),
});

/** Destination of a service's pods, in addition to Vault, DNS and its databases. */
const egress = z
  .strictObject({
    name: field.name,
    ranges: z.array(field.cidr).min(1, "at least one network range").optional(),
    namespace: field.name.optional(),
    podLabels: field.labels.optional(),
    internet: z.boolean().default(false),
    ports: z.array(field.port).min(1, "at least one port"),
    protocol: z.enum(["TCP", "UDP"]).default("TCP"),
  })
  .refine(
    ({ ranges, namespace, internet }) =>
      [ranges, namespace, internet || undefined].filter(Boolean).length === 1,
    "exactly one of ranges, namespace and internet: true",
  )
  .refine(
    ({ namespace, podLabels }) => podLabels === undefined || namespace !== undefined,
    "podLabels beside a namespace",
  );

/** Schema of `ServiceDefinition`. */
export const service = z.strictObject({
  name: field.name,
  namespace: field.name,
  team: field.name,
  token: z
    .strictObject({ ttl: field.duration.prefault("1h"), maxTtl: field.duration.prefault("24h") })
    .prefault({}),
  reads: z.array(field.keyValuePrefix).optional(),
  databases: z
    .array(
      z.strictObject({
        name: field.name,
        alias: databaseAlias.optional(),
        access: z.enum(["read-only", "read-write"]).default("read-only"),
        defaultTtl: field.duration.prefault("1h"),
        maxTtl: field.duration.prefault("24h"),
        secret: field.name.optional(),
      }),
    )
    .default([]),
  certificates: z.array(field.hostName).default([]),
  encryptionKey: z.boolean().default(false),
  deployment: z
    .strictObject({
      image: field.image,
      command: z
        .array(z.string("a text"))
        .min(1, "the program and its arguments")
        // The agent finds the program by its name to restart it with new secrets.
        .refine(
          ([program]) => program === undefined || /(^|\/)[\w.-]+$/.test(program),
          "a program first, whose name is letters, digits, dots, dashes and underscores",
        ),
      port: field.port
        .refine((port) => port !== CACHE_PORT, `another port than ${CACHE_PORT}, which the agent's cache has`)
        .default(8080),
      replicas: field.wholeNumber(1, 1000, "a whole number from 1 to 1000").default(3),
      config: z
        .strictObject({
          secret: field.keyValueSecretPath,
          variables: z
            .array(
              z.strictObject({
                name: field.text(/^[A-Z][A-Z0-9_]*$/, "a variable name"),
                key: vaultKey,
              }),
            )
            .min(1, "at least one variable")
            .refine(...named),
        })
        .optional(),
    })
    .optional(),
  networkPolicy: z.enum(["platform", "team"]).optional(),
  egress: z
    .array(egress)
    .default([])
    .refine(...named),
  secrets: z
    .array(
      z.strictObject({
        name: field.name,
        secret: field.keyValueSecretPath,
        keys: z
          .array(
            z.strictObject({
              name: field.secretKey,
              key: vaultKey,
            }),
          )
          .min(1, "at least one key")
          .refine(...named),
        refreshInterval: field.duration.prefault("5m"),
      }),
    )
    .default([]),
});
