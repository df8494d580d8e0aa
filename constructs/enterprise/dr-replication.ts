import { JobV1 } from "@cdktf/provider-kubernetes/lib/job-v1";
import { NetworkPolicyV1 } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import type { PolicyRule } from "../auth/policy-rule";
import { ClusterDns } from "../network/cluster-dns";
import { loginEnvironment } from "../jobs/job-login";
import { JobPod } from "../jobs/job-pod";
import { waitedFor } from "../jobs/job-run";
import { COMPONENT_LABEL } from "../network/labels";
import { internetRule, rangePeers } from "../network/network-peers";
import { podOptions } from "../core/pod-options";
import { API_PORT, CLUSTER_PORT } from "../server/ports";
import { releaseOf } from "../server/vault-servers";
import { parseClusterAddress } from "../core/cluster-address";
import { Duration } from "../core/duration";
import { checkArguments, checkProps, text } from "../core/field";
import { parseProperty } from "../core/format-error";
import { received } from "../core/received";
import { Size } from "../core/size";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import {
  DR_REPLICATION_PRIMARY,
  DR_REPLICATION_SECONDARY,
  type DrReplicationPrimaryProps,
  type DrReplicationProps,
  type DrReplicationSecondaryProps,
} from "./dr-replication-props";
import { requireLicence } from "./licence";

const DEFAULT_SERVICE_ACCOUNT = "vault-dr-replication";

/**
 * Permissions of the primary's Job in the primary. The Job can give a token to one secondary only, and only an
 * encrypted one.
 */
export function drPrimaryRules(secondaryId: string): readonly PolicyRule[] {
  checkArguments("drPrimaryRules", { secondaryId: [secondaryId, text] });
  return [
    {
      path: "sys/replication/dr/primary/enable",
      capabilities: ["update"],
      reason: "makes this Vault the primary of DR replication",
    },
    {
      path: "sys/replication/dr/primary/secondary-token",
      capabilities: ["update", "sudo"],
      reason: "gives the secondary a token that is encrypted for it",
      allowedParameters: { id: [secondaryId], secondary_public_key: [] },
      requiredParameters: ["id", "secondary_public_key"],
      allowSudo: true,
    },
    {
      path: "sys/replication/dr/primary/revoke-secondary",
      capabilities: ["update"],
      reason: "takes back a token that was not used before it gives another",
      allowedParameters: { id: [secondaryId] },
    },
  ];
}

/** Permissions of the secondary's Job in the secondary, while that is still an independent Vault. */
export const DR_SECONDARY_RULES: readonly PolicyRule[] = [
  { path: "sys/mounts", capabilities: ["read"], reason: "sees whether there is data that would be wiped" },
  { path: "sys/auth", capabilities: ["read"], reason: "sees whether there are logins that would be wiped" },
  {
    path: "sys/namespaces",
    capabilities: ["list"],
    reason: "sees whether there are namespaces that would be wiped",
  },
  {
    path: "sys/replication/dr/secondary/generate-public-key",
    capabilities: ["update"],
    reason: "makes the key that the primary encrypts the token for",
  },
  {
    path: "sys/replication/dr/secondary/enable",
    capabilities: ["update"],
    reason: "makes this Vault the secondary, which wipes it",
  },
];

/**
 * Primary's side of DR replication across regions. A Job makes this Vault the primary, answers the secondary's public
 * key with a token encrypted for it, and ends when the secondary is connected. Planned by Terraform, but not tested on
 * Vault Enterprise: that requires a licence.
 *
 * You can run it again at any time: it does not change a connected secondary.
 * @see https://developer.hashicorp.com/vault/api-docs/system/replication/replication-dr
 * @throws ValidationError without a licence, for a cluster address that is not https on port 8201, and for an invalid
 * secondary id, no range, one secret for both values, an image without a version, or a timeout below 5 minutes
 */
export class DrReplicationPrimary extends LibraryConstruct {
  /** Job of the primary's side. */
  readonly job: JobV1;

  constructor(scope: Construct, id: string, props: DrReplicationPrimaryProps) {
    super(scope, id);
    checkProps(this, DR_REPLICATION_PRIMARY, props);
    const { clusterAddress } = props;
    requireSide(this, props);
    parseProperty(this, "clusterAddress", clusterAddress, parseClusterAddress);
    this.job = addJob(this, props, "dr-primary.sh", { CLUSTER_ADDRESS: clusterAddress });
  }
}

/**
 * Secondary's side of DR replication across regions. A Job hands out a public key and waits for the token that the
 * primary encrypts for it. Then it makes this Vault the secondary - **which wipes it** - and ends when it has caught
 * up. If this Vault has data, the Job stops unless `replacesCluster` names the cluster. Planned by Terraform, but not
 * tested on Vault Enterprise: that requires a licence.
 *
 * You can run it again at any time: it does not change a Vault that is a secondary already.
 * @see https://developer.hashicorp.com/vault/api-docs/system/replication/replication-dr
 * @throws ValidationError without a licence, if `replacesCluster` is not a cluster id, and for an invalid secondary id,
 * no range, one secret for both values, an image without a version, or a timeout below 5 minutes
 */
