/** Rule for the names that a program or a service accepts. */
export class NameRule {
  /** Names of S3 buckets. */
  static readonly S3_BUCKET = new NameRule("S3", 63, /^[a-z0-9][a-z0-9.-]+[a-z0-9]$/);
  /** Names of IAM roles. */
  static readonly IAM_ROLE = new NameRule("IAM", 64, /^[\w+=,.@-]+$/);
  /** Names of IAM policies. */
  static readonly IAM_POLICY = new NameRule("IAM", 128, /^[\w+=,.@-]+$/);
  /** Aliases of KMS keys. */
  static readonly KMS_ALIAS = new NameRule("KMS", 256, /^alias\/(?!aws\/)[\w/-]+$/);
  /** Names of secrets in AWS Secrets Manager. */
  static readonly SECRETS_MANAGER = new NameRule("Secrets Manager", 512, /^[\w/+=.@-]+$/);
  /** Names of GitHub environments. */
  static readonly GITHUB_ENVIRONMENT = new NameRule("GitHub", 255);
  /** Names of Terraform stacks. Outside of a bucket, the state is a file of that name. */
  static readonly TERRAFORM_STACK = new NameRule("a file of state", 255 - ".tfstate".length, /^[\w-]+$/);
  /** Names of Helm releases. */
  static readonly HELM_RELEASE = new NameRule("Helm", 53, /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
  /** Values of Kubernetes labels, and names of objects that become labels or parts of host names. */
  static readonly KUBERNETES_LABEL = new NameRule("Kubernetes", 63, /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
  /** Names of other Kubernetes objects. */
  static readonly KUBERNETES_OBJECT = new NameRule("Kubernetes", 253, /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/);
  /** Names of objects in Vault. */
  static readonly VAULT = new NameRule("Vault", 512, /^\w([\w.-]*\w)?$/);
  /** Common names and organizations in certificates. Vault signs longer ones, and clients reject them. */
  static readonly COMMON_NAME = new NameRule("X.509", 64);
  /**
   * Names of PostgreSQL roles. PostgreSQL truncates longer names without an error, so that two of them can become one
   * role.
   * @see https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS
   */
  static readonly POSTGRES_ROLE = new NameRule(
    "PostgreSQL",
    63,
    /^(?!pg_|(public|none)$)/,
    "a name that PostgreSQL does not reserve for itself (pg_*, public, none)",
  );

  private constructor(
    /** Program or service that uses the name. */
    readonly consumer: string,
    /** Most bytes of a name. Except for PostgreSQL and Terraform's files, names are ASCII. */
    readonly most: number,
    private readonly form = /^/,
    /** Description of the allowed form, for messages. */
    readonly allowed = `a name that ${consumer} takes`,
  ) {}

  /** Returns the number of bytes by which a name is too long. */
  excess(name: string): number {
    return Math.max(0, Buffer.byteLength(name) - this.most);
  }

  /** Returns true if the name has the allowed form, regardless of its length. */
  hasForm(name: string): boolean {
    return this.form.test(name);
  }
}
