/** Deployment of a service, whose pods get the secrets as files and environment variables. */
export interface DeploymentDefinition {
  /**
   * Image with a version, not `latest`. A digest can follow.
   * @example "myorg/payment-service:v1.2.3"
   */
  readonly image: string;
  /**
   * Program and its arguments. The program's name has letters, digits, dots, dashes and underscores: the agent finds the
   * process by it to restart it with new secrets.
   * @example ["/app/payment-service", "--verbose"]
   */
  readonly command: readonly string[];
  /**
   * Port at which the program listens: 1 to 65535, and not 8200, the port of the agent.
   * @default 8080 - a port that needs no privileges
   * @example 3000
   */
  readonly port?: number;
  /**
   * Number of pods: 1 to 1000.
   * @default 3 - one for each of three zones
   * @example 5
   */
  readonly replicas?: number;
  /**
   * Environment variables with values of a KV secret. Required unless the service has databases or certificates.
   * @default - none: the pods get only the logins of databases and the certificates
   * @example { secret: "payment-service/config", variables: [{ name: "STRIPE_API_KEY", key: "stripe_api_key" }] }
   */
  readonly config?: DeploymentConfigDefinition;
}

/** Environment variables with values of one KV secret. */
export interface DeploymentConfigDefinition {
  /**
   * Path of the KV secret below the mount `secret`. A prefix in `reads` covers it.
   * @example "payment-service/config"
   */
  readonly secret: string;
  /**
   * Environment variables, each with a unique name. At least one.
   * @example [{ name: "STRIPE_API_KEY", key: "stripe_api_key" }]
   */
  readonly variables: readonly VariableDefinition[];
}

/** Environment variable and its source in Vault. */
export interface VariableDefinition {
  /**
   * Name of the variable: capital letters, digits and underscores. The variables of database logins are reserved.
   * @example "STRIPE_API_KEY"
   */
  readonly name: string;
  /**
   * Key in the KV secret: letters, digits, dots, dashes and underscores.
   * @example "stripe_api_key"
   */
  readonly key: string;
}
