import type { DeploymentDefinition } from "./deployment-definition";

/** Service whose pods read secrets of Vault. */
export interface ServiceDefinition {
  /**
   * Name of the service, of its ServiceAccount, and of its role and policy in Vault: a lower-case DNS label of at most 63
   * characters. Names of the platform's own policies are reserved.
   * @example "payment-service"
   */
  readonly name: string;
  /**
   * Kubernetes namespace of the service. Namespaces of the platform and `kube-*` are rejected.
   * @example "production"
   */
  readonly namespace: string;
  /**
   * Team that owns the service: a lower-case DNS label of at most 63 characters.
   * @example "payments"
   */
  readonly team: string;
  /**
   * TTLs of the service's Vault logins.
   * @default {} - the values of its fields
   * @example { ttl: "30m", maxTtl: "8h" }
   */
  readonly token?: ServiceTokenDefinition;
  /**
   * Prefixes below the mount `secret` that the service reads. They end with `/*`.
   * @default - the service's own name, as in `payment-service/*`
   * @example ["payment-service/*", "shared/smtp/*"]
   */
  readonly reads?: readonly string[];
  /**
   * Databases that the service uses. Each pod gets a separate login. See docs/constructs/database-engine.md.
   * @default [] - the service uses none
   * @example [{ name: "payments-db", access: "read-write" }]
   */
  readonly databases?: readonly ServiceDatabaseDefinition[];
  /**
   * Domains for which the service can have certificates issued.
   * @default [] - the service uses none
   * @example ["payment-service.production.svc"]
   */
  readonly certificates?: readonly string[];
  /**
   * Whether the service gets an encryption key. Vault encrypts and decrypts with it, and never shows it.
   * @default false - few services encrypt with Vault
   * @example true
   */
  readonly encryptionKey?: boolean;
  /**
   * Deployment that the platform creates. Its pods get the secrets as files.
   * @default - none: the team deploys the service
   * @example { image: "myorg/payment-service:v1.2.3", command: ["/app/payment-service"] }
   */
  readonly deployment?: DeploymentDefinition;
  /**
   * Owner of the network policy of the service's pods. With `platform` the pods, which have the label
   * `vault-platform/service: <name>`, connect only to Vault, their databases, DNS and the destinations in `egress`. With
   * `team` the platform creates no policy. See docs/constructs/workload-egress-policy.md.
   * @default - `platform` with a `deployment` in a namespace that the platform creates, else `team`: a policy must not cut
   * connections of pods that the platform does not know
   * @example "platform"
   */
  readonly networkPolicy?: "platform" | "team";
  /**
   * Further destinations of the service's pods, each with a unique name. Requires the network policy of the platform.
   * @default [] - Vault, the databases and DNS suffice
   * @example [{ name: "card-network", internet: true, ports: [443] }]
   */
  readonly egress?: readonly EgressDefinition[];
  /**
   * Kubernetes Secrets that External Secrets keeps equal to secrets in Vault. See docs/constructs/external-secret.md.
   * @default [] - pods get secrets as files
   * @example [{ name: "smtp", secret: "payment-service/smtp", keys: [{ name: "password", key: "password" }] }]
   */
  readonly secrets?: readonly SyncedSecretDefinition[];
}

/** TTLs of the Vault logins of a service. */
export interface ServiceTokenDefinition {
  /**
   * Time after which a login expires if it is not renewed, at most `maxTtl`. Unit: s, m, h or d.
   * @default "1h" - a leaked login expires within the hour
   * @example "30m"
   */
  readonly ttl?: string;
  /**
   * Time after which a login expires in any case, at most 768h. Unit: s, m, h or d.
   * @default "24h" - pods log in again every day
   * @example "8h"
   */
  readonly maxTtl?: string;
}

