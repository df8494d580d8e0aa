import type { AwsDefinition } from "./aws-definition";
import type { DatabaseDefinition } from "./database-definition";
import type { KubernetesDefinition } from "./kubernetes-definition";
import type { NetworkDefinition } from "./network-definition";
import type { SecretReferenceDefinition } from "./secret-reference-definition";
import type { ServiceDefinition } from "./service-definition";
import type { VaultDefinition } from "./vault-definition";

/** Environment of the platform: one Vault, its cluster, its AWS account and the services that use it. */
export interface EnvironmentDefinition {
  /**
   * Name of the environment, with which its stacks and roles begin: a lower-case DNS label. It is short enough for the
   * names that are derived from it.
   * @example "production"
   */
  readonly name: string;
  /**
   * Location of Terraform's state: `s3` is the encrypted bucket of the account with native locking, `local` is files beside
   * the checkout.
   * @default "s3" - pipelines and users share the state
   * @example "local"
   */
  readonly state?: "s3" | "local";
  /**
   * AWS account, region and recovery principals.
   * @example { account, region: "us-east-1", breakGlassPrincipal, recoveryCustodians }
   */
  readonly aws: AwsDefinition;
  /**
   * Cluster on which Vault runs.
   * @example { distribution: "eks", clusterName: "production", oidcProvider, apiServer, zones: ["us-east-1a"] }
   */
  readonly kubernetes: KubernetesDefinition;
  /**
   * Network ranges from which the network policies are made.
   * @example { controlPlane: ["10.30.0.0/20"] }
   */
  readonly network: NetworkDefinition;
  /**
   * Vault's servers, certificates and logins of users.
   * @example { replicas: 3, endpoint: "https://vault.example.com", chartVersion: "0.34.1" }
   */
  readonly vault: VaultDefinition;
  /**
   * Images of the platform's containers.
   * @example { ...images, vault: "hashicorp/vault:1.21.0" }
   */
  readonly images: ImagesDefinition;
  /**
   * Chart versions of the operators.
   * @example { certManager: "1.21.1", externalSecrets: "2.9.0" }
   */
  readonly charts: ChartsDefinition;
  /**
   * SIEM to which the audit log is shipped. See docs/constructs/audit-shipper.md.
   * @example { kind: "splunk-hec", endpoint: "https://splunk.example.com:8088", credentials }
   */
  readonly siem: SiemDefinition;
  /**
   * Snapshots of Vault's data. See docs/disaster-recovery.md.
   * @default {} - the values of its fields
   * @example { retention: "90d", replicate: true }
   */
  readonly backup?: BackupDefinition;
  /**
   * Databases that services use, each with a unique name.
   * @default [] - no service uses one
   * @example [{ name: "payments-db", host: "payments-db.production.svc", database: "payments", owner: "payments_owner" }]
   */
  readonly databases?: readonly DatabaseDefinition[];
  /**
   * Services whose pods read secrets of Vault, each with a unique name.
   * @default [] - the platform starts without services
   * @example [{ name: "payment-service", namespace: "production", team: "payments" }]
   */
  readonly services?: readonly ServiceDefinition[];
  /**
   * Pipelines that plan and deploy the stacks. See docs/pipeline.md.
   * @example { repository: "example/vault-platform" }
   */
  readonly pipeline: PipelineDefinition;
  /**
   * Layout of the stacks: one `config` and one `workloads` stack, or further ones per team. See docs/performance.md.
   * @default "one" - fewer stacks to plan and deploy
   * @example "team"
   */
  readonly shards?: "one" | "team";
  /**
   * Mirrors of charts and images, for clusters without internet access. See docs/air-gapped.md.
   * @default {} - the public repositories and registries
   * @example { charts: "oci://registry.example.com/charts", registry: "registry.example.com/mirror" }
   */
  readonly mirrors?: MirrorsDefinition;
  /**
   * Environment that this one replaces when its region is lost. `recoveryOf()` derives such an environment.
   * See docs/disaster-recovery.md.
   * @default - none: the environment is not a standby
   * @example { environment: "production" }
   */
  readonly recovers?: RecoversDefinition;
}

