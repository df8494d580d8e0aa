import { z } from "zod";
import * as field from "./fields";
import { platformNames } from "./names";
import { aws } from "./schema-aws";
import { charts, images, kubernetes, network, vault } from "./schema-cluster";
import { recovery } from "./schema-recovery";
import { database, service } from "./schema-workloads";

/**
 * What an environment is. Every object is strict, so that a misspelt key is an error and not a silent default.
 */

const siem = z.strictObject({
  kind: z.enum(["splunk-hec", "elastic", "datadog", "otlp-http"]),
  endpoint: field.httpsUrl,
  credentials: field.secretReference,
  /** Certificate of the CA that signs the sink's. @default - the public ones */
  caCertificate: field.caCertificate.optional(),
  /** Ranges in which the sink is. @default - the internet without private networks */
  ranges: z.array(field.cidr).default([]),
});

const backup = z.strictObject({
  /** @default 0 2 * * * - daily, outside working hours */
  schedule: field.schedule.default("0 2 * * *"),
  /** How long a snapshot is kept and cannot be deleted. @default 30d */
  retention: field.duration.prefault("30d"),
  /** Copies every snapshot to the replica region. @default false */
  replicate: z.boolean().default(false),
});

const pipeline = z.strictObject({
  /** GitHub repository whose workflows may assume the plan and deploy roles. */
  repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/, "a repository, such as example/vault-platform"),
  /**
   * Lets them log in to Vault by the identity tokens of GitHub, whose keys Vault then has to reach.
   * @default true
   */
  vaultLogin: z.boolean().default(true),
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
    charts,
    siem,
    backup: backup.prefault({}),
    databases: z.array(database).default([]),
    services: z.array(service).default([]),
    pipeline,
    /** One `config` and one `workloads` stack, or further ones per team, which plan what they touch. @default one */
    shards: z.enum(["one", "team"]).default("one"),
    /** Charts and images for clusters without internet access. @default - the public ones */
    mirrors: mirrors.prefault({}),
    /** The environment that this one stands by for; see `recoveryOf`. @default - it is one of its own */
    recovers: recovery.optional(),
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
    if (environment.recovers && replica) {
      problem(
        ["aws", "replica"],
        replica,
        `nothing: the key is that of ${environment.recovers.environment}, which has its replica here`,
      );
    }
    if (environment.recovers && environment.vault.enterprise?.dr) {
      problem(
        ["vault", "enterprise", "dr"],
        environment.vault.enterprise.dr.side,
        "nothing, because this environment gets its data from snapshots",
      );
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
    const { kubernetes, vault: server } = environment;
    if (kubernetes.zones.length === 2 && server.replicas > 1) {
      problem(
        ["kubernetes", "zones"],
        kubernetes.zones,
        "one zone or at least three: one of two has the majority of the servers, and its loss stops Vault",
      );
    }
    const distributes = kubernetes.customResourceGroups.includes("trust.cert-manager.io");
    const signed = server.tls.issuer || server.tls.existingSecret;
    if (server.tls.caCertificates.length === 0 && (signed || !distributes)) {
      problem(
        ["vault", "tls", "caCertificates"],
        [],
        signed
          ? "the certificates of the CA that signs the servers'"
          : "the certificates of the CA, unless the cluster has trust-manager (trust.cert-manager.io in kubernetes.customResourceGroups)",
      );
    }
    if (server.tls.existingSecret && server.tls.issuer) {
      problem(
        ["vault", "tls", "existingSecret"],
        server.tls.existingSecret,
        "nothing, because vault.tls.issuer signs the certificate",
      );
    }
    const { certManager, externalSecrets } = kubernetes.operators;
    if (certManager === "none" && !server.tls.existingSecret) {
      problem(
        ["kubernetes", "operators", "certManager"],
        certManager,
        "install or existing, unless vault.tls.existingSecret has the servers' certificate",
      );
    }
    const synced = environment.services.find((it) => it.secrets.length > 0 || it.databaseSecret);
    if (externalSecrets === "none" && synced) {
      problem(
        ["kubernetes", "operators", "externalSecrets"],
        externalSecrets,
        `install or existing, because ${synced.name} has Secrets that External Secrets keeps`,
      );
    }
    const served = environment.services.find(
      (it) => it.deployment || it.secrets.length > 0 || it.databaseSecret,
    );
    if (server.tls.mutual && served) {
      problem(
        ["vault", "tls", "mutual"],
        true,
        `false while the platform delivers secrets to services such as ${served.name}: agents and External Secrets show no certificate`,
      );
    }
    const licensed = server.enterprise;
    const wanted = {
      namespaces: licensed?.namespaces,
      sentinel: licensed && licensed.sentinel.length > 0,
      maxLeases: licensed?.maxLeases,
      dr: licensed?.dr?.side,
    };
    for (const [feature, value] of Object.entries(wanted)) {
      if (value && !licensed?.licence) {
        problem(
          ["vault", "enterprise", feature],
          value,
          "nothing, or a reference to the licence in vault.enterprise.licence",
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
      if (item.token.ttl.isLongerThan(item.token.maxTtl)) {
        problem(
          ["services", index, "token", "ttl"],
          item.token.ttl.toString(),
          `at most token.maxTtl, which is ${item.token.maxTtl}`,
        );
      }
      if (item.database?.maxTtl.isLongerThan(item.token.maxTtl)) {
        problem(
          ["services", index, "database", "maxTtl"],
          item.database.maxTtl.toString(),
          `at most token.maxTtl, which is ${item.token.maxTtl}: a login that ends takes its leases with it`,
        );
      }
      if (item.database && !known.includes(item.database.name)) {
        const allowed = known.length > 0 ? known.join(", ") : "none, because databases is empty";
        problem(
          ["services", index, "database", "name"],
          item.database.name,
          `a database of this environment: ${allowed}`,
        );
      }
      if (item.databaseSecret && !item.database) {
        problem(
          ["services", index, "databaseSecret"],
          item.databaseSecret,
          "nothing, because database is not given",
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
