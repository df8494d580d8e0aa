/** Variable with the name of the only environment to synthesize. Account stacks are left out then as well. */
export const ONLY_ENVIRONMENT = "VAULT_PLATFORM_ENVIRONMENT";

/**
 * Environments to synthesize. Call it after all environments are checked: their names can collide within an account.
 * @returns all environments, unless the variable names one of them. Another name may be that of your own stack
 */
export function onlyEnvironment<Named extends { readonly name: string }>(
  environments: readonly Named[],
): readonly Named[] {
  const named = environments.filter(({ name }) => name === process.env[ONLY_ENVIRONMENT]);
  return named.length > 0 ? named : environments;
}
