/** PostgreSQL database in which Vault creates logins for services. */
export interface DatabaseDefinition {
  /**
   * Name by which services refer to the database: a lower-case DNS label of at most 63 characters.
   * @example "payments-db"
   */
  readonly name: string;
  /**
   * Host name or address of the server. Outside the cluster it also needs `ranges`.
   * @example "payments-db.production.svc"
   */
  readonly host: string;
  /**
   * Port of the server: 1 to 65535.
   * @default 5432 - the port of PostgreSQL
   * @example 6432
   */
  readonly port?: number;
  /**
   * Name of the database on the server: lower-case letters, digits and underscores, at most 63 characters.
   * @example "payments"
   */
  readonly database: string;
  /**
   * Schemas in which services get privileges. At least one.
   * @default ["public"] - the schema that every database has
   * @example ["public", "ledger"]
   */
  readonly schemas?: readonly string[];
  /**
   * Role that owns the tables. Services also get privileges on tables that it creates later.
   * @example "payments_owner"
   */
  readonly owner: string;
  /**
   * User with which Vault logs in. Vault changes its password, so two databases on one server need different users.
   * @default "vault_admin" - one database per server needs no other
   * @example "vault_ledger"
   */
  readonly adminUser?: string;
  /**
   * Certificates in PEM of the CA that signs the server's certificate.
   * @default - the CAs that Vault's image trusts: managed databases often have a public certificate
   * @example readFileSync("rds-ca.pem", "utf8")
   */
  readonly caCertificate?: string;
  /**
   * Ranges of a database outside the cluster, in CIDR notation.
   * @default [] - the database is a Service of the cluster
   * @example ["10.30.64.0/24"]
   */
  readonly ranges?: readonly string[];
  /**
   * Port of the database's pods, if the host is a Service that translates the port: 1 to 65535.
   * @default - `port`: no Service translates it
   * @example 5432
   */
  readonly targetPort?: number;
}
