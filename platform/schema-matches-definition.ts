import type { z } from "zod";
import type * as definition from "./definition";
import type { environmentFields } from "./schema";
import type { aws } from "./schema-aws";
import type { charts, images, kubernetes, network, vault } from "./schema-cluster";
import type { recovery } from "./schema-recovery";
import type { replication } from "./schema-replication";
import type { database, service } from "./schema-workloads";

/** Type without `readonly` at all depths, as zod infers it. */
type Writable<T> = T extends readonly (infer Item)[]
  ? Writable<Item>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Writable<T[Key]> }
    : T;

type Identical<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

type Matches<Schema extends z.ZodType, Definition> = Identical<
  Writable<z.input<Schema>>,
  Writable<Definition>
>;

type AllTrue<Results extends Record<string, true>> = Results;

/** Type that compiles only if each schema has the same fields as its interface, with the same types and optionality. */
export type SchemaMatchesDefinition = AllTrue<{
  aws: Matches<typeof aws, definition.AwsDefinition>;
  kubernetes: Matches<typeof kubernetes, definition.KubernetesDefinition>;
  network: Matches<typeof network, definition.NetworkDefinition>;
  vault: Matches<typeof vault, definition.VaultDefinition>;
  replication: Matches<typeof replication, definition.DrReplicationDefinition>;
  images: Matches<typeof images, definition.ImagesDefinition>;
  charts: Matches<typeof charts, definition.ChartsDefinition>;
  database: Matches<typeof database, definition.DatabaseDefinition>;
  service: Matches<typeof service, definition.ServiceDefinition>;
  recovers: Matches<typeof recovery, definition.RecoversDefinition>;
  environment: Matches<typeof environmentFields, definition.EnvironmentDefinition>;
}>;
