/** AWS account and region of an environment, and the IAM principals that recover it. */
export interface AwsDefinition {
  /**
   * AWS account number: 12 digits, as text.
   * @example "111111111111"
   */
  readonly account: string;
  /**
   * AWS region of the unseal key, the snapshots and the cluster. See docs/regions.md.
   * @example "us-east-1"
   */
  readonly region: string;
  /**
   * Region of the account's Terraform state bucket. It must be the same in all environments of the account, and in the
   * same partition as `region`. An environment that recovers from the loss of its region needs another one here.
   * @default - `region`: the bucket is beside the resources that it describes
   * @example "us-west-2"
   */
  readonly stateRegion?: string;
  /**
   * Alias of the KMS key that unseals Vault. It starts with `alias/`, and not with `alias/aws/`. Two environments of one
   * account and region need different aliases.
   * @default "alias/vault-unseal-key" - one environment per account needs no other
   * @example "alias/staging-vault-unseal-key"
   */
  readonly unsealKeyAlias?: string;
  /**
   * ARN of the only IAM role or user that can delete, disable or reassign the unseal key. It belongs to `account`, has no
   * wildcard, and its role name does not start with the prefix of the environment's own roles. See docs/break-glass.md.
   * @example "arn:aws:iam::111111111111:role/vault-break-glass"
   */
  readonly breakGlassPrincipal: string;
  /**
   * ARNs of exactly five different IAM roles or users of `account`, one per recovery share. Each reads its own share and
   * no other.
   * @example [1, 2, 3, 4, 5].map((share) => "arn:aws:iam::111111111111:role/vault-custodian-" + share)
   */
  readonly recoveryCustodians: readonly string[];
  /**
   * Second region, which has a replica of the unseal key and can have copies of the snapshots.
   * See docs/disaster-recovery.md.
   * @default - none: key and snapshots are in one region
   * @example { region: "us-west-2" }
   */
  readonly replica?: ReplicaDefinition;
}

/** Second region of an environment, for the loss of the first one. */
export interface ReplicaDefinition {
  /**
   * Region of the key replica and of the snapshot copies. It differs from `aws.region` and is in the same partition.
   * @example "us-west-2"
   */
  readonly region: string;
}