export class DrReplicationSecondary extends LibraryConstruct {
  /** Job of the secondary's side. */
  readonly job: JobV1;

  constructor(scope: Construct, id: string, props: DrReplicationSecondaryProps) {
    super(scope, id);
    checkProps(this, DR_REPLICATION_SECONDARY, props);
    const { replacesCluster } = props;
    requireSide(this, props);
    if (isLiteral(replacesCluster) && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(replacesCluster)) {
      throw new ValidationError(
        this,
        `replacesCluster must be a cluster's id as the Job names it, such as 6d8b6a8e-1c2d-3e4f-5a6b-7c8d9e0f1a2b, got ${received(replacesCluster)}`,
      );
    }
    this.job = addJob(this, props, "dr-secondary.sh", { REPLACES_CLUSTER: replacesCluster ?? "" });
  }
}

function requireSide(scope: Construct, props: DrReplicationProps): void {
  const { secondaryId, handover, peerRanges } = props;
  requireLicence(scope, "DR replication", props);
  if (isLiteral(secondaryId) && !/^[a-z0-9][a-z0-9-]*$/.test(secondaryId)) {
    throw new ValidationError(
      scope,
      `secondaryId must be lower-case letters, digits and -, such as dr-us-west-2, got ${received(secondaryId)}`,
    );
  }
  if (handover.publicKeySecret === handover.tokenSecret) {
    throw new ValidationError(
      scope,
      `handover must have a container for each value, so that each has one writer, got ${received(handover.tokenSecret)} for both`,
    );
  }
  if (peerRanges.length === 0) {
    throw new ValidationError(
      scope,
      "peerRanges must be one range at least, or the servers could not replicate, got none",
    );
  }
}

function addJob(
  scope: Construct,
  props: DrReplicationProps,
  script: string,
  environment: Readonly<Record<string, string>>,
): JobV1 {
  const { vault, images, handover } = props;
  const serviceAccountName = props.serviceAccountName ?? DEFAULT_SERVICE_ACCOUNT;
  const pod = new JobPod(scope, "Pod", {
    vault,
    ...podOptions(props),
    component: "dr-replication",
    serviceAccountName,
    roleArn: props.roleArn,
    region: handover.region,
    steps: [
      { name: "tools", image: images.vault, script: "rollout-tools.sh" },
      {
        name: "replicate",
        image: images.awsCli,
        script,
        environment: {
          SECONDARY_ID: props.secondaryId,
          KEY_CONTAINER: handover.publicKeySecret,
          TOKEN_CONTAINER: handover.tokenSecret,
          ...loginEnvironment(scope, props, serviceAccountName),
          ...environment,
        },
        vaultAccess: true,
      },
    ],
    files: ["dr-handover.sh"],
    volumes: [{ name: "tools", mountPath: "/tools", size: Size.gibibytes(1) }],
    timeout: props.timeout ?? Duration.hours(1),
    // Node drains wait until the current step is done.
    gracePeriodSeconds: 120,
  });
  const policies = addNetworkPolicies(scope, props);
  return new JobV1(scope, "Resource", {
    metadata: {
      name: `vault-dr-replication-${pod.fingerprint}`,
      namespace: vault.namespace,
      labels: pod.labels,
    },
    ...waitedFor(pod, 3),
    dependsOn: [...policies],
  });
}

/** Network policies of DR replication, in addition to those of the namespace; Kubernetes combines policies. */
function addNetworkPolicies(scope: Construct, props: DrReplicationProps): NetworkPolicyV1[] {
  const { vault, peerRanges, awsRanges = [], dns = ClusterDns.pods() } = props;
  const { namespace } = vault;
  const job = { matchLabels: { [COMPONENT_LABEL]: "dr-replication" } };
  const servers = {
    matchLabels: {
      "app.kubernetes.io/name": "vault",
      "app.kubernetes.io/instance": releaseOf(scope, vault),
      component: "server",
    },
  };
  const ports = (port: number) => [{ port: String(port), protocol: "TCP" }];
  const peers = rangePeers(scope, "peerRanges", peerRanges);
  const aws =
    awsRanges.length > 0
      ? { to: rangePeers(scope, "awsRanges", awsRanges), ports: ports(443) }
      : internetRule(scope, 443, props);
  return [
    new NetworkPolicyV1(scope, "JobPolicy", {
      metadata: { name: "dr-replication", namespace },
      spec: {
        podSelector: job,
        policyTypes: ["Ingress", "Egress"],
        egress: [...dns.egress(scope), aws, { to: [{ podSelector: servers }], ports: ports(API_PORT) }],
      },
    }),
    new NetworkPolicyV1(scope, "ServerPolicy", {
      metadata: { name: "dr-replication-servers", namespace },
      spec: {
        podSelector: servers,
        policyTypes: ["Ingress", "Egress"],
        ingress: [
          { from: [{ podSelector: job }], ports: ports(API_PORT) },
          { from: peers, ports: ports(CLUSTER_PORT) },
        ],
        egress: [{ to: peers, ports: ports(CLUSTER_PORT) }],
      },
    }),
  ];
}
