import type { PolicyStatement } from "../../constructs/aws/policy-document";
import type { Environment } from "../../platform/schema";
import { permissionTargets } from "./permission-targets";
import { writeKeyStatements, writeRoleStatements, writeStateStatements } from "./pipeline-permissions";

/**
 * The most that any role of the environment can ever do, whatever policy it is given. Without it, whoever writes
 * roles could give one of them all rights of the account and become the break-glass principal. It names this
 * environment's resources and, where they are the pipeline's, not more than the pipeline does with them.
 */
export function boundaryStatements(environment: Environment): PolicyStatement[] {
  const targets = permissionTargets(environment);
  const { handover, recoveredBucket } = targets;
  return [
    // By ARN and not by alias: who moves the alias of the unseal key must not thereby seal Vault. A key opens
    // nothing by itself, and what its holder can fetch is bounded below.
    {
      sid: "UseKeys",
      actions: [
        "kms:Encrypt",
        "kms:Decrypt",
        "kms:GenerateDataKey",
        "kms:DescribeKey",
        "kms:GetKey*",
        "kms:ListResourceTags",
      ],
      resources: [targets.anyKey, ...(handover ? [handover.keys] : [])],
    },
    { sid: "ListAliases", actions: ["kms:ListAliases"], resources: ["*"] },
    ...writeKeyStatements(environment),
    {
      sid: "Buckets",
      actions: ["s3:*"],
      resources: targets.buckets.flatMap((bucket) => [bucket, `${bucket}/*`]),
    },
    ...(recoveredBucket
      ? [
          {
            sid: "RecoveredSnapshots",
            actions: ["s3:GetObject", "s3:ListBucket"],
            resources: [recoveredBucket, `${recoveredBucket}/*`],
          },
        ]
      : []),
    { sid: "Containers", actions: ["secretsmanager:*"], resources: [targets.secrets] },
    ...(handover
      ? [
          {
            sid: "HandOver",
            actions: [
              "secretsmanager:DescribeSecret",
              "secretsmanager:GetSecretValue",
              "secretsmanager:PutSecretValue",
            ],
            resources: [handover.secrets],
          },
        ]
      : []),
    {
      sid: "Cluster",
      actions: ["eks:Describe*", "eks:List*", "eks:*AccessEntry", "eks:*AccessPolicy", "eks:TagResource"],
      resources: [targets.cluster, targets.accessEntries],
    },
    {
      sid: "ReadState",
      actions: ["s3:GetObject", "s3:ListBucket"],
      resources: [targets.state.bucket, targets.state.objects],
    },
    ...writeStateStatements(environment),
    { sid: "ReadRoles", actions: ["iam:Get*", "iam:List*"], resources: [targets.roles, targets.boundary] },
    ...writeRoleStatements(environment),
  ];
}