/** Images of the platform's containers, each with a version (not `latest`). A digest can follow. */
export interface ImagesDefinition {
  /**
   * Image of Vault, for servers, agents and jobs.
   * @example "hashicorp/vault:1.21.0"
   */
  readonly vault: string;
  /**
   * Image of the agent injector.
   * @example "hashicorp/vault-k8s:1.7.6"
   */
  readonly vaultAgentInjector: string;
  /**
   * Image of the AWS CLI, for jobs that call AWS.
   * @example "public.ecr.aws/aws-cli/aws-cli:2.31.0"
   */
  readonly awsCli: string;
  /**
   * Image with kubectl and a shell. `registry.k8s.io/kubectl` has no shell and is rejected.
   * @example "alpine/k8s:1.34.2"
   */
  readonly kubectl: string;
  /**
   * Image of syslog-ng, which ships the audit log.
   * @example "balabit/syslog-ng:4.8.1"
   */
  readonly auditShipper: string;
}

/** Exact chart versions, without `v`, of the operators that the platform installs. */
export interface ChartsDefinition {
  /**
   * Version of the chart `cert-manager`.
   * @example "1.21.1"
   */
  readonly certManager: string;
  /**
   * Version of the chart `external-secrets`.
   * @example "2.9.0"
   */
  readonly externalSecrets: string;
}

/** SIEM to which the audit log is shipped. */
export interface SiemDefinition {
  /**
   * Protocol of the SIEM.
   * @example "splunk-hec"
   */
  readonly kind: "splunk-hec" | "elastic" | "datadog" | "otlp-http";
  /**
   * URL of the SIEM (https).
   * @example "https://splunk.example.com:8088"
   */
  readonly endpoint: string;
  /**
   * Secret in Vault's namespace with the SIEM's token or API key.
   * @example { secretName: "siem-credentials", key: "hec" }
   */
  readonly credentials: SecretReferenceDefinition;
  /**
   * Certificates in PEM of the CA that signs the SIEM's certificate.
   * @default - the public CAs: hosted SIEMs have a public certificate
   * @example readFileSync("corporate-ca.pem", "utf8")
   */
  readonly caCertificate?: string;
  /**
   * Ranges of the SIEM's addresses, in CIDR notation.
   * @default [] - the host decides: the namespace of a Service, or the internet
   * @example ["10.0.7.0/24"]
   */
  readonly ranges?: readonly string[];
  /**
   * Port of the SIEM's pods, if the host is a Service that translates the port: 1 to 65535.
   * @default - the port of the URL: no Service translates it
   * @example 8088
   */
  readonly targetPort?: number;
}

/** Snapshots of Vault's data. */
export interface BackupDefinition {
  /**
   * Schedule of the snapshots, as a cron expression of five fields in UTC.
   * @default "0 2 * * *" - daily, outside working hours
   * @example "30 3 * * *"
   */
  readonly schedule?: string;
  /**
   * Time for which a snapshot is kept and cannot be deleted: whole days. Unit: d.
   * @default "30d" - an attack is often noticed after weeks
   * @example "90d"
   */
  readonly retention?: string;
  /**
   * Whether every snapshot is copied to the replica region. Requires `aws.replica`.
   * @default false - copies cost storage and traffic
   * @example true
   */
  readonly replicate?: boolean;
}

/** Pipelines that plan and deploy the stacks. */
export interface PipelineDefinition {
  /**
   * GitHub repository whose workflows can assume the roles for plans and deployments.
   * @example "example/vault-platform"
   */
  readonly repository: string;
  /**
   * Whether workflows log in to Vault with identity tokens of GitHub. Vault must then reach GitHub's keys.
   * @default true - no credential has to be stored
   * @example false
   */
  readonly vaultLogin?: boolean;
  /**
   * Whether each team gets identities in AWS and in Vault that reach only its `config` stack, for jobs of the GitHub
   * environment `<environment>-<team>`. Requires `shards: "team"`, `vaultLogin` and a Vault inside the cluster.
   * @default false - the identity `deploy` deploys all stacks
   * @example true
   */
  readonly teamIdentities?: boolean;
}

/** Mirrors of charts and images. */
export interface MirrorsDefinition {
  /**
   * Repository with the charts: `https://`, `oci://` or a local path.
   * @default - the public repositories of the charts: the cluster reaches them
   * @example "oci://registry.example.com/charts"
   */
  readonly charts?: string;
  /**
   * Registry with the images, without a scheme, as the nodes reach it.
   * @default - the registries in the images' names: the nodes reach them
   * @example "registry.example.com/mirror"
   */
  readonly registry?: string;
}

/** Environment that another one replaces when its region is lost. */
export interface RecoversDefinition {
  /**
   * Name of that environment. This one is in its replica region.
   * @example "production"
   */
  readonly environment: string;
  /**
   * Whether this environment has replaced the other one: its servers have the restored data, are backed up and monitored,
   * and get the later layers.
   * @default false - a standby has empty servers, the restore, and a weekly drill
   * @example true
   */
  readonly isActive?: boolean;
}
