import { z } from "zod";
import * as field from "./fields";

const vaultKey = field.text(/^[\w.-]{1,253}$/, "a key of a secret in Vault");

const sqlName = (what: string) => field.text(/^[a-z_][a-z0-9_]{0,62}$/, what);

/** With `db-` before it, it names a file, which may have 41 characters. */
const databaseAlias = field.text(
  /^[a-z]([a-z0-9-]{0,36}[a-z0-9])?$/,
  "a lower-case DNS label of at most 38 characters, such as ledger",
);

/** The agent's cache, of which each pod has one. */
const CACHE_PORT = 8200;

/** The later of two of one name would count alone. */
const named: [(list: readonly { readonly name: string }[]) => boolean, string] = [
  (list) => new Set(list.map((it) => it.name)).size === list.length,
  "a name for each that no other has",
];

export const database = z.strictObject({
  name: field.name,
  host: field.host,
  port: field.port.default(5432),
  database: sqlName("a PostgreSQL database name"),
  schemas: z.array(sqlName("a PostgreSQL schema name")).min(1, "at least one schema").default(["public"]),
  /** Role that owns the tables, for those that are made later. */
  owner: sqlName("a PostgreSQL role name"),
  /** User that Vault logs in as: one for each connection, because it changes the password. @default vault_admin */
  adminUser: sqlName("a PostgreSQL role name").default("vault_admin"),
  /** Certificates that sign the server's. @default - those that Vault's image trusts */
  caCertificate: field.caCertificates.optional(),
  /** Ranges in which the database is, where it is outside the cluster. @default - it is a Service of the cluster */
  ranges: z.array(field.cidr).default([]),
  /** Port of its pods, where the host is a Service that translates the port. @default - port */
  targetPort: field.port.optional(),
});

/** What pods of a service connect to besides Vault, DNS and its database. */
const egress = z
  .strictObject({
    name: field.name,
    /** Networks. @default - none */
    ranges: z.array(field.cidr).min(1, "at least one network range").optional(),
    /** Namespace with the pods. @default - none */
    namespace: field.name.optional(),
    /** Labels of the pods in that namespace. @default - all of its pods */
    podLabels: field.labels.optional(),
    /** The internet, without private networks. @default false */
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

export const service = z.strictObject({
  name: field.name,
  namespace: field.name,
  team: field.name,
  /** How long a login lasts and how long it can be renewed. */
  token: z
    .strictObject({ ttl: field.duration.prefault("1h"), maxTtl: field.duration.prefault("24h") })
    .prefault({}),
  /** Prefixes below the `secret/` mount that the service reads. @default - its own name */
  reads: z.array(field.keyValuePrefix).optional(),
  /** Databases that the service uses, each with a login for each pod. @default - none */
  databases: z
    .array(
      z.strictObject({
        /** A database of this environment. */
        name: field.name,
        /**
         * Tells its role, file and variables from those of the service's other databases: `ledger` gives the role
         * `<service>-ledger-role`, the file `db-ledger`, and `LEDGER_DB_USERNAME` and `LEDGER_DB_PASSWORD`.
         * @default - none: the role `<service>-role`, the file `db`, `DB_USERNAME` and `DB_PASSWORD`
         */
        alias: databaseAlias.optional(),
        access: z.enum(["read-only", "read-write"]).default("read-only"),
        defaultTtl: field.duration.prefault("1h"),
        maxTtl: field.duration.prefault("24h"),
        /** Kubernetes Secret in which External Secrets keeps credentials, always new ones. @default - none */
        secret: field.name.optional(),
      }),
    )
    .default([]),
  /** Domains for which the service may have certificates issued. @default - none */
  certificates: z.array(field.hostName).default([]),
  /** A key of its own, with which Vault encrypts and decrypts for the service. @default false */
  encryptionKey: z.boolean().default(false),
  /** A Deployment whose pods get the secrets as files. @default - none: the team deploys by itself */
  deployment: z
    .strictObject({
      image: field.image,
      command: z
        .array(z.string("a text"))
        .min(1, "the program and its arguments")
        // The agent finds the program by its name, to start it again with new secrets.
        .refine(
          ([program]) => program === undefined || /(^|\/)[\w.-]+$/.test(program),
          "a program first, whose name is letters, digits, dots, dashes and underscores",
        ),
      port: field.port
        .refine((port) => port !== CACHE_PORT, `another port than ${CACHE_PORT}, which the agent's cache has`)
        .default(8080),
      replicas: field.wholeNumber(1, 1000, "a whole number from 1 to 1000").default(3),
      /** Variables that come from the keys of one KV secret. */
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
  /**
   * Who keeps the network policy of the service's pods. `platform`: its pods may connect to Vault, its databases, DNS and
   * what `egress` adds, and to nothing else. It selects the pods with the label `vault-platform/service: <name>`, which
   * pods of `deployment` have. `team`: none is made here.
   * @default - platform for a service with a deployment in a namespace that the platform makes, else team
   */
  networkPolicy: z.enum(["platform", "team"]).optional(),
  /** Further connections of the service's pods, where the platform keeps their network policy. @default - none */
  egress: z
    .array(egress)
    .default([])
    .refine(...named),
  /** Kubernetes Secrets that External Secrets keeps equal to Vault, by name. @default - none */
  secrets: z
    .array(
      z.strictObject({
        name: field.name,
        /** Path below the mount `secret`. */
        secret: field.keyValueSecretPath,
        /** Keys of the Kubernetes Secret and those in Vault that they come from. */
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
