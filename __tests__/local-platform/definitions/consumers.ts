import { dirname } from "node:path";
import { cluster, part } from "../support";
import { KubernetesConsumer } from "./kubernetes-consumer";
import { PostgresConsumer } from "./postgres-consumer";
import { VaultConsumer } from "./vault-consumer";

/** Servers that read synthesized definitions. Terraform is not included: it is not a server. */
export interface Consumers {
  readonly kubernetes: KubernetesConsumer;
  readonly vault: VaultConsumer;
  readonly postgres: PostgresConsumer;
}

/** Starts Vault and PostgreSQL with the local platform's programs. The API server is that of the platform. */
export async function startConsumers(): Promise<Consumers> {
  const programs = await Promise.all(["vault-0", "postgres"].map(part));
  process.env.PATH = [...programs.map(({ program }) => dirname(program)), process.env.PATH].join(":");
  return {
    kubernetes: await KubernetesConsumer.start(cluster),
    vault: await VaultConsumer.start(),
    postgres: await PostgresConsumer.start(),
  };
}
