/** Services of a shard where the size itself is not compared. docs/performance.md has the comparison. */
export const PER_SHARD = 50;

/** What one service has in Vault: policy, login role, database role, certificate role. */
export const RESOURCES = 4;
