/** Variable with the name of the one environment whose stacks are synthesized; those of an account are not either. */
export const ONLY_ENVIRONMENT = "VAULT_PLATFORM_ENVIRONMENT";

/**
 * Those of the environments that are synthesized. All of them are checked before, because names meet in one account.
 * @returns all, unless the variable names one of them: another name may be that of a stack of your own
 */
export function onlyEnvironment<Named extends { readonly name: string }>(
  environments: readonly Named[],
): readonly Named[] {
  const named = environments.filter(({ name }) => name === process.env[ONLY_ENVIRONMENT]);
  return named.length > 0 ? named : environments;
}
