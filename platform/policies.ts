import { FOREIGN_POLICIES } from "../constructs/core/vault-reserved";
import { allReadable } from "./check";
import { SECRET_WRITERS, SERVICE_ACCOUNTS } from "./names";
import type { Environment } from "./schema";
import { servicesOf } from "./service";

/**
 * Names of the platform's policies in Vault. Services and secret writers cannot have these names, because their
 * policies are named after them.
 */
export function policiesOfPlatform(environment: Environment): string[] {
  const { kubernetes, pipeline, vault } = environment;
  const { backup, drill, restore, rollout, drReplication } = SERVICE_ACCOUNTS;
  const jobs = [backup, drill, restore, rollout, drReplication];
  const pipelines = kubernetes.vault === "internal" && pipeline.vaultLogin ? ["plan", "deploy"] : [];
  const teams = allReadable(servicesOf(environment), ({ pipelineRoleName }) => pipelineRoleName ?? []).flat();
  const people = vault.oidc
    ? ["operator", "auditor", "admin", ...(vault.oidc.groups.secretWriter ? [SECRET_WRITERS] : [])]
    : [];
  const judges = allReadable(vault.enterprise?.sentinelRoles ?? [], ({ name }) => name);
  return [...FOREIGN_POLICIES, ...jobs, ...pipelines, ...new Set(teams), ...people, ...judges];
}
