import { JobV1 } from "@cdktf/provider-kubernetes/lib/job-v1";
import { ServiceAccountV1 } from "@cdktf/provider-kubernetes/lib/service-account-v1";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { Duration } from "../core/duration";
import { anyText, checkProps, list, number, object, text } from "../core/field";
import { duration } from "../core/fields";
import { received } from "../core/received";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import { requireNamespacePath } from "../core/vault-scope";
import { bootstrapNames } from "./bootstrap-names";
import { bootstrapPolicy, deployPolicy } from "./bootstrap-policies";
import { jobImages, podOptionFields, vault as VAULT } from "../server/fields";
import { JobPod } from "./job-pod";
import { waitedFor } from "./job-run";
import { type PodOptions, podOptions } from "../core/pod-options";
import type { IVault } from "../server/vault";
import { releaseOf, serverAddresses, serverNames, wipeCommand } from "../server/vault-servers";

/** Properties of `Bootstrap`. */
export interface BootstrapProps extends PodOptions {
  /** Vault to initialise. */
  readonly vault: IVault;
  /** Number of Vault servers. The job initialises Vault only after every server has reported that it is empty. */
  readonly replicas: number;
  /** Images of the job. */
  readonly images: {
    /** Image that contains the vault command, with its version. */
    readonly vault: string;
    /** Image that contains the aws command, with its version. */
    readonly awsCli: string;
  };
  /** ARN of the IAM role that may write the shares. It may describe their secrets and must not read them. */
  readonly roleArn: string;
  /** AWS region of the secrets. */
  readonly region: string;
  /** Names of the Secrets Manager secrets for the recovery shares: one per share, in the order of the shares. */
  readonly recoverySecrets: readonly string[];
  /** Number of shares that form the recovery key, from 2 to the number of shares. @default 3 - as in the article */
  readonly threshold?: number;
  /**
   * Armored public PGP keys, one per share. Vault then encrypts each share for its custodian before it leaves Vault.
   * @default - none: read access to a secret reveals its share
   */
  readonly pgpKeys?: readonly string[];
  /**
   * ID of a permanently lost cluster with shares that may be overwritten. The job prints the ID when it finds such
   * shares.
   * @default - none: shares of another cluster stop the job
   */
  readonly replacesCluster?: string;
  /**
   * Namespace of Vault Enterprise, such as `teams`. Terraform also configures its child namespaces.
   * @default - none: the root namespace alone
   */
  readonly namespacesBelow?: string;
  /**
   * Time limit of the job, 5 minutes or more. Raise it if custodians must provide a root token.
   * @default - 15 minutes
   */
  readonly timeout?: Duration;
  /** Name of the ServiceAccount of the job. @default vault-bootstrap */
  readonly serviceAccountName?: string;
}

const PROPS = object<BootstrapProps>(() => ({
  ...podOptionFields,
  vault: VAULT,
  replicas: number.known(),
  images: jobImages,
  roleArn: text,
  region: text,
  recoverySecrets: list(text).known(),
  threshold: number.known().optional(),
  pgpKeys: list(text).known().optional(),
  replacesCluster: text.optional(),
  namespacesBelow: anyText.optional(),
  timeout: duration.optional(),
  serviceAccountName: text.optional(),
}));

/** Steps of the bootstrap in order, each with its image and script. */
export const BOOTSTRAP_STEPS = [
  { name: "check", image: "awsCli", script: "bootstrap-check.sh" },
  { name: "initialise", image: "vault", script: "bootstrap-init.sh" },
  { name: "store", image: "awsCli", script: "bootstrap-store.sh" },
  { name: "configure", image: "vault", script: "bootstrap-configure.sh" },
] as const;

/**
 * Job that initialises Vault and leaves no root token. It stores each recovery share in its secret and confirms it. It
 * enables the first audit device and the mount `auth/terraform`, through which Terraform logs in. Then it revokes the
 * root token and verifies that Vault rejects it.
 *
 * You can run the job again at any time. It resumes where it was interrupted, and changes nothing after a success. Keys
 * stay in a memory volume until they are stored. They are in no log, argument or environment variable.
 * @see https://developer.hashicorp.com/vault/docs/commands/operator/init
 * @throws ValidationError for a threshold outside of 2 to the number of shares, PGP keys that are not public or not one
 * per share, a timeout below 5 minutes, an invalid namespace path, an image without a version
 */
