/** What a program or a service takes as a name. */
export class NameRule {
  static readonly S3_BUCKET = new NameRule("S3", 63, /^[a-z0-9][a-z0-9.-]+[a-z0-9]$/);
  static readonly IAM_ROLE = new NameRule("IAM", 64, /^[\w+=,.@-]+$/);
  static readonly IAM_POLICY = new NameRule("IAM", 128, /^[\w+=,.@-]+$/);
  static readonly KMS_ALIAS = new NameRule("KMS", 256, /^alias\/(?!aws\/)[\w/-]+$/);
  static readonly SECRETS_MANAGER = new NameRule("Secrets Manager", 512, /^[\w/+=.@-]+$/);
  static readonly GITHUB_ENVIRONMENT = new NameRule("GitHub", 255);
  /** The state is a file of that name, where it is not in a bucket. */
  static readonly TERRAFORM_STACK = new NameRule("a file of state", 255 - ".tfstate".length, /^[\w-]+$/);
  static readonly HELM_RELEASE = new NameRule("Helm", 53, /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
  /** Labels, and objects whose names become labels or parts of host names. */
  static readonly KUBERNETES_LABEL = new NameRule("Kubernetes", 63, /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
  static readonly KUBERNETES_OBJECT = new NameRule("Kubernetes", 253, /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/);
  static readonly VAULT = new NameRule("Vault", 512, /^\w([\w.-]*\w)?$/);
  /** Common name and organization in a certificate: Vault signs longer ones, and clients refuse them. */
  static readonly COMMON_NAME = new NameRule("X.509", 64);
  /**
   * PostgreSQL cuts longer names without an error, so that two of them can become one role.
   * @see https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS
   */
  static readonly POSTGRES_ROLE = new NameRule(
    "PostgreSQL",
    63,
    /^(?!pg_|(public|none)$)/,
    "a name that PostgreSQL does not reserve for itself (pg_*, public, none)",
  );

  private constructor(
    /** Who takes the name. */
    readonly consumer: string,
    /** Most bytes of a name; for all but PostgreSQL and Terraform's files, names are ASCII. */
    readonly most: number,
    private readonly form = /^/,
    /** What the form admits. */
    readonly allowed = `a name that ${consumer} takes`,
  ) {}

  /** By how many bytes a name is too long. */
  excess(name: string): number {
    return Math.max(0, Buffer.byteLength(name) - this.most);
  }

  /** Returns true if the name has the consumer's form, whatever its length. */
  hasForm(name: string): boolean {
    return this.form.test(name);
  }
}
