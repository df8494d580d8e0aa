import { readFileSync } from "node:fs";
import { join } from "node:path";
import { production } from "../../../environments/production";
import type { EnvironmentDefinition } from "../../../platform/schema";
import { writePlatform } from "../../support/platform";
import { Synthesized } from "../../support/synth";
import { oidc } from "./config-policies";

const [paymentService] = production.services!;
const [paymentsDb] = production.databases!;

/** Two teams with one namespace each. Their services use every feature. */
export const namespaced: EnvironmentDefinition = {
  ...production,
  vault: {
    ...production.vault,
    oidc,
    secretWriters: [{ namespace: "tools", name: "importer" }],
    enterprise: {
      licence: { secretName: "licence", key: "vault.hclic" },
      namespaces: true,
      sentinelRoles: [{ name: "office-hours", services: ["ledger"], code: "main = rule { true }" }],
    },
  },
  databases: [paymentsDb, { ...paymentsDb, name: "ledger-db", host: "ledger-db.production.svc" }],
  services: [
    {
      ...paymentService,
      encryptionKey: true,
      databases: [{ name: "payments-db", access: "read-write" as const, secret: "payments-db" }],
    },
    {
      ...paymentService,
      name: "ledger",
      team: "books",
      reads: ["ledger/*"],
      databases: [{ name: "ledger-db" }],
      certificates: ["ledger.production.svc"],
      deployment: {
        image: "myorg/ledger:v1.0.0",
        command: ["/app/ledger"],
        config: { secret: "ledger/config", variables: [{ name: "KEY", key: "key" }] },
      },
      secrets: [{ name: "ledger", secret: "ledger/config", keys: [{ name: "key", key: "key" }] }],
    },
  ],
};

/** The same definition with separate stacks and identities for each team. */
export const namespacedShards: EnvironmentDefinition = {
  ...namespaced,
  shards: "team",
  pipeline: { ...namespaced.pipeline, teamIdentities: true },
};

/** Synthesized stacks, by name without the environment's prefix. */
export function stacksOf(
  definition: EnvironmentDefinition,
  ...stacks: string[]
): Record<string, Synthesized> {
  const { outdir } = writePlatform([definition]);
  return Object.fromEntries(
    stacks.map((stack) => {
      const file = join(outdir, "stacks", `${definition.name}-${stack}`, "cdk.tf.json");
      return [stack, new Synthesized(JSON.parse(readFileSync(file, "utf8")))];
    }),
  );
}
