import { join } from "node:path";
import { definitions } from "../../../environments";
import { drProduction } from "../../../environments/dr-production";
import { production } from "../../../environments/production";
import type { EnvironmentDefinition } from "../../../platform/schema";
import { primary, secondary } from "../../stacks/support/dr-environments";
import { namespaced } from "../../stacks/support/team-namespaces";
import { differences } from "./differences";
import type { Json, JsonObject } from "./json";
import { synthesize } from "./synthesize";

/** Folder of the golden files. */
export const GOLDEN_FOLDER = join(__dirname, "..");

/** Command that writes the golden files. */
export const UPDATE_COMMAND = "npm run golden:update";

const HEAD = `Written by ${UPDATE_COMMAND}; docs/testing.md says how to read it.`;

type Stacks = ReadonlyMap<string, Json>;

/** Content of each golden file, by its path in the folder. */
export function goldenFiles(): Map<string, JsonObject> {
  const whole = synthesize([production]);
  return new Map([
    ...[...whole].map(([stack, content]) => wholeStack("production", stack, content)),
    ...definitions.filter(({ name }) => name !== "production").flatMap(environmentFiles),
    ...formFiles(whole),
  ]);
}

/** Differences between the stacks of an environment and those of production. */
function environmentFiles(definition: EnvironmentDefinition): [string, JsonObject][] {
  const before = synthesize([productionNamedAs(definition)]);
  return [...synthesize([definition])].map(([stack, content]) =>
    stackDifferences(definition.name, stack, before.get(stack)!, content),
  );
}

/** Stacks of features that no environment of the repository uses. */
function formFiles(whole: Stacks): [string, JsonObject][] {
  const shards = synthesize([{ ...production, shards: "team" }]);
  const namespaces = synthesize([namespaced]);
  const replicated = synthesize([primary, secondary]);
  const recovery = synthesize([production, drProduction]);
  const compare = (folder: string, stacks: Stacks, stack: string, from: Json) =>
    stackDifferences(folder, stack, from, stacks.get(stack)!);
  return [
    wholeStack("production", "production-replication", replicated.get("production-replication")!),
    compare("standby", replicated, "standby-replication", replicated.get("production-replication")!),
    compare("dr-production", recovery, "dr-production-foundation", whole.get("production-foundation")!),
    compare("dr-production", recovery, "dr-production-cluster", whole.get("production-cluster")!),
    compare("team-namespaces", namespaces, "production-config", whole.get("production-config")!),
    compare("team-stacks", shards, "production-config-payments", whole.get("production-config")!),
    compare("team-stacks", shards, "production-workloads-payments", whole.get("production-workloads")!),
  ];
}

function stackDifferences(folder: string, stack: string, from: Json, to: Json): [string, JsonObject] {
  const head = `Differences of the stack ${stack} from that of production. ${HEAD}`;
  return [`${folder}/${layerOf(stack)}.differences.json`, { "//": head, ...differences(from, to) }];
}

function wholeStack(folder: string, stack: string, content: Json): [string, JsonObject] {
  return [
    `${folder}/${layerOf(stack)}.tf.json`,
    { "//": `Stack ${stack}. ${HEAD}`, ...(content as JsonObject) },
  ];
}

/** Layer of a stack: `cluster` for `dev-cluster`, `account` for `account-333333333333`. */
function layerOf(stack: string): string {
  return /^account-\d+$/.test(stack)
    ? "account"
    : stack.replace(/^(dev|dr-production|local|production|staging|standby)-/, "");
}

/**
 * Production with the name, AWS account, cluster and address of another environment. Values that are derived from these
 * do not appear as differences.
 */
function productionNamedAs({ name, aws, kubernetes, vault }: EnvironmentDefinition): EnvironmentDefinition {
  const { account, breakGlassPrincipal, recoveryCustodians } = aws;
  const { clusterName, oidcProvider, apiServer } = kubernetes;
  return {
    ...production,
    name,
    aws: { ...production.aws, account, breakGlassPrincipal, recoveryCustodians },
    kubernetes: { ...production.kubernetes, clusterName, oidcProvider, apiServer },
    vault: { ...production.vault, endpoint: vault.endpoint },
  };
}