/** Database that a service uses. */
export interface ServiceDatabaseDefinition {
  /**
   * Name of a database of this environment.
   * @example "payments-db"
   */
  readonly name: string;
  /**
   * Name that distinguishes several databases of one service: a lower-case DNS label of at most 38 characters. `ledger`
   * gives the role `<service>-ledger-role`, the file `db-ledger`, and the variables `LEDGER_DB_USERNAME` and
   * `LEDGER_DB_PASSWORD`.
   * @default - none: the role `<service>-role`, the file `db`, and the variables `DB_USERNAME` and `DB_PASSWORD`
   * @example "ledger"
   */
  readonly alias?: string;
  /**
   * Privileges of the logins in the schemas of the database.
   * @default "read-only" - writing is asked for explicitly
   * @example "read-write"
   */
  readonly access?: "read-only" | "read-write";
  /**
   * Time after which a login expires if it is not renewed, at most `maxTtl`. With a `deployment` at least 5m. Unit: s, m, h
   * or d.
   * @default "1h" - a leaked login expires within the hour
   * @example "15m"
   */
  readonly defaultTtl?: string;
  /**
   * Time after which a login expires in any case, at most `token.maxTtl`. Unit: s, m, h or d.
   * @default "24h" - the default of `token.maxTtl`
   * @example "8h"
   */
  readonly maxTtl?: string;
  /**
   * Kubernetes Secret with a current login, which External Secrets replaces before it expires. `defaultTtl` is then at
   * most `token.ttl`.
   * @default - none: pods get the login as a file
   * @example "payments-db-login"
   */
  readonly secret?: string;
}

/** Destination of a service's pods: exactly one of `ranges`, `namespace` and `internet: true`. */
export interface EgressDefinition {
  /**
   * Name of the destination, unique in the service: a lower-case DNS label of at most 63 characters.
   * @example "card-network"
   */
  readonly name: string;
  /**
   * Ranges of the destination, in CIDR notation. At least one.
   * @default - none: the destination is a namespace or the internet
   * @example ["10.20.0.0/16"]
   */
  readonly ranges?: readonly string[];
  /**
   * Namespace of the destination's pods.
   * @default - none: the destination is a range or the internet
   * @example "messaging"
   */
  readonly namespace?: string;
  /**
   * Labels of the destination's pods. Requires `namespace`.
   * @default - all pods of `namespace`: most namespaces have one purpose
   * @example { app: "kafka" }
   */
  readonly podLabels?: Readonly<Record<string, string>>;
  /**
   * Whether the destination is the internet, without private networks.
   * @default false - the destination is a range or a namespace
   * @example true
   */
  readonly internet?: boolean;
  /**
   * Ports of the destination: 1 to 65535. At least one.
   * @example [443]
   */
  readonly ports: readonly number[];
  /**
   * Protocol of the connections.
   * @default "TCP" - the protocol of most services
   * @example "UDP"
   */
  readonly protocol?: "TCP" | "UDP";
}

/** Kubernetes Secret that External Secrets keeps equal to a secret in Vault. */
export interface SyncedSecretDefinition {
  /**
   * Name of the Kubernetes Secret, unique in its namespace.
   * @example "payment-service-secrets"
   */
  readonly name: string;
  /**
   * Path of the KV secret below the mount `secret`. A prefix in `reads` covers it.
   * @example "payment-service/config"
   */
  readonly secret: string;
  /**
   * Keys of the Kubernetes Secret, each with a unique name. At least one.
   * @example [{ name: "stripe-api-key", key: "stripe_api_key" }]
   */
  readonly keys: readonly SyncedKeyDefinition[];
  /**
   * Time between two comparisons with Vault. Unit: s, m, h or d.
   * @default "5m" - as often as agents render secrets
   * @example "1m"
   */
  readonly refreshInterval?: string;
}

/** Key of a Kubernetes Secret and its source in Vault. */
export interface SyncedKeyDefinition {
  /**
   * Key in the Kubernetes Secret.
   * @example "stripe-api-key"
   */
  readonly name: string;
  /**
   * Key in the KV secret: letters, digits, dots, dashes and underscores.
   * @example "stripe_api_key"
   */
  readonly key: string;
}
