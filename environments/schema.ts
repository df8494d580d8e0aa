import { z } from "zod";
import * as field from "./fields";
import { platformNames } from "./names";

/**
 * What an environment is. Every object is strict, so that a misspelt key is an error and not a silent default.
 */

const replication = z.strictObject({
  /** Region of the key's replica and of the snapshots' copy. */
  region: field.region,
});

const awsFields = z.strictObject({
  account: field.account,
  region: field.region,
  /** Region of the account's state bucket; the same for all environments of an account. @default - region */
  stateRegion: field.region.optional(),
  /** Alias of the unseal key. @default alias/vault-unseal-key */
  unsealKeyAlias: z
    .string()
    .regex(/^alias\/(?!aws\/)[\w/-]+$/, "a KMS alias that starts with alias/ and not with alias/aws/")
    .default("alias/vault-unseal-key"),
  /** The one principal that may delete, disable or re-assign the unseal key. */
  breakGlassPrincipal: field.principal,
  /** One principal per recovery share; each reads its own share and no other. */
  recoveryCustodians: z
    .array(field.principal)
    .length(5, "five principals, one per recovery share")
    .refine(
      (list) => new Set(list).size === list.length,
      "five different principals: one who holds two shares counts twice",
    ),
  /** Makes the unseal key multi-Region and copies every snapshot. @default - one region */
  replica: replication.optional(),
});

const aws = awsFields.transform((value) => ({ ...value, stateRegion: value.stateRegion ?? value.region }));

const kubernetes = z.strictObject({
  /** `eks` also makes access entries for the pipelines' roles. */
  distribution: z.enum(["eks", "other"]),
  clusterName: field.name,
  /** Issuer of the cluster's ServiceAccount tokens, without https://. */
  oidcProvider: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]+(:\d+)?(\/[\w./-]+)?$/, "an OIDC issuer without https://"),
  apiServer: field.httpsUrl,
  zones: z.array(field.zone).min(1, "at least one availability zone"),
});

const network = z.strictObject({
  /** Where the API server calls the injector's webhook from. */
  controlPlane: z.array(field.cidr).min(1, "at least one network range"),
  /** Interface endpoints of KMS, STS, S3 and Secrets Manager. @default - none: port 443 is open instead */
  vpcEndpoints: z.array(field.cidr).default([]),
});

const enterprise = z.strictObject({
  licence: field.secretReference.optional(),
  namespaces: z.boolean().default(false),
  sentinel: z.boolean().default(false),
  disasterRecoveryReplication: z.boolean().default(false),
});

const vault = z.strictObject({
  replicas: z.union(
    [z.literal(1), z.literal(3), z.literal(5), z.literal(7)],
    "1, 3, 5 or 7, so that Raft can elect a leader",
  ),
  /** Where operators and pipelines reach Vault. */
  endpoint: field.httpsUrl,
  chartVersion: field.version,
  dataSize: field.size.prefault("10Gi"),
  auditSize: field.size.prefault("10Gi"),
  storageClass: field.name.default("gp3"),
  enterprise: enterprise.optional(),
});

const images = z.strictObject({
  vault: field.image,
  vaultAgentInjector: field.image,
  awsCli: field.image,
});

const siem = z.strictObject({
  kind: z.enum(["splunk-hec", "elastic", "datadog", "otlp-http"]),
  endpoint: field.httpsUrl,
  credentials: field.secretReference,
});

const backup = z.strictObject({
  /** @default 0 2 * * * - daily, outside working hours */
  schedule: field.schedule.default("0 2 * * *"),
  /** How long a snapshot is kept and cannot be deleted. @default 30d */
  retention: field.duration.prefault("30d"),
  /** Copies every snapshot to the replica region. @default false */
  replicate: z.boolean().default(false),
});

const database = z.strictObject({
  name: field.name,
  host: field.hostName,
  port: z.number().int().min(1).max(65535, "a port from 1 to 65535").default(5432),
  database: z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/, "a PostgreSQL database name"),
  schemas: z
    .array(z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/, "a PostgreSQL schema name"))
    .min(1)
    .default(["public"]),
});

