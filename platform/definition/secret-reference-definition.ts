/** Key of an existing Kubernetes Secret. The value never passes through the CDK app or Terraform. */
export interface SecretReferenceDefinition {
  /**
   * Name of the Secret, in Vault's namespace. You create it.
   * @example "siem-credentials"
   */
  readonly secretName: string;
  /**
   * Key in the Secret.
   * @example "hec"
   */
  readonly key: string;
}
