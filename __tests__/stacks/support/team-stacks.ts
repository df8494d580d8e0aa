import { readFileSync } from "node:fs";
import { join } from "node:path";
import { production } from "../../../environments/production";
import type { EnvironmentDefinition } from "../../../platform/schema";
import { writePlatform } from "../../support/platform";
import { fullService } from "./full-service";

type Json = any; // eslint-disable-line @typescript-eslint/no-explicit-any

/** Two teams with one identity each. The services of the first team use every feature. */
export const twoTeams: EnvironmentDefinition = {
  ...production,
  shards: "team",
  pipeline: { ...production.pipeline, teamIdentities: true },
  services: [
    {
      ...production.services![0],
      encryptionKey: true,
      databases: [{ name: "payments-db" }, { name: "payments-db", alias: "report" }],
    },
    { name: "refunds", namespace: "production", team: "payments" },
    { ...fullService, name: "audits", team: "payments" },
    { name: "ledger", namespace: "production", team: "books", certificates: ["ledger.production.svc"] },
  ],
};

/** Synthesized stacks of the two teams' platform, by name. */
export function teamStacks(...stacks: string[]): Record<string, Json> {
  const app = writePlatform([twoTeams]);
  const read = (stack: string) =>
    JSON.parse(readFileSync(join(app.outdir, "stacks", `production-${stack}`, "cdk.tf.json"), "utf8"));
  return Object.fromEntries(stacks.map((stack) => [stack, read(stack)]));
}
