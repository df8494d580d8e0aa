import { z } from "zod";
import * as field from "./fields";
import type { Report } from "./check";
import { environmentChecks } from "./check-environment";
import { nameChecks } from "./check-names";
import { networkChecks } from "./check-network";
import { namespaceChecks } from "./check-namespaces";
import { serviceChecks } from "./check-services";
import { original, readable, whereReadable } from "./readable";
import { aws } from "./schema-aws";
import { charts, images, kubernetes, network, vault } from "./schema-cluster";
import { recovery } from "./schema-recovery";
import { database, service } from "./schema-workloads";

/**
 * What an environment is. Every object is strict, so that a misspelt key is an error and not a silent default.
 */

const siem = z.strictObject({
  kind: z.enum(["splunk-hec", "elastic", "datadog", "otlp-http"]),
  endpoint: field.httpsUrl(),
  credentials: field.secretReference,
  /** Certificate of the CA that signs the sink's. @default - the public ones */
  caCertificate: field.caCertificates.optional(),
  /** Ranges in which the sink is. @default - the host tells: a Service's namespace, or the internet */
  ranges: z.array(field.cidr).default([]),
  /** Port of its pods, where the host is a Service that translates the port. @default - the URL's */
  targetPort: field.port.optional(),
});

const backup = z.strictObject({
  /** @default 0 2 * * * - daily, outside working hours */
  schedule: field.schedule.default("0 2 * * *"),
  /** How long a snapshot is kept and cannot be deleted. @default 30d */
  retention: field.days.prefault("30d"),
  /** Copies every snapshot to the replica region. @default false */
  replicate: z.boolean().default(false),
});

const pipeline = z.strictObject({
  /** GitHub repository whose workflows may assume the plan and deploy roles. */
  repository: field.text(/^[\w.-]+\/[\w.-]+$/, "a repository, such as example/vault-platform"),
  /**
   * Lets them log in to Vault by the identity tokens of GitHub, whose keys Vault then has to reach.
   * @default true
   */
  vaultLogin: z.boolean().default(true),
  /**
   * Gives each team identities of its own, in AWS and in Vault, that reach its `config` stack alone: for jobs of the
   * GitHub environment `<environment>-<team>`. With shards per team.
   * @default false - `deploy` deploys all stacks
   */
  teamIdentities: z.boolean().default(false),
});

const mirrors = z.strictObject({
  charts: field.chartMirror.optional(),
  registry: field.registryMirror.optional(),
});

const fields = z.strictObject({
  name: field.name,
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
});

/** Also when a field is wrong, so that all problems are told at once. */
const always = { when: () => true };

export const environmentSchema = fields.superRefine((value, context) => {
  const environment = readable(value, context.issues);
  if (!environment) return;
  const report: Report = (path, received, allowed) =>
    context.addIssue({ code: "custom", path: [...path], input: original(received), message: allowed });
  for (const check of [
    ...environmentChecks,
    ...networkChecks,
    ...namespaceChecks,
    ...serviceChecks,
    ...nameChecks,
  ]) {
    whereReadable(() => check(environment, report));
  }
}, always);

/** What one writes in `environments/`. */
export type EnvironmentDefinition = z.input<typeof environmentSchema>;

/** What the stacks read: every default filled in, every text checked. */
export type Environment = z.output<typeof environmentSchema>;

/**
 * As much of a definition as can be read, for comparing it with others: see `readable`.
 * @returns nothing when it is no object
 */
export function readablePart(definition: EnvironmentDefinition): Environment | undefined {
  let part: Environment | undefined;
  fields
    .superRefine((value, context) => {
      part = readable(value, context.issues);
    }, always)
    .safeParse(definition);
  return part;
}
