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

export interface BootstrapProps extends PodOptions {
  readonly vault: IVault;
  /** Number of Vault's servers: none is initialised before all have said that they are empty. */
  readonly replicas: number;
  readonly images: {
    /** Image with the vault command, with its version. */
    readonly vault: string;
    /** Image with the aws command, with its version. */
    readonly awsCli: string;
  };
  /** ARN of the role that may write the shares, and describe but not read what holds them. */
  readonly roleArn: string;
  /** AWS region of the secrets. */
  readonly region: string;
  /** Names of the Secrets Manager secrets that hold the recovery shares, one per share, in the order of the shares. */
  readonly recoverySecrets: readonly string[];
  /** Shares that together make the recovery key, 2 to their number. @default - 3, the article's */
  readonly threshold?: number;
  /**
   * Armored public PGP keys, one per share: each share is then encrypted for its custodian before it leaves Vault.
   * @default - none: whoever can read a secret has the share
   */
  readonly pgpKeys?: readonly string[];
  /**
   * Id of a cluster that is gone for good, whose shares may be replaced. The job names it where it finds them.
   * @default - none: shares of another cluster stop the job
   */
  readonly replacesCluster?: string;
  /**
   * Namespace of Vault Enterprise whose children Terraform configures, too, such as `teams`.
   * @default - none: the root namespace alone
   */
  readonly namespacesBelow?: string;
  /**
   * How long all of it may take, 5 minutes or more. Raise it where custodians have to hand over a root token.
   * @default - 15 minutes
   */
  readonly timeout?: Duration;
  /** @default vault-bootstrap */
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

/** The steps of the bootstrap in their order, and the image that each runs in. */
export const BOOTSTRAP_STEPS = [
  { name: "check", image: "awsCli", script: "bootstrap-check.sh" },
  { name: "initialise", image: "vault", script: "bootstrap-init.sh" },
  { name: "store", image: "awsCli", script: "bootstrap-store.sh" },
  { name: "configure", image: "vault", script: "bootstrap-configure.sh" },
] as const;

/**
 * Initialises Vault and leaves no root: each recovery share in its secret, confirmed; the first audit device; the
 * mount `auth/terraform`, by which Terraform logs in; the root token revoked, and Vault seen to refuse it.
 *
 * The job can be run again at any time: it goes on where it was interrupted, and changes nothing after a success.
 * Keys are in a memory volume until they are stored, and in no log, argument or environment.
 * @see https://developer.hashicorp.com/vault/docs/commands/operator/init
 * @throws ValidationError for a threshold that is not 2 to the number of shares, PGP keys that are not public or not
 * one per share, a timeout below 5 minutes, a namespace that is no clean path, an image without a version
 */
export class Bootstrap extends LibraryConstruct {
  readonly job: JobV1;
  /** ServiceAccount that Terraform acts as to log in to Vault. */
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
      // A node that is drained waits until what was begun is done.
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
