import type { ClusterDns } from "../network/cluster-dns";
import { dns, jobImages, podOptionFields, ranges, vault } from "../server/fields";
import { type JobLoginProps, jobLoginFields } from "../jobs/job-login";
import type { PodOptions } from "../core/pod-options";
import type { IVault } from "../server/vault";
import type { Duration } from "../core/duration";
import { type Fields, anyText, object, text } from "../core/field";
import { duration } from "../core/fields";
import type { DrHandoverReference } from "./dr-handover";
import { type EnterpriseProps, licenceFields } from "./licence";

/** Properties of both sides of DR replication. */
export interface DrReplicationProps extends EnterpriseProps, PodOptions, JobLoginProps {
  /** Vault of this side. */
  readonly vault: IVault;
  /** Images of the Job. */
  readonly images: {
    /**
     * Image with the vault command, with its version. The command is copied into the other image, so it must be a
     * static binary. HSM and FIPS builds are not.
     */
    readonly vault: string;
    /** Image with the aws command, with its version. */
    readonly awsCli: string;
  };
  /** Id of the secondary in the primary, the same on both sides. Lower-case letters, digits and `-`. */
  readonly secondaryId: string;
  /** Secrets for the hand-over of the public key and the encrypted token. */
  readonly handover: DrHandoverReference;
  /** ARN of the role that reads one of the secrets and writes the other. */
  readonly roleArn: string;
  /** CIDR ranges of the other cluster's servers, and of load balancers in between. */
  readonly peerRanges: readonly string[];
  /**
   * CIDR ranges of the endpoints of STS and Secrets Manager in the region of the hand-over.
   * @default - none: port 443 of the internet without private networks
   */
  readonly awsRanges?: readonly string[];
  /** DNS servers of the Job. @default - pods labelled `k8s-app: kube-dns` in kube-system */
  readonly dns?: ClusterDns;
  /**
   * Time that the Job waits for the other side and for the data, 5 minutes or more. Both Jobs must run within it.
   * @default 1h - two deployments with manual approval overlap
   */
  readonly timeout?: Duration;
  /** ServiceAccount of the Job; its role in Vault has the same name. @default vault-dr-replication */
  readonly serviceAccountName?: string;
}

/** Properties of the primary's side of DR replication. */
export interface DrReplicationPrimaryProps extends DrReplicationProps {
  /**
   * Address at which the secondary's servers reach the cluster port of this cluster's active server, such as
   * `https://vault-cluster.us-east-1.example.com:8201`. Load balancers must pass TLS through.
   */
  readonly clusterAddress: string;
}

/** Properties of the secondary's side of DR replication. */
export interface DrReplicationSecondaryProps extends DrReplicationProps {
  /**
   * Id of this cluster, to allow the Job to wipe its data. The Job prints the id if it finds data.
   * @default - none: existing data stops the Job
   */
  readonly replacesCluster?: string;
}

const sideFields: Fields<DrReplicationProps> = {
  ...licenceFields,
  ...podOptionFields,
  ...jobLoginFields,
  vault,
  images: jobImages,
  secondaryId: anyText,
  handover: object<DrHandoverReference>(() => ({
    region: text,
    publicKeySecret: text,
    tokenSecret: text,
  })),
  roleArn: text,
  peerRanges: ranges,
  awsRanges: ranges.optional(),
  dns: dns.optional(),
  timeout: duration.optional(),
  serviceAccountName: text.optional(),
};

/** Field check of DrReplicationPrimaryProps. */
export const DR_REPLICATION_PRIMARY = object<DrReplicationPrimaryProps>(() => ({
  ...sideFields,
  clusterAddress: anyText,
}));

/** Field check of DrReplicationSecondaryProps. */
export const DR_REPLICATION_SECONDARY = object<DrReplicationSecondaryProps>(() => ({
  ...sideFields,
  replacesCluster: anyText.optional(),
}));
