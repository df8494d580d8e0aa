/** Error for a policy that Vault would reject, or that this library does not interpret. */
export class PolicyError extends Error {}