const service = z.strictObject({
  name: field.name,
  namespace: field.name,
  team: field.name,
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
});

const pipeline = z.strictObject({
  /** GitHub repository whose workflows may assume the plan and deploy roles. */
  repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/, "a repository, such as example/vault-platform"),
});

const mirrors = z.strictObject({
  charts: field.chartMirror.optional(),
  registry: field.registryMirror.optional(),
});

export const environmentSchema = z
  .strictObject({
    name: field.name.max(20, "at most 20 characters, because role and bucket names are made of it"),
    /** `s3`: the account's encrypted bucket with native locking; `local`: files beside the checkout. */
    state: z.enum(["s3", "local"]).default("s3"),
    aws,
    kubernetes,
    network,
    vault,
    images,
    siem,
    backup: backup.prefault({}),
    databases: z.array(database).default([]),
    services: z.array(service).default([]),
    pipeline,
    /** Charts and images for clusters without internet access. @default - the public ones */
    mirrors: mirrors.prefault({}),
  })
  .superRefine((environment, context) => {
    const problem = (path: (string | number)[], received: unknown, allowed: string) =>
      context.addIssue({ code: "custom", path, input: received, message: allowed });

    const { replica, region } = environment.aws;
    if (environment.backup.replicate && !replica) {
      problem(["backup", "replicate"], true, "false, or a region in aws.replica to copy snapshots to");
    }
    if (replica?.region === region) {
      problem(["aws", "replica", "region"], region, "another region than aws.region");
    }
    const { rolePrefix } = platformNames(environment);
    const outsiders = [
      { path: ["aws", "breakGlassPrincipal"], arn: environment.aws.breakGlassPrincipal },
      ...environment.aws.recoveryCustodians.map((arn, index) => ({
        path: ["aws", "recoveryCustodians", index],
        arn,
      })),
    ];
    for (const { path, arn } of outsiders) {
      if (arn.includes(`:role/${rolePrefix}`)) {
        problem(
          path,
          arn,
          `a role whose name does not start with ${rolePrefix}: pipelines change the trust of those`,
        );
      }
    }
    const licensed = environment.vault.enterprise;
    for (const feature of ["namespaces", "sentinel", "disasterRecoveryReplication"] as const) {
      if (licensed?.[feature] && !licensed.licence) {
        problem(
          ["vault", "enterprise", feature],
          true,
          "false, or a reference to the licence in vault.enterprise.licence",
        );
      }
    }
    repeated(environment.databases, (item) => item.name).forEach(([index, text]) =>
      problem(["databases", index, "name"], text, "a name that no other database has"),
    );
    repeated(environment.services, (item) => `${item.namespace}/${item.name}`).forEach(([index, text]) =>
      problem(["services", index, "name"], text, "a name that no other service in the namespace has"),
    );
    const known = environment.databases.map((item) => item.name);
    environment.services.forEach((item, index) => {
      if (item.database && !known.includes(item.database.name)) {
        const allowed = known.length > 0 ? known.join(", ") : "none, because databases is empty";
        problem(
          ["services", index, "database", "name"],
          item.database.name,
          `a database of this environment: ${allowed}`,
        );
      }
      if (item.database?.defaultTtl.isLongerThan(item.database.maxTtl)) {
        problem(
          ["services", index, "database", "defaultTtl"],
          item.database.defaultTtl.toString(),
          `at most maxTtl, which is ${item.database.maxTtl}`,
        );
      }
    });
  });

/** What one writes in `environments/`. */
export type EnvironmentDefinition = z.input<typeof environmentSchema>;

/** What the stacks read: every default filled in, every text checked. */
export type Environment = z.output<typeof environmentSchema>;

function repeated<T>(items: readonly T[], key: (item: T) => string): [number, string][] {
  const keys = items.map(key);
  return keys.flatMap((text, index): [number, string][] =>
    keys.indexOf(text) < index ? [[index, text]] : [],
  );
}
