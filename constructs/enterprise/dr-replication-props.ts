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

/** What both sides of DR replication need. */
export interface DrReplicationProps extends EnterpriseProps, PodOptions, JobLoginProps {
  readonly vault: IVault;
  readonly images: {
    /**
     * Image with the vault command, with its version. It is lent to the other image, so it has to be a static binary,
     * which builds for HSM and FIPS are not.
     */
    readonly vault: string;
    /** Image with the aws command, with its version. */
    readonly awsCli: string;
  };
  /** Id by which the primary knows the secondary, the same on both sides. Lower-case letters, digits and `-`. */
  readonly secondaryId: string;
  /** Where the two sides leave each other the public key and the encrypted token. */
  readonly handover: DrHandoverReference;
  /** ARN of the role that reads the one container and writes the other. */
  readonly roleArn: string;
  /** Ranges of the other cluster's servers, and of load balancers in between. */
  readonly peerRanges: readonly string[];
  /**
   * Ranges of the endpoints of STS and Secrets Manager in the region of the hand-over.
   * @default - none: port 443 of the internet without private networks
   */
  readonly awsRanges?: readonly string[];
  /** DNS servers that the Job asks. @default - pods labelled `k8s-app: kube-dns` in kube-system */
  readonly dns?: ClusterDns;
  /**
   * How long the Job waits for the other side and for the data, 5 minutes or more. Both Jobs have to run within it.
   * @default - 1 hour, so that two deployments that people approve meet
   */
  readonly timeout?: Duration;
  /** Also the name of its role in Vault. @default vault-dr-replication */
  readonly serviceAccountName?: string;
}

export interface DrReplicationPrimaryProps extends DrReplicationProps {
  /**
   * Address at which the secondary's servers reach the cluster port of this cluster's active server, such as
   * `https://vault-cluster.us-east-1.example.com:8201`. TLS has to pass through.
   */
  readonly clusterAddress: string;
}

export interface DrReplicationSecondaryProps extends DrReplicationProps {
  /**
   * Id of this cluster, once its data may be wiped. The Job names it where it finds data.
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

export const DR_REPLICATION_PRIMARY = object<DrReplicationPrimaryProps>(() => ({
  ...sideFields,
  clusterAddress: anyText,
}));

export const DR_REPLICATION_SECONDARY = object<DrReplicationSecondaryProps>(() => ({
  ...sideFields,
  replacesCluster: anyText.optional(),
}));
