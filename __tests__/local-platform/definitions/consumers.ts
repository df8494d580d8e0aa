import { dirname } from "node:path";
import { cluster, part } from "../support";
import { KubernetesConsumer } from "./kubernetes-consumer";
import { PostgresConsumer } from "./postgres-consumer";
import { VaultConsumer } from "./vault-consumer";

/** Servers that read what a definition is written as; Terraform is no server. */
export interface Consumers {
  readonly kubernetes: KubernetesConsumer;
  readonly vault: VaultConsumer;
  readonly postgres: PostgresConsumer;
}

/** Starts a Vault and a PostgreSQL with the programs of the local platform; its API server is used. */
export async function startConsumers(): Promise<Consumers> {
  const programs = await Promise.all(["vault-0", "postgres"].map(part));
  process.env.PATH = [...programs.map(({ program }) => dirname(program)), process.env.PATH].join(":");
  return {
    kubernetes: await KubernetesConsumer.start(cluster),
    vault: await VaultConsumer.start(),
    postgres: await PostgresConsumer.start(),
  };
}
