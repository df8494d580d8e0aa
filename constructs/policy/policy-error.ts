/** A policy that Vault would refuse, or that this program will not guess the meaning of. */
export class PolicyError extends Error {}
