import { EnvironmentError, loadEnvironments } from "../../platform/load";
import type { EnvironmentDefinition } from "../../platform/schema";

/** Modification of a definition. */
export type Change = (definition: Record<string, any>) => void; // eslint-disable-line @typescript-eslint/no-explicit-any

/** Copy of a definition with a modification. */
export function withChange(base: EnvironmentDefinition, change: Change): EnvironmentDefinition {
  const copy = structuredClone(base);
  change(copy);
  return copy;
}

/** Gives a definition a cluster and a Vault that no other definition uses. */
export const inOwnCluster: Change = ({ name, kubernetes, vault }) => {
  Object.assign(kubernetes, {
    clusterName: name,
    oidcProvider: `oidc.example.com/${name}`,
    apiServer: `https://${name}.api.example.com`,
  });
  vault.endpoint = `https://vault.${name}.example.com`;
};

/** Problems that the validation finds in the definitions. */
export function problemsOf(...list: EnvironmentDefinition[]): readonly string[] {
  try {
    loadEnvironments(list);
  } catch (error) {
    if (error instanceof EnvironmentError) return error.problems;
    throw error;
  }
  return [];
}