export class Bootstrap extends LibraryConstruct {
  /** The Job resource. */
  readonly job: JobV1;
  /** ServiceAccount with which Terraform logs in to Vault. */
  readonly deployServiceAccount: ServiceAccountV1;

  constructor(scope: Construct, id: string, props: BootstrapProps) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { vault, recoverySecrets, pgpKeys = [], threshold = 3 } = props;
    const timeout = props.timeout ?? Duration.minutes(15);
    this.validate(props, threshold);

    const pgpFiles = pgpKeys.map((key, index): [string, string] => [`share-${index + 1}.asc`, key]);
    const release = releaseOf(this, vault);
    const servers = serverNames(this, release, props.replicas);
    const serviceAccountName = props.serviceAccountName ?? "vault-bootstrap";
    const environment: Record<string, string> = {
      RECOVERY_SECRETS: recoverySecrets.join(" "),
      RECOVERY_THRESHOLD: String(threshold),
      RECOVERY_PGP_KEYS: pgpFiles.map(([file]) => `/scripts/${file}`).join(","),
      REPLACES_CLUSTER: props.replacesCluster ?? "",
      VAULT_SERVERS: serverAddresses(vault.namespace, release, servers).join(" "),
      NAMESPACE: vault.namespace,
      DEPLOY_SERVICE_ACCOUNT: bootstrapNames.deployServiceAccount,
      BOOTSTRAP_SERVICE_ACCOUNT: serviceAccountName,
      WIPE_COMMAND: wipeCommand(vault.namespace, release, servers),
    };
    const pod = new JobPod(this, "Pod", {
      vault,
      ...podOptions(props),
      component: "bootstrap",
      serviceAccountName,
      roleArn: props.roleArn,
      region: props.region,
      steps: BOOTSTRAP_STEPS.map(({ image, ...step }) => ({
        ...step,
        image: props.images[image],
        environment,
        vaultAccess: image === "vault",
      })),
      files: ["bootstrap-shares.sh", "bootstrap-accept-root.sh"],
      texts: {
        ...Object.fromEntries(pgpFiles),
        "deploy-policy.hcl": deployPolicy(props.namespacesBelow),
        "bootstrap-policy.hcl": bootstrapPolicy(),
      },
      timeout,
      // A node drain waits until the current step is complete.
      gracePeriodSeconds: 120,
    });
    this.deployServiceAccount = new ServiceAccountV1(this, "DeployServiceAccount", {
      metadata: {
        name: bootstrapNames.deployServiceAccount,
        namespace: vault.namespace,
        labels: { ...pod.labels, "app.kubernetes.io/name": bootstrapNames.deployServiceAccount },
      },
      automountServiceAccountToken: false,
    });
    this.job = new JobV1(this, "Resource", {
      metadata: {
        name: `vault-bootstrap-${pod.fingerprint}`,
        namespace: vault.namespace,
        labels: pod.labels,
      },
      ...waitedFor(pod, 3),
      dependsOn: [this.deployServiceAccount],
    });
  }

  private validate(props: BootstrapProps, threshold: number): void {
    const { recoverySecrets, pgpKeys = [], namespacesBelow } = props;
    if (namespacesBelow !== undefined) requireNamespacePath(this, "namespacesBelow", namespacesBelow);
    const shares = recoverySecrets.length;
    if (new Set(recoverySecrets).size !== shares) {
      throw new ValidationError(
        this,
        `recoverySecrets must be one secret per share, each named once, got ${received(recoverySecrets)}`,
      );
    }
    if (!Number.isInteger(threshold) || threshold < 2 || threshold > shares) {
      throw new ValidationError(
        this,
        `threshold must be 2 to the number of recoverySecrets, so that no custodian suffices alone, got ${received(threshold)} of ${shares}`,
      );
    }
    if (pgpKeys.length > 0 && pgpKeys.length !== shares) {
      throw new ValidationError(
        this,
        `pgpKeys must be one per share, ${shares}, or none, got ${received(pgpKeys.length)}`,
      );
    }
    pgpKeys.forEach((key, index) => {
      if (isLiteral(key) && !key.trimStart().startsWith("-----BEGIN PGP PUBLIC KEY BLOCK-----")) {
        throw new ValidationError(
          this,
          `pgpKeys[${index}] must be an armored public key (-----BEGIN PGP PUBLIC KEY BLOCK-----); what was received is not shown`,
        );
      }
    });
  }
}
