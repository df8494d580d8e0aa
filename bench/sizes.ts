/** Services per shard in measurements that do not compare sizes. docs/performance.md has the comparison. */
export const PER_SHARD = 50;

/** Resources of one service in Vault: policy, login role, database role, certificate role. */
export const RESOURCES = 4;
