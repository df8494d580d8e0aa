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
 * Runtime checks of the definitions. `definition/` documents the fields. Every object is strict: a misspelt key is an
 * error, not a silent default.
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

/** Schema of the fields of an environment, before they are compared with each other. */
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

/** Runs the checks even if a field is invalid, so that all problems are reported at once. */
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

/** Environment for the stacks: all defaults are filled in and all values are checked. */
export type Environment = z.output<typeof environmentFields>;

export type { EnvironmentDefinition };

/**
 * Readable part of a definition, for comparison with other definitions: see `readable`.
 * @returns undefined if it is not an object
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
