import { z } from "zod";
import * as field from "./fields";
import type { Report } from "./check";
import type { EnvironmentDefinition } from "./definition";
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
 * Runtime checks of the definitions, whose fields are documented in `definition/`. Every object is strict: a misspelt key
 * is an error, not a silent default.
 */

const siem = z.strictObject({
  kind: z.enum(["splunk-hec", "elastic", "datadog", "otlp-http"]),
  endpoint: field.httpsUrl(),
  credentials: field.secretReference,
  caCertificate: field.caCertificates.optional(),
  ranges: z.array(field.cidr).default([]),
  targetPort: field.port.optional(),
});

const backup = z.strictObject({
  schedule: field.schedule.default("0 2 * * *"),
  retention: field.days.prefault("30d"),
  replicate: z.boolean().default(false),
});

const pipeline = z.strictObject({
  repository: field.text(/^[\w.-]+\/[\w.-]+$/, "a repository, such as example/vault-platform"),
  vaultLogin: z.boolean().default(true),
  teamIdentities: z.boolean().default(false),
});

const mirrors = z.strictObject({
  charts: field.chartMirror.optional(),
  registry: field.registryMirror.optional(),
});

/** Environment, before its fields are compared with each other. */
export const environmentFields = z.strictObject({
  name: field.name,
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
  shards: z.enum(["one", "team"]).default("one"),
  mirrors: mirrors.prefault({}),
  recovers: recovery.optional(),
});

/** Also when a field is wrong, so that all problems are told at once. */
const always = { when: () => true };

/** Schema that checks a definition and fills in its defaults. */
export const environmentSchema: z.ZodType<Environment, EnvironmentDefinition> = environmentFields.superRefine(
  (value, context) => {
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
  },
  always,
);

/** Environment as the stacks read it: all defaults are filled in and all values are checked. */
export type Environment = z.output<typeof environmentFields>;

export type { EnvironmentDefinition };

/**
 * As much of a definition as can be read, for comparing it with others: see `readable`.
 * @returns nothing when it is no object
 */
export function readablePart(definition: EnvironmentDefinition): Environment | undefined {
  let part: Environment | undefined;
  environmentFields
    .superRefine((value, context) => {
      part = readable(value, context.issues);
    }, always)
    .safeParse(definition);
  return part;
}
